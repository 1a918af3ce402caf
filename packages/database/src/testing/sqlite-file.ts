import { readFile, writeFile } from "node:fs/promises";
import { migrate, type Migration } from "../migrate.ts";
import { openSqlite } from "../open-sqlite.ts";
import { loadSqlite } from "../sqlite-module.ts";

/** What a file holds in which these steps were made, of each list of steps. */
const CONTENTS = new WeakMap<readonly Migration[], Buffer>();

/** Makes a file whose tables are there: the first one by migrating, the next ones as copies of it. */
export async function writeSqliteFile(path: string, migrations: readonly Migration[]): Promise<void> {
  const content = CONTENTS.get(migrations);
  if (content !== undefined) return writeFile(path, content);
  const database = await openSqlite<unknown>(path);
  await migrate(database, migrations);
  await database.close();
  // The reader was the last to close, which leaves the log beside the file.
  const { DatabaseSync } = await loadSqlite();
  const handle = new DatabaseSync(path, { readOnly: false, timeout: 0 });
  handle.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  handle.close();
  CONTENTS.set(migrations, await readFile(path));
}
