import { type Database, migrationState, openDatabase } from "@hutong/database";
import { readConfig, StartError } from "../config.ts";
import { MIGRATIONS } from "../storage/migrations.ts";
import type { Tables } from "../storage/tables.ts";

/** Runs a command's work on the database that the environment names, whatever is in it, and closes it. */
export async function withDatabase(work: (database: Database<Tables>) => Promise<void>): Promise<void> {
  await using database = await openDatabase<Tables>(readConfig(process.env).databaseUrl);
  await work(database);
}

/**
 * Like {@link withDatabase}, for work that needs the schema of this version.
 *
 * @throws {StartError} when the database has not got it.
 */
export function withChatDatabase(work: (database: Database<Tables>) => Promise<void>): Promise<void> {
  return withDatabase(async (database) => {
    const { pending } = await migrationState(database, MIGRATIONS);
    if (pending.length > 0)
      throw new StartError(
        "The database has not got the schema of this version; run `migrate`, or set HUTONG_DATA_DIR or HUTONG_DATABASE_URL to the chat's.",
      );
    await work(database);
  });
}
