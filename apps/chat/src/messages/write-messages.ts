import { type Database, PreparedStatement } from "@hutong/database";
import { sql, type Transaction } from "kysely";
import type { ConversationRow, MemberRow, MessageRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { insertMentions } from "./message-mentions.ts";

// What the send transaction writes once it has decided. Every message goes through it: on PostgreSQL, where a statement
// costs a round trip, it is one; on SQLite, which answers at once, short ones that are prepared once.

/** Messages that were accepted, and what they change beside them. */
export interface WrittenMessages {
  /** In the order of their numbers within each conversation. */
  readonly rows: readonly MessageRow[];
  /** Those of them that are to be indexed. */
  readonly searchable: readonly MessageRow[];
  /** Those that got messages, as they are afterwards. */
  readonly conversations: readonly ConversationRow[];
  /** Senders whose marks follow their own messages, as they are afterwards. */
  readonly moved: readonly MemberRow[];
  /** Ids of conversations that a member has hidden. */
  readonly hidden: ReadonlySet<string>;
  readonly at: number;
}

/** The columns of a message: every one of them, or this does not compile. */
const COLUMNS: Readonly<Record<keyof MessageRow, true>> = {
  conversation_id: true,
  seq: true,
  id: true,
  counted: true,
  sender_id: true,
  sender_name: true,
  client_message_id: true,
  content_hash: true,
  type: true,
  body: true,
  reply_to: true,
  mentions: true,
  mentions_all: true,
  forwarded: true,
  state: true,
  recalled_by: true,
  version: true,
  edited_at: true,
  created_at: true,
};
const NAMES = Object.keys(COLUMNS) as readonly (keyof MessageRow)[]; // keys of a closed table

const INSERT_MESSAGE = new PreparedStatement(
  `insert into messages (${NAMES.join(", ")}) values (${NAMES.map(() => "?").join(", ")})`,
);
const NOTE_UNINDEXED = new PreparedStatement("insert into unindexed_messages (conversation_id, seq) values (?, ?)");
const UPDATE_CONVERSATION = new PreparedStatement(`update conversations set last_seq = ?, last_counted = ?,
  mention_all_seq = ?, last_message_at = ?, updated_at = ? where id = ?`);
const MOVE_MARKS = new PreparedStatement(`update members set read_seq = ?, read_counted = ?, received_seq = ?,
  last_sent_at = ?, marked_unread = 0 where conversation_id = ? and user_id = ?`);

/**
 * All four at once, for lists of any length: `$1` is the time, `$2` the messages, `$3` those of them to be indexed, `$4` the
 * conversations, `$5` the senders. The lists are JSON, of whose length PostgreSQL guesses always the same: of arrays it would
 * look at the length, and plan anew at every call.
 */
const WRITE_ALL = new PreparedStatement(`with sent as (
    insert into messages (${NAMES.join(", ")})
    select ${NAMES.join(", ")} from json_populate_recordset(null::messages, $2::json)),
  noted as (
    insert into unindexed_messages (conversation_id, seq)
    select conversation_id, seq from json_populate_recordset(null::unindexed_messages, $3::json)),
  marked as (
    update members set read_seq = mark.read_seq, read_counted = mark.read_counted, received_seq = mark.read_seq,
      last_sent_at = $1, marked_unread = 0
    from json_populate_recordset(null::members, $5::json) as mark
    where members.conversation_id = mark.conversation_id and members.user_id = mark.user_id)
  update conversations set last_seq = last.last_seq, last_counted = last.last_counted,
    mention_all_seq = last.mention_all_seq, last_message_at = $1, updated_at = $1
  from json_populate_recordset(null::conversations, $4::json) as last where conversations.id = last.id`);

/** Writes messages, and what they change of their conversations and members. */
export async function writeMessages(
  transaction: Transaction<Tables>,
  engine: Database<Tables>["kind"],
  written: WrittenMessages,
): Promise<void> {
  await (engine === "postgres" ? writeTogether(transaction, written) : writeEach(transaction, written));
  for (const { id } of written.conversations) if (written.hidden.has(id)) await showAgain(transaction, id);
  await insertMentions(transaction, written.rows);
}

/** Adds one message whose place is known, and nothing else. */
export async function insertMessage(transaction: Transaction<Tables>, row: MessageRow): Promise<void> {
  await INSERT_MESSAGE.run(
    transaction,
    NAMES.map((name) => row[name]),
  );
}

async function writeTogether(transaction: Transaction<Tables>, written: WrittenMessages): Promise<void> {
  const { rows, searchable, conversations, moved, at } = written;
  const lists = [
    rows,
    pick(searchable, ["conversation_id", "seq"]),
    pick(conversations, ["id", "last_seq", "last_counted", "mention_all_seq"]),
    pick(moved, ["conversation_id", "user_id", "read_seq", "read_counted"]),
  ];
  await WRITE_ALL.run(transaction, [at, ...lists.map((list) => JSON.stringify(list))]);
}

/** The rows with these columns only. */
function pick<TRow>(rows: readonly TRow[], names: readonly (keyof TRow)[]): object[] {
  return rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])));
}

async function writeEach(transaction: Transaction<Tables>, written: WrittenMessages): Promise<void> {
  const { rows, searchable, conversations, moved, at } = written;
  for (const row of rows) await insertMessage(transaction, row);
  for (const row of searchable) await NOTE_UNINDEXED.run(transaction, [row.conversation_id, row.seq]);
  for (const { id, last_seq: seq, last_counted: counted, mention_all_seq: mentionAllSeq } of conversations)
    await UPDATE_CONVERSATION.run(transaction, [seq, counted, mentionAllSeq, at, at, id]);
  for (const { conversation_id: id, user_id: userId, read_seq: seq, read_counted: counted } of moved)
    await MOVE_MARKS.run(transaction, [seq, counted, seq, at, id, userId]);
}

/** A new message ends the hiding. The inner query is one that both engines answer from the index of hidden ones alone. */
async function showAgain(transaction: Transaction<Tables>, id: string): Promise<void> {
  await sql`update members set hidden = 0 where conversation_id = ${id} and user_id in
    (select user_id from members where conversation_id = ${id} and hidden = 1)`.execute(transaction);
}
