import { sql, type Transaction } from "kysely";
import type { MemberRow, MessageRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import type { MessageDraft } from "./message-store.ts";

// The statements of the send transaction. Every message goes through them, so they are written out: the query builder
// would take as long as SQLite itself.

/** What is stored under the client message ids of some drafts, by {@link messageKey}. */
export async function readStored(
  transaction: Transaction<Tables>,
  drafts: readonly MessageDraft[],
): Promise<Map<string, MessageRow>> {
  const keys = drafts.map(({ sender, clientMessageId }) => sql`(${sender.id}, ${clientMessageId})`);
  const { rows } = await sql<MessageRow>`select * from messages
    where (sender_id, client_message_id) in (values ${sql.join(keys)})`.execute(transaction);
  return new Map(rows.map((row) => [messageKey(row.sender_id, row.client_message_id ?? ""), row]));
}

/** The rows of the drafts' senders, by their ids. */
export async function readSenders(
  transaction: Transaction<Tables>,
  conversationId: string,
  drafts: readonly MessageDraft[],
): Promise<Map<string, MemberRow>> {
  const senderIds = [...new Set(drafts.map(({ sender }) => sender.id))];
  const { rows } = await sql<MemberRow>`select * from members
    where conversation_id = ${conversationId} and user_id in (${sql.join(senderIds)})`.execute(transaction);
  return new Map(rows.map((row) => [row.user_id, row]));
}

/** Adds rows whose places are known. */
export async function insertMessages(transaction: Transaction<Tables>, rows: readonly MessageRow[]): Promise<void> {
  const values = rows.map(
    (row) => sql`(${row.conversation_id}, ${row.seq}, ${row.id}, ${row.counted}, ${row.sender_id}, ${row.sender_name},
      ${row.client_message_id}, ${row.content_hash}, ${row.type}, ${row.body}, ${row.reply_to}, ${row.mentions},
      ${row.mentions_all}, ${row.forwarded}, ${row.state}, ${row.recalled_by}, ${row.version}, ${row.edited_at},
      ${row.created_at})`,
  );
  await sql`insert into messages (conversation_id, seq, id, counted, sender_id, sender_name, client_message_id,
    content_hash, type, body, reply_to, mentions, mentions_all, forwarded, state, recalled_by, version, edited_at,
    created_at) values ${sql.join(values)}`.execute(transaction);
}

/** Writes how far a member has read, and when it sent last. */
export async function writeMarks(transaction: Transaction<Tables>, member: MemberRow): Promise<void> {
  await sql`update members set read_seq = ${member.read_seq}, read_counted = ${member.read_counted},
    received_seq = ${member.received_seq}, last_sent_at = ${member.last_sent_at}, marked_unread = 0
    where conversation_id = ${member.conversation_id} and user_id = ${member.user_id}`.execute(transaction);
}

/** A new message ends the hiding. The inner query is one that both engines answer from the index of hidden ones alone. */
export async function showAgain(transaction: Transaction<Tables>, id: string): Promise<void> {
  await sql`update members set hidden = 0 where conversation_id = ${id} and user_id in
    (select user_id from members where conversation_id = ${id} and hidden = 1)`.execute(transaction);
}

/** Adds a row for everyone whom the messages mention. */
export async function insertMentions(transaction: Transaction<Tables>, rows: readonly MessageRow[]): Promise<void> {
  const values = rows.flatMap(({ conversation_id: conversationId, seq, mentions }) => {
    return mentionedIds(mentions).map((userId) => ({ user_id: userId, conversation_id: conversationId, seq }));
  });
  if (values.length > 0) await transaction.insertInto("mentions").values(values).execute();
}

/** The ids in a message's column of mentions. */
export function mentionedIds(mentions: string): readonly string[] {
  // Written by this file only: a list of ids.
  return mentions === "[]" ? [] : (JSON.parse(mentions) as readonly string[]);
}

/** A message among those of all senders. Ids of senders hold no space. */
export function messageKey(senderId: string, clientMessageId: string): string {
  return `${senderId} ${clientMessageId}`;
}
