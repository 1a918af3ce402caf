import type { Transaction } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import { conversationView } from "../conversations/conversation-views.ts";
import { inboxTopic, type News } from "../inbox/news.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { type GroupCall, lockOwnSeat, lockSeat, readMember } from "./group-seat.ts";
import { outranks } from "./roles.ts";
import { say, tellMembers } from "./tell-members.ts";

/**
 * Leaves a group or a room; nothing happens when the caller has left it before. What was said until then stays readable.
 *
 * @throws {ChatError} `not_found`, `conversation_closed`, `forbidden` for the owner of a group.
 */
export async function leaveGroup(transaction: Transaction<Tables>, call: GroupCall): Promise<News> {
  const { callerId, at } = call;
  const { conversation, member } = await lockOwnSeat(transaction, call, ["group", "room"]);
  if (member.left_at > 0) return [];
  if (conversation.state !== "active") throw new ChatError("conversation_closed");
  if (member.role === "owner") throw new ChatError("forbidden");
  return endMembership(transaction, { conversation, userId: callerId, actorId: callerId, at });
}

/**
 * Takes a member out of a group; nothing happens when that one has left before.
 *
 * @throws {ChatError} as `lockSeat` for admins; `not_found`, `forbidden` when the member's role is not lower.
 */
export async function removeMember(
  transaction: Transaction<Tables>,
  { userId, ...call }: GroupCall & { readonly userId: string },
): Promise<News> {
  const { conversationId, callerId, at } = call;
  const { conversation, member } = await lockSeat(transaction, call, "admin");
  const target = await readMember(transaction, conversationId, userId);
  if (target === undefined) throw new ChatError("not_found");
  if (target.left_at > 0) return [];
  if (!outranks(member.role, target.role)) throw new ChatError("forbidden");
  return endMembership(transaction, { conversation, userId, actorId: callerId, at });
}

/** Who goes, and who sees to it. */
interface Departure {
  readonly conversation: ConversationRow;
  readonly userId: string;
  readonly actorId: string;
  readonly at: number;
}

async function endMembership(transaction: Transaction<Tables>, departure: Departure): Promise<News> {
  const { conversation, userId, actorId, at } = departure;
  const { id: conversationId, type } = conversation;
  const kind = actorId === userId ? "member_left" : "member_removed";
  const notice = { kind, actorId, userIds: [userId] } as const;
  // The notice is the last message that the one who goes can read. Rooms are too large for it.
  const said = type === "room" ? [] : await say(transaction, { conversationId, notice, at });
  await markLeft(transaction, departure);
  const left = await conversationView(transaction, userId, conversationId);
  const told = type === "room" ? [] : await tellMembers(transaction, { conversationId, at });
  return [
    ...said,
    { topics: [inboxTopic(userId)], event: "conversation_left", payload: { conversation: left } },
    ...told,
  ];
}

async function markLeft(transaction: Transaction<Tables>, { conversation, userId, at }: Departure): Promise<void> {
  const { last_seq: lastSeq } = await transaction
    .updateTable("conversations")
    .set((row) => ({ member_count: row("member_count", "-", 1) }))
    .where("id", "=", conversation.id)
    .returning("last_seq")
    .executeTakeFirstOrThrow();
  await transaction
    .updateTable("members")
    .set({ role: "member", left_at: at, max_seq: lastSeq, updated_at: at })
    .where("conversation_id", "=", conversation.id)
    .where("user_id", "=", userId)
    .execute();
  await transaction
    .updateTable("group_invites")
    .set({ revoked_at: at })
    .where("conversation_id", "=", conversation.id)
    .where("creator_id", "=", userId)
    .where("revoked_at", "=", 0)
    .execute();
}
