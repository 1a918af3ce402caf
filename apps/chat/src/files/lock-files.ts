import type { Transaction } from "kysely";
import type { FileRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

/**
 * Reads files and keeps them as they are until the transaction ends, so that nobody collects a file that somebody
 * is about to use. What is not there is left out.
 */
export function lockFiles(transaction: Transaction<Tables>, ids: readonly string[]): Promise<FileRow[]> {
  // An update that changes nothing locks rows on both engines; SQLite knows no "for update".
  return transaction
    .updateTable("files")
    .set((row) => ({ purpose: row.ref("purpose") }))
    .where("id", "in", ids)
    .returningAll()
    .execute();
}
