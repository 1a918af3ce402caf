import type { Database } from "@hutong/database";
import { type RawBuilder, sql } from "kysely";
import type { MessageRow } from "../../storage/rows.ts";
import type { Tables } from "../../storage/tables.ts";
import { conversationToken, searchedPhrases } from "./search-tokens.ts";

/** What is looked for, and by whom. */
export interface MessageQuery {
  readonly userId: string;
  readonly query: string;
  /** Only in this conversation. */
  readonly conversationId?: string | undefined;
  /** Only messages older than the one with this id. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/**
 * In so few conversations a search asks the index for the conversations too, instead of looking at every message with the
 * words.
 */
const MAX_NAMED_CONVERSATIONS = 64;
/**
 * PostgreSQL finds all messages with the words before it puts them in order. So the newest part of the index is searched
 * first, where a frequent word has enough of them; what is not frequent there is searched for everywhere, which is then
 * little work.
 */
const NEWEST_PARTS = [4_000, 64_000] as const;

/** Messages that hold all words of a query and that the user can see, the latest first; one more than `limit` when there are more. */
export async function searchMessages(
  database: Database<Tables>,
  { userId, query, conversationId, before, limit }: MessageQuery,
): Promise<MessageRow[]> {
  const phrases = searchedPhrases(query);
  if (phrases.length === 0) return [];
  const conversationIds = conversationId === undefined ? await fewConversations(database, userId) : [conversationId];
  if (conversationIds?.length === 0) return [];
  const end = before === undefined ? undefined : await numberOf(database, { userId, id: before });
  if (end === 0) return [];
  const words = database.kind === "sqlite" ? matchOf(phrases, conversationIds) : tsqueryOf(phrases, conversationIds);
  const search = { userId, words, conversationId, end, limit: limit + 1 };
  if (database.kind === "sqlite") return select(database, { ...search, from: 0 });
  const last = end ?? (await lastNumber(database)) + 1;
  let density = Number.POSITIVE_INFINITY;
  for (const part of NEWEST_PARTS) {
    // A larger part that is as thin as the one before would not fill the page either.
    if (part >= last || density * part <= limit) break;
    const rows = await select(database, { ...search, from: last - part });
    if (rows.length > limit) return rows;
    density = rows.length / part;
  }
  return select(database, { ...search, from: 0 });
}

interface IndexQuery {
  readonly userId: string;
  readonly words: string;
  readonly conversationId: string | undefined;
  /** Numbers of the index from it on. */
  readonly from: number;
  /** Numbers below it. */
  readonly end: number | undefined;
  readonly limit: number;
}

async function select(database: Database<Tables>, query: IndexQuery): Promise<MessageRow[]> {
  const { userId, conversationId, limit } = query;
  const inConversation = conversationId === undefined ? sql`` : sql`and found.conversation_id = ${conversationId}`;
  const isSqlite = database.kind === "sqlite";
  // CROSS JOIN has SQLite keep this order: it goes through the words from the newest on and stops at the limit.
  const join = sql.raw(isSqlite ? "cross join" : "join");
  const { rows } = await sql<MessageRow>`${isSqlite ? sql`` : materialised(query)}
    select messages.* from ${isSqlite ? STREAMED : sql`found`}
    ${join} members on members.conversation_id = found.conversation_id and members.user_id = ${userId} ${inConversation}
    ${join} conversations on conversations.id = found.conversation_id
    ${join} messages on messages.conversation_id = found.conversation_id and messages.seq = found.seq
    where ${isSqlite ? matching(query) : sql`true`}
    and found.seq > members.min_seq and found.seq > conversations.min_seq
    and (members.left_at = 0 or found.seq <= members.max_seq)
    and not exists (select 1 from hidden_messages where hidden_messages.user_id = ${userId}
      and hidden_messages.conversation_id = found.conversation_id and hidden_messages.seq = found.seq)
    order by ${isSqlite ? sql`message_words.rowid` : sql`found.number`} desc limit ${limit}`.execute(database.read);
  return rows;
}

/** PostgreSQL would start from the members and read whole conversations: it cannot tell how many messages are visible. */
function materialised({ words, from, end }: IndexQuery): RawBuilder<unknown> {
  return sql`with found as materialized (select number, conversation_id, seq from message_index
    where words @@ ${words}::tsquery and number >= ${from} ${end === undefined ? sql`` : sql`and number < ${end}`})`;
}

const STREAMED = sql`message_words cross join message_index as found on found.number = message_words.rowid`;

function matching({ words, from, end }: IndexQuery): RawBuilder<unknown> {
  return sql`message_words.words match ${words} and message_words.rowid >= ${from}
    ${end === undefined ? sql`` : sql`and message_words.rowid < ${end}`}`;
}

/** The user's conversations, past ones included; `undefined` when they are many. */
async function fewConversations({ read }: Database<Tables>, userId: string): Promise<readonly string[] | undefined> {
  const rows = await read
    .selectFrom("members")
    .select("conversation_id")
    .where("user_id", "=", userId)
    .limit(MAX_NAMED_CONVERSATIONS + 1)
    .execute();
  return rows.length > MAX_NAMED_CONVERSATIONS ? undefined : rows.map(({ conversation_id: id }) => id);
}

/** Where a message is in the index; 0 for one that is not there, or of which the user may not know. */
async function numberOf(
  { read }: Database<Tables>,
  { userId, id }: { readonly userId: string; readonly id: string },
): Promise<number> {
  const { rows } = await sql<{ readonly number: number }>`select message_index.number from messages
    join members on members.conversation_id = messages.conversation_id and members.user_id = ${userId}
    join message_index on message_index.conversation_id = messages.conversation_id and message_index.seq = messages.seq
    where messages.id = ${id}`.execute(read);
  return rows[0]?.number ?? 0;
}

async function lastNumber({ read }: Database<Tables>): Promise<number> {
  const { rows } = await sql<{ readonly last: number | null }>`select max(number) as last from message_index`.execute(
    read,
  );
  return rows[0]?.last ?? 0;
}

/** Tokens are letters and digits, so that nothing of a query can be mistaken for an operator. */
function matchOf(phrases: readonly (readonly string[])[], conversationIds: readonly string[] | undefined): string {
  const words = phrases.map((phrase) => `"${phrase.join(" ")}"`).join(" AND ");
  if (conversationIds === undefined) return words;
  return `(${conversationIds.map(conversationToken).join(" OR ")}) AND ${words}`;
}

function tsqueryOf(phrases: readonly (readonly string[])[], conversationIds: readonly string[] | undefined): string {
  const words = phrases.map((phrase) => `(${phrase.join(" <-> ")})`).join(" & ");
  if (conversationIds === undefined) return words;
  return `(${conversationIds.map(conversationToken).join(" | ")}) & ${words}`;
}
