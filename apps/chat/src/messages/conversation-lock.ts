import { type Database, PreparedStatement } from "@hutong/database";
import type { Transaction } from "kysely";
import type { ConversationRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

type Engine = Database<Tables>["kind"];

/**
 * In the order of their ids, so that two processes that lock the same ones do not wait for each other in a circle. SQLite
 * has one writer at a time, and no such clause.
 */
const LOCK: Readonly<Record<Engine, PreparedStatement<ConversationRow>>> = {
  sqlite: new PreparedStatement("select * from conversations where id in (select value from json_each(?))"),
  postgres: new PreparedStatement("select * from conversations where id = any(?::text[]) order by id for update"),
};

/**
 * Reads conversations, by their ids, and keeps every other transaction from numbering their messages and changes until
 * this one ends. So the order of commits is the order of the numbers, and no reader sees a hole.
 */
export async function lockConversations(
  transaction: Transaction<Tables>,
  engine: Engine,
  ids: Iterable<string>,
): Promise<Map<string, ConversationRow>> {
  const distinct = [...new Set(ids)];
  const rows = await LOCK[engine].run(transaction, [engine === "sqlite" ? JSON.stringify(distinct) : distinct]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Like {@link lockConversations}, for one; `undefined` when there is no such conversation. */
export async function lockConversation(
  transaction: Transaction<Tables>,
  engine: Engine,
  id: string,
): Promise<ConversationRow | undefined> {
  return (await lockConversations(transaction, engine, [id])).get(id);
}
