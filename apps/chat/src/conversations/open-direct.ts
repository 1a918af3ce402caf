import type { Transaction } from "kysely";
import { uuidv7 } from "uuidv7";
import type { Tables } from "../storage/tables.ts";
import { addMember } from "./membership.ts";
import { insertConversation } from "./insert-conversation.ts";

/** The pair of a direct conversation, at a time. */
export interface DirectPair {
  readonly userId: string;
  readonly peerId: string;
  readonly at: number;
}

/**
 * The id of the one conversation between two users, made when there is none. Two that open it at the same time get
 * the same one. It is in the list of the one who opens it; the other one, who may want nothing of it, sees it when something is said.
 */
export async function openDirect(
  transaction: Transaction<Tables>,
  { userId, peerId, at }: DirectPair,
): Promise<string> {
  const uniqueKey = directKey(userId, peerId);
  const { conversation, isNew } = await insertConversation(transaction, {
    id: uuidv7(),
    type: "direct",
    uniqueKey,
    joinMode: "closed",
    at,
  });
  if (isNew) {
    await addMember(transaction, { conversation, userId, at });
    await addMember(transaction, { conversation, userId: peerId, hidden: true, at });
  } else await show(transaction, conversation.id, { userId, at });
  return conversation.id;
}

async function show(
  transaction: Transaction<Tables>,
  conversationId: string,
  { userId, at }: Pick<DirectPair, "userId" | "at">,
): Promise<void> {
  await transaction
    .updateTable("members")
    .set({ hidden: 0, updated_at: at })
    .where("conversation_id", "=", conversationId)
    .where("user_id", "=", userId)
    .where("hidden", "=", 1)
    .execute();
}

/** The other one of a direct conversation; `null` for other types. */
export function peerOf(
  conversation: { readonly type: string; readonly unique_key: string | null },
  userId: string,
): string | null {
  if (conversation.type !== "direct" || conversation.unique_key === null) return null;
  const [one = "", other = ""] = conversation.unique_key.split(":");
  return one === userId ? other : one;
}

/** Ids of users hold no colon. */
function directKey(one: string, other: string): string {
  return one < other ? `${one}:${other}` : `${other}:${one}`;
}
