import type { Transaction } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import { addMember } from "../conversations/membership.ts";
import type { News } from "../inbox/news.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { GROUP_LIMITS } from "./group-limits.ts";
import { joinKey, tellAdmins } from "./join-requests.ts";
import { tellMembers } from "./tell-members.ts";

/** Who gets into a group. */
export interface Admission {
  /** Locked by the transaction. */
  readonly conversation: ConversationRow;
  /** Not in the group now. */
  readonly userIds: readonly string[];
  /** Who brings or invited them; themselves when nobody did. */
  readonly actorId: string;
  readonly at: number;
}

/**
 * Lets users into a group, together, for the first time or again. Their requests to get in are accepted thereby.
 *
 * @throws {ChatError} `limit_reached` when there is no room for all of them.
 */
export async function admit(
  transaction: Transaction<Tables>,
  { conversation, userIds, actorId, at }: Admission,
): Promise<News> {
  if (userIds.length === 0) return [];
  const { id: conversationId } = conversation;
  if (conversation.member_count + userIds.length > GROUP_LIMITS.members) throw new ChatError("limit_reached");
  for (const userId of userIds) await addMember(transaction, { conversation, userId, at });
  const notice = { kind: "members_joined", actorId, userIds } as const;
  const joined = await tellMembers(transaction, { conversationId, notice, changedIds: userIds, at });
  const keys = userIds.map((userId) => joinKey(conversationId, userId));
  const requests = await transaction
    .updateTable("join_requests")
    .set({ state: "accepted", pending_key: null, handled_by: actorId })
    .where("pending_key", "in", keys)
    .returningAll()
    .execute();
  const answered: News = [];
  for (const request of requests)
    answered.push(...(await tellAdmins(transaction, { request, alsoIds: [request.user_id], at })));
  return [...joined, ...answered];
}
