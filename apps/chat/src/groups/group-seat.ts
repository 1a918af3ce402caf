import type { Role } from "@hutong/chat-api";
import type { Kysely, Transaction } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import { type Membership, requireMember } from "../conversations/membership.ts";
import type { ConversationRow, MemberRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { reaches } from "./roles.ts";

/** Somebody who acts on a conversation, at a time. */
export interface GroupCall {
  readonly conversationId: string;
  readonly callerId: string;
  readonly at: number;
}

/**
 * The caller's place in a group that goes on. The conversation is locked: what else changes its members or settings waits
 * until the transaction ends.
 *
 * @throws {ChatError} `not_found` for what the caller never was in, `not_member`, `conversation_closed`, `forbidden` when the
 * caller's role is too low.
 */
export async function lockSeat(
  transaction: Transaction<Tables>,
  call: GroupCall,
  role: Role = "member",
): Promise<Membership> {
  return requireRole(await lockOwnSeat(transaction, call), role);
}

/** Like {@link lockSeat}, without locking anything: for reading. */
export async function readSeat(
  executor: Kysely<Tables>,
  { conversationId, callerId }: GroupCall,
  role: Role,
): Promise<Membership> {
  const seat = await requireMember(executor, conversationId, callerId);
  if (seat.conversation.type !== "group") throw new ChatError("not_found");
  return requireRole(seat, role);
}

/**
 * A place of somebody who is there, with this role or a higher one, in a group that goes on.
 *
 * @throws {ChatError} `not_member`, `conversation_closed`, `forbidden`.
 */
export function requireRole(seat: Membership, role: Role): Membership {
  if (seat.member.left_at > 0) throw new ChatError("not_member");
  if (seat.conversation.state !== "active") throw new ChatError("conversation_closed");
  if (!reaches(seat.member.role, role)) throw new ChatError("forbidden");
  return seat;
}

/**
 * Like {@link lockSeat}, for those who have left too, and whatever state the conversation is in.
 *
 * @throws {ChatError} `not_found` for what the caller never was in.
 */
export async function lockOwnSeat(
  transaction: Transaction<Tables>,
  { conversationId, callerId }: GroupCall,
  types: readonly ConversationRow["type"][] = ["group"],
): Promise<Membership> {
  const conversation = await lockConversation(transaction, conversationId);
  const member = await readMember(transaction, conversationId, callerId);
  if (conversation === undefined || member === undefined || !types.includes(conversation.type))
    throw new ChatError("not_found");
  return { conversation, member };
}

/** A conversation as it stays until the transaction ends, unless the transaction changes it. */
export function lockConversation(
  transaction: Transaction<Tables>,
  conversationId: string,
): Promise<ConversationRow | undefined> {
  // An update that changes nothing locks the row on both engines.
  return transaction
    .updateTable("conversations")
    .set((row) => ({ meta_seq: row.ref("meta_seq") }))
    .where("id", "=", conversationId)
    .returningAll()
    .executeTakeFirst();
}

/**
 * Another member of a conversation that is locked.
 *
 * @throws {ChatError} `not_found` when the user is not in it now.
 */
export async function requirePresent(
  transaction: Transaction<Tables>,
  conversationId: string,
  userId: string,
): Promise<MemberRow> {
  const member = await readMember(transaction, conversationId, userId);
  if (member === undefined || member.left_at > 0) throw new ChatError("not_found");
  return member;
}

/** Somebody's row in a conversation, also when that one has left; `undefined` for who never was in it. */
export function readMember(
  transaction: Transaction<Tables>,
  conversationId: string,
  userId: string,
): Promise<MemberRow | undefined> {
  return transaction
    .selectFrom("members")
    .selectAll()
    .where("conversation_id", "=", conversationId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
}
