import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";
import { Kysely } from "kysely";
import { type Database, DatabaseError } from "./database.ts";
import { makeFolder } from "./make-folder.ts";
import { reasonOf } from "./reason.ts";
import { SqlDatabase, useOnce } from "./sql-database.ts";
import { SqliteDialect } from "./sqlite-dialect.ts";
import { loadSqlite, type SqliteHandle } from "./sqlite-module.ts";

/** How long SQLite itself waits in the short moments in which the log is made or reset, in milliseconds. */
const LOG_TIMEOUT_MS = 1_000;
const WRITER_SETTINGS =
  "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 0";

/**
 * Opens or makes a database file: write-ahead log, one writer, readers beside it. A commit survives the end of the
 * process at once, and a power cut after the next checkpoint.
 *
 * @throws {DatabaseError} when the file cannot be used.
 */
export async function openSqlite<TTables>(path: string): Promise<Database<TTables>> {
  const { DatabaseSync } = await loadSqlite();
  const handles: SqliteHandle[] = [];
  const open = async (readOnly: boolean): Promise<Kysely<TTables>> => {
    const handle = new DatabaseSync(path, { readOnly, timeout: LOG_TIMEOUT_MS });
    handles.push(handle);
    if (!readOnly) handle.exec(WRITER_SETTINGS);
    const kysely = new Kysely<TTables>({ dialect: new SqliteDialect(readOnly ? handle : withoutLog(handle)) });
    await useOnce(kysely);
    return kysely;
  };
  try {
    await makeFolder(dirname(path));
    const writer = await open(false);
    // SQLite opens a file that may only be read too, and refuses the first statement that writes.
    await access(path, constants.W_OK);
    return new SqlDatabase<TTables>({ kind: "sqlite", read: await open(true), writer });
  } catch (cause) {
    for (const handle of handles) handle.close();
    const reason = reasonOf(cause, "name another file in the database URL");
    throw new DatabaseError(`The database file ${path} cannot be used${reason}`, { cause });
  }
}

/** Writes the log into the file before it closes: whoever copies the file of a program that has ended takes no other. */
function withoutLog(handle: SqliteHandle): SqliteHandle {
  return {
    prepare: (text) => handle.prepare(text),
    exec: (text) => handle.exec(text),
    close() {
      try {
        handle.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      } catch {
        // A full disk. The log stays beside the file, and the next one that opens it reads both.
      }
      handle.close();
    },
  };
}
