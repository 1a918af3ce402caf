import { readFile, writeFile } from "node:fs/promises";
import { migrate, type Migration } from "../migrate.ts";
import { openSqlite } from "../open-sqlite.ts";

/** What a file holds in which these steps were made, of each list of steps. */
const CONTENTS = new WeakMap<readonly Migration[], Buffer>();

/** Makes a file whose tables are there: the first one by migrating, the next ones as copies of it. */
export async function writeSqliteFile(path: string, migrations: readonly Migration[]): Promise<void> {
  const content = CONTENTS.get(migrations);
  if (content !== undefined) return writeFile(path, content);
  const database = await openSqlite<unknown>(path);
  await migrate(database, migrations);
  await database.close();
  CONTENTS.set(migrations, await readFile(path));
}
