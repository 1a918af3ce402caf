import type { Database } from "@hutong/database";
import { sql, type Transaction } from "kysely";
import type { ConversationRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

/**
 * Reads a conversation and keeps every other transaction from numbering its messages and changes until this one
 * ends. So the order of commits is the order of the numbers, and no reader sees a hole.
 */
export async function lockConversation(
  transaction: Transaction<Tables>,
  kind: Database<Tables>["kind"],
  id: string,
): Promise<ConversationRow | undefined> {
  // SQLite has one writer at a time, and no such clause.
  const lock = sql.raw(kind === "postgres" ? "for update" : "");
  const { rows } = await sql<ConversationRow>`select * from conversations where id = ${id} ${lock}`.execute(
    transaction,
  );
  return rows[0];
}
