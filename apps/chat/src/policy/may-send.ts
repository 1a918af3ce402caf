import { type Kysely, sql, type Transaction } from "kysely";
import { readSettings } from "../accounts/account-views.ts";
import { ChatError } from "../api/chat-error.ts";
import { peerOf } from "../conversations/open-direct.ts";
import type { ConversationRow, MemberRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { decideSend, type RecipientFacts, type SendDecision, type SenderKind } from "./decide-send.ts";

/** Somebody's wish to send one message. */
export interface SendAttempt {
  readonly senderId: string;
  readonly senderKind: SenderKind;
  /** As it is in the same transaction. */
  readonly conversation: ConversationRow;
  /**
   * The sender's row as it is in the same transaction, what the sender has just sent in it included; `undefined` when the
   * sender never was a member.
   */
  readonly member: MemberRow | undefined;
  readonly at: number;
}

/**
 * The one policy of every path that sends: refuses, or counts the message where it is one of a stranger. The count is
 * part of the transaction, so the call belongs where nothing but the database can still fail.
 *
 * @throws {ChatError} with the code that the table of {@link decideSend} gives.
 */
export async function checkMaySend(transaction: Transaction<Tables>, attempt: SendAttempt): Promise<void> {
  const { senderId, senderKind, conversation, member, at } = attempt;
  const recipientId = recipientOf(attempt);
  const recipient = recipientId === undefined ? undefined : await readRecipient(transaction, attempt, recipientId);
  const decision = decideSend({ senderKind, conversation, member, recipient, at });
  if (decision.kind === "refuse") {
    const { code, retryAfterMs } = decision;
    throw new ChatError(code, retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  if (recipientId === undefined || recipient === undefined || !decision.counts) return;
  const limit = recipient.hasWritten ? null : recipient.strangerLimit;
  const counted = await countStranger(transaction, { senderId, recipientId, limit });
  if (!counted) throw new ChatError("stranger_limit");
}

/** What the policy would say now, without counting anything: for what only hints at a message, like typing. */
export async function readSendDecision(executor: Kysely<Tables>, attempt: SendAttempt): Promise<SendDecision> {
  const { senderKind, conversation, member, at } = attempt;
  const recipientId = recipientOf(attempt);
  const recipient = recipientId === undefined ? undefined : await readRecipient(executor, attempt, recipientId);
  return decideSend({ senderKind, conversation, member, recipient, at });
}

/** Whose settings count; nobody's in groups and rooms, and none in a conversation with oneself. */
function recipientOf({ conversation, senderId }: SendAttempt): string | undefined {
  const peerId = peerOf(conversation, senderId);
  return peerId === null || peerId === senderId ? undefined : peerId;
}

/** One statement, because this is in the way of every message between two. */
async function readRecipient(
  executor: Kysely<Tables>,
  { senderId, senderKind }: SendAttempt,
  recipientId: string,
): Promise<RecipientFacts> {
  const { rows } = await sql<RecipientRow>`
    select settings,
      (select count(*) from blocks where user_id = ${recipientId} and blocked_id = ${senderId}) as blocks,
      (select count(*) from friendships where user_id = ${recipientId} and friend_id = ${senderId}) as friendships,
      (select count from stranger_counts where to_id = ${senderId} and from_id = ${recipientId}) as received,
      (select count from stranger_counts where to_id = ${recipientId} and from_id = ${senderId}) as sent
    from users where id = ${recipientId} and status <> 'deleted'`.execute(executor);
  const [row] = rows;
  if (row === undefined) throw new ChatError("not_found");
  const { visitor, user } = readSettings(row).strangers;
  return {
    hasBlocked: row.blocks > 0,
    isFriend: row.friendships > 0,
    hasWritten: (row.received ?? 0) > 0,
    strangerLimit: senderKind === "visitor" ? visitor : user,
    strangerCount: row.sent ?? 0,
  };
}

interface RecipientRow {
  readonly settings: string;
  readonly blocks: number;
  readonly friendships: number;
  readonly received: number | null;
  readonly sent: number | null;
}

/** Counts up to the limit: of messages that race with each other, no more than the limit pass. */
async function countStranger(
  transaction: Transaction<Tables>,
  {
    senderId,
    recipientId,
    limit,
  }: { readonly senderId: string; readonly recipientId: string; readonly limit: number | null },
): Promise<boolean> {
  const most = limit ?? Number.MAX_SAFE_INTEGER;
  const { rows } = await sql`
    insert into stranger_counts (to_id, from_id, count) values (${recipientId}, ${senderId}, 1)
    on conflict (to_id, from_id) do update set count = stranger_counts.count + 1 where stranger_counts.count < ${most}
    returning count`.execute(transaction);
  return rows.length > 0;
}
