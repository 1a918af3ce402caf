import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Kysely } from "kysely";
import { type Database, DatabaseError } from "./database.ts";
import { SqlDatabase } from "./sql-database.ts";
import { SqliteDialect } from "./sqlite-dialect.ts";
import { loadSqlite } from "./sqlite-module.ts";

/** How long SQLite itself waits in the short moments in which the log is made or reset, in milliseconds. */
const LOG_TIMEOUT_MS = 1_000;

/**
 * Opens or makes a database file: write-ahead log, one writer, readers beside it. A commit survives the end of the
 * process at once, and a power cut after the next checkpoint.
 *
 * @throws {DatabaseError} when the file cannot be used.
 */
export async function openSqlite<TTables>(path: string): Promise<Database<TTables>> {
  const { DatabaseSync } = await loadSqlite();
  try {
    // What is in it is for nobody else of the machine. A folder that is there keeps its rights.
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const writer = new DatabaseSync(path, { readOnly: false, timeout: LOG_TIMEOUT_MS });
    writer.exec(
      "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 0",
    );
    const reader = new DatabaseSync(path, { readOnly: true, timeout: LOG_TIMEOUT_MS });
    return new SqlDatabase<TTables>({
      kind: "sqlite",
      read: new Kysely<TTables>({ dialect: new SqliteDialect(reader) }),
      writer: new Kysely<TTables>({ dialect: new SqliteDialect(writer) }),
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseError(`The database file ${path} cannot be used (${reason}).`, { cause });
  }
}
