import type { Transaction } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import type { News } from "../inbox/news.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { admit } from "./admit.ts";
import { type GroupCall, lockConversation, readMember } from "./group-seat.ts";
import { type InviteHolder, readInvite, takeInvite } from "./invites.ts";
import { isWaiting, requestToJoin } from "./join-requests.ts";

/** How far somebody got. */
export interface JoinOutcome {
  readonly state: "joined" | "waiting";
  readonly conversationId: string;
  readonly news: News;
}

/**
 * Takes an invitation. Whoever is in the group or waits already stays so, and takes no use of it.
 *
 * @throws {ChatError} `not_found` when the invitation cannot be used, `forbidden` when the group has been closed,
 * `conversation_closed`, `limit_reached`, `rate_limited`.
 */
export async function joinByInvite(
  transaction: Transaction<Tables>,
  { message, ...holder }: InviteHolder & { readonly message: string },
): Promise<JoinOutcome> {
  const { userId, at } = holder;
  const { conversation_id: conversationId, creator_id: invitedBy } = await readInvite(transaction, holder.token);
  const call = { conversationId, callerId: userId, at };
  const { conversation, settled } = await lockDoor(transaction, call);
  if (settled !== undefined) return settled;
  await takeInvite(transaction, holder);
  if (conversation.state !== "active") throw new ChatError("conversation_closed");
  if (conversation.join_mode === "closed") throw new ChatError("forbidden");
  return enter(transaction, conversation, { userId, invitedBy, message, at });
}

/**
 * Joins a group by its id, where it is open or asks its admins.
 *
 * @throws {ChatError} `not_found` for groups that take people by invitation only, `limit_reached`, `rate_limited`.
 */
export async function joinOpenGroup(
  transaction: Transaction<Tables>,
  { message, ...call }: GroupCall & { readonly message: string },
): Promise<JoinOutcome> {
  const { callerId: userId, at } = call;
  const { conversation, settled } = await lockDoor(transaction, call);
  if (settled !== undefined) return settled;
  const { state, join_mode: joinMode } = conversation;
  if (state !== "active" || (joinMode !== "open" && joinMode !== "approval")) throw new ChatError("not_found");
  return enter(transaction, conversation, { userId, invitedBy: null, message, at });
}

/** Locks the group, and finds out whether there is nothing left to do. */
async function lockDoor(
  transaction: Transaction<Tables>,
  { conversationId, callerId }: GroupCall,
): Promise<{ readonly conversation: ConversationRow; readonly settled: JoinOutcome | undefined }> {
  const conversation = await lockConversation(transaction, conversationId);
  if (conversation?.type !== "group") throw new ChatError("not_found");
  const member = await readMember(transaction, conversationId, callerId);
  if (member?.left_at === 0) return { conversation, settled: { state: "joined", conversationId, news: [] } };
  // Where approval is not wanted any more, who waits for it does so for nothing.
  if (conversation.join_mode === "approval" && (await isWaiting(transaction, conversationId, callerId)))
    return { conversation, settled: { state: "waiting", conversationId, news: [] } };
  return { conversation, settled: undefined };
}

async function enter(
  transaction: Transaction<Tables>,
  conversation: ConversationRow,
  arrival: {
    readonly userId: string;
    readonly invitedBy: string | null;
    readonly message: string;
    readonly at: number;
  },
): Promise<JoinOutcome> {
  const { userId, invitedBy, at } = arrival;
  const { id: conversationId } = conversation;
  if (conversation.join_mode === "approval") {
    const news = await requestToJoin(transaction, { ...arrival, conversationId });
    return { state: "waiting", conversationId, news };
  }
  const news = await admit(transaction, { conversation, userIds: [userId], actorId: invitedBy ?? userId, at });
  return { state: "joined", conversationId, news };
}
