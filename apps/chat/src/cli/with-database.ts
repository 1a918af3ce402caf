import { type Database, openDatabase } from "@hutong/database";
import { readConfig } from "../config.ts";
import type { Tables } from "../storage/tables.ts";

/** Runs a command's work on the database that the environment names, and closes it. */
export async function withDatabase(work: (database: Database<Tables>) => Promise<void>): Promise<void> {
  await using database = await openDatabase<Tables>(readConfig(process.env).databaseUrl);
  await work(database);
}
