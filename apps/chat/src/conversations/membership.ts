import type { Kysely, Transaction } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import type { ConversationRow, MemberRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

/** A conversation and the row of one of its members, past ones included. */
export interface Membership {
  readonly conversation: ConversationRow;
  readonly member: MemberRow;
}

/**
 * The caller's place in a conversation. Whoever has left still has one, and may read up to `max_seq`.
 *
 * @throws {ChatError} `not_found` when there is no such conversation, or the user never was in it.
 */
export async function requireMember(
  executor: Kysely<Tables>,
  conversationId: string,
  userId: string,
): Promise<Membership> {
  const member = await executor
    .selectFrom("members")
    .selectAll()
    .where("conversation_id", "=", conversationId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  if (member === undefined) throw new ChatError("not_found");
  const conversation = await executor
    .selectFrom("conversations")
    .selectAll()
    .where("id", "=", conversationId)
    .executeTakeFirstOrThrow();
  return { conversation, member };
}

/**
 * Like {@link requireMember}, for what only present members may do.
 *
 * @throws {ChatError} `not_found` or `not_member`.
 */
export async function requirePresentMember(
  executor: Kysely<Tables>,
  conversationId: string,
  userId: string,
): Promise<Membership> {
  const membership = await requireMember(executor, conversationId, userId);
  if (membership.member.left_at > 0) throw new ChatError("not_member");
  return membership;
}

/** Everyone who is in the conversation now. */
export async function memberIds(executor: Kysely<Tables>, conversationId: string): Promise<string[]> {
  const rows = await executor
    .selectFrom("members")
    .select("user_id")
    .where("conversation_id", "=", conversationId)
    .where("left_at", "=", 0)
    .execute();
  return rows.map(({ user_id: userId }) => userId);
}

/** Who comes in, and where: from `conversation` as it is in the same transaction. */
export interface Arrival {
  readonly conversation: Pick<
    ConversationRow,
    "id" | "last_seq" | "last_counted" | "min_seq" | "history_visible" | "type"
  >;
  readonly userId: string;
  readonly role?: MemberRow["role"];
  /** Whether the conversation stays out of the user's list until something is said. @defaultValue false */
  readonly hidden?: boolean;
  readonly at: number;
}

/**
 * Adds somebody to a conversation, or brings back who had left. What was said before counts as read, and is
 * visible only where the conversation shows its history.
 *
 * @returns whether the user came in; `false` when the user was in it already.
 */
export async function addMember(
  transaction: Transaction<Tables>,
  { conversation, userId, role = "member", hidden = false, at }: Arrival,
): Promise<boolean> {
  const { id, last_seq: lastSeq, last_counted: lastCounted, min_seq: minSeq } = conversation;
  const fresh = {
    role,
    read_seq: lastSeq,
    read_counted: lastCounted,
    received_seq: lastSeq,
    min_seq: conversation.history_visible === 1 || conversation.type === "direct" ? minSeq : lastSeq,
    max_seq: 0,
    hidden: hidden ? (1 as const) : (0 as const),
    joined_at: at,
    left_at: 0,
    updated_at: at,
  };
  const { numInsertedOrUpdatedRows: changed } = await transaction
    .insertInto("members")
    .values({
      ...fresh,
      conversation_id: id,
      user_id: userId,
      alias: "",
      muted_until: 0,
      notify: 1,
      pinned_at: 0,
      marked_unread: 0,
      last_sent_at: 0,
    })
    .onConflict((conflict) =>
      conflict.columns(["conversation_id", "user_id"]).doUpdateSet(fresh).where("members.left_at", ">", 0),
    )
    .executeTakeFirstOrThrow();
  if (changed === 0n) return false;
  await transaction
    .updateTable("conversations")
    .set((row) => ({ member_count: row("member_count", "+", 1) }))
    .where("id", "=", id)
    .execute();
  return true;
}
