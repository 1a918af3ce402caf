import type { MessageContent } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import { sql, type Transaction } from "kysely";
import type { MessagePlace } from "../file-references.ts";
import type { Tables } from "../../storage/tables.ts";
import { conversationToken, indexedTokens } from "./search-tokens.ts";

type Engine = Database<Tables>["kind"];

/** A message and the text under which it is found. */
export interface IndexedMessage extends MessagePlace {
  readonly text: string;
}

/** Adds messages to the index; none of them is there yet. */
export async function indexMessages(
  transaction: Transaction<Tables>,
  engine: Engine,
  messages: readonly IndexedMessage[],
): Promise<void> {
  if (messages.length === 0) return;
  if (engine === "postgres") {
    const rows = messages.map(
      ({ conversationId, seq, text }) => sql`(${conversationId}, ${seq}, ${toVector(conversationId, text)}::tsvector)`,
    );
    await sql`insert into message_index (conversation_id, seq, words) values ${sql.join(rows)}`.execute(transaction);
    return;
  }
  for (const { conversationId, seq, text } of messages) {
    await sql`insert into message_index (conversation_id, seq) values (${conversationId}, ${seq})`.execute(transaction);
    await sql`insert into message_words (rowid, words) values (last_insert_rowid(), ${toLine(conversationId, text)})`.execute(
      transaction,
    );
  }
}

/** Puts a message that is indexed under another text, in its old place; for one that is not it does nothing. */
export async function reindexMessage(
  transaction: Transaction<Tables>,
  engine: Engine,
  { conversationId, seq, text }: IndexedMessage,
): Promise<void> {
  await (
    engine === "postgres"
      ? sql`update message_index set words = ${toVector(conversationId, text)}::tsvector
        where conversation_id = ${conversationId} and seq = ${seq}`
      : sql`update message_words set words = ${toLine(conversationId, text)} where rowid =
        (select number from message_index where conversation_id = ${conversationId} and seq = ${seq})`
  ).execute(transaction);
}

/** Takes the messages of a conversation from one seq to another out of the index, both included. */
export async function unindexMessages(
  transaction: Transaction<Tables>,
  engine: Engine,
  { conversationId, from, to }: { readonly conversationId: string; readonly from: number; readonly to: number },
): Promise<void> {
  const range = sql`conversation_id = ${conversationId} and seq >= ${from} and seq <= ${to}`;
  if (engine === "sqlite")
    await sql`delete from message_words where rowid in (select number from message_index where ${range})`.execute(
      transaction,
    );
  for (const table of ["message_index", "unindexed_messages"])
    await sql`delete from ${sql.table(table)} where ${range}`.execute(transaction);
}

/** The text under which a content is found; empty when it has none. */
export function searchableText(content: MessageContent): string {
  switch (content.type) {
    case "text":
      return content.body.text;
    case "image":
      return content.body.caption ?? "";
    case "file":
      return content.body.name;
    case "location":
      return `${content.body.title}\n${content.body.address}`;
    default:
      return "";
  }
}

/** For the full-text table: a word of its own parts two runs, so that no pair reaches from one into the next. */
function toLine(conversationId: string, text: string): string {
  const { runs, characters } = indexedTokens(text);
  return [conversationToken(conversationId), runs.map((run) => run.join(" ")).join(" b "), ...characters].join(" ");
}

/** For PostgreSQL: positions leave a gap between two runs. */
function toVector(conversationId: string, text: string): string {
  const { runs, characters } = indexedTokens(text);
  const lexemes: string[] = [conversationToken(conversationId), ...characters];
  let position = 0;
  for (const run of runs) {
    for (const token of run) lexemes.push(`${token}:${Math.min(++position, MAX_POSITION)}`);
    position++;
  }
  return lexemes.join(" ");
}

/** The largest position that PostgreSQL keeps. */
const MAX_POSITION = 16_383;
