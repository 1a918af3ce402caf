import { type Kysely, sql, type Transaction } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import { peerOf } from "../conversations/open-direct.ts";
import type { ConversationRow, MemberRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { decideSend, type RecipientFacts, type SendDecision, type SenderKind } from "./decide-send.ts";
import { pairKey, readRecipient, type SenderPair } from "./recipients.ts";

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
 * `known` is what `readRecipients` has read in the same transaction, for many messages at once; what is counted leaves it.
 *
 * @throws {ChatError} with the code that the table of {@link decideSend} gives.
 */
export async function checkMaySend(
  transaction: Transaction<Tables>,
  attempt: SendAttempt,
  known: Map<string, RecipientFacts> = new Map(),
): Promise<void> {
  const { senderKind, conversation, member, at } = attempt;
  const pair = pairOf(attempt);
  const recipient = pair && (known.get(pairKey(pair)) ?? (await requireRecipient(transaction, pair)));
  const decision = decideSend({ senderKind, conversation, member, recipient, at });
  if (decision.kind === "refuse") {
    const { code, retryAfterMs } = decision;
    throw new ChatError(code, retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  if (pair === undefined || recipient === undefined || !decision.counts) return;
  const { senderId, recipientId } = pair;
  // The count is of both ways: it lets the other one answer.
  known.delete(pairKey(pair));
  known.delete(pairKey({ senderId: recipientId, recipientId: senderId }));
  const limit = recipient.hasWritten ? null : recipient.strangerLimit;
  const counted = await countStranger(transaction, { senderId, recipientId, limit });
  if (!counted) throw new ChatError("stranger_limit");
}

/** What the policy would say now, without counting anything: for what only hints at a message, like typing. */
export async function readSendDecision(executor: Kysely<Tables>, attempt: SendAttempt): Promise<SendDecision> {
  const { senderKind, conversation, member, at } = attempt;
  const pair = pairOf(attempt);
  const recipient = pair && (await requireRecipient(executor, pair));
  return decideSend({ senderKind, conversation, member, recipient, at });
}

/** Whose settings count; nobody's in groups and rooms, and none in a conversation with oneself. */
export function pairOf({
  conversation,
  senderId,
  senderKind,
}: Pick<SendAttempt, "conversation" | "senderId" | "senderKind">): SenderPair | undefined {
  const recipientId = peerOf(conversation, senderId);
  return recipientId === null || recipientId === senderId ? undefined : { senderId, senderKind, recipientId };
}

async function requireRecipient(executor: Kysely<Tables>, pair: SenderPair): Promise<RecipientFacts> {
  const recipient = await readRecipient(executor, pair);
  if (recipient === undefined) throw new ChatError("not_found");
  return recipient;
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
