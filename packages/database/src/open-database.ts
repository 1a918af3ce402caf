import { resolve } from "node:path";
import { type Database, DatabaseError } from "./database.ts";
import { openPostgres } from "./open-postgres.ts";
import { openSqlite } from "./open-sqlite.ts";

/**
 * Opens the database that a URL names: `sqlite:path/to/file` or `postgres://user:password@host/name`. PostgreSQL's
 * client is loaded only when it is asked for.
 *
 * @throws {DatabaseError} when the URL names neither, or the database cannot be used.
 */
export function openDatabase<TTables>(url: string): Promise<Database<TTables>> {
  if (url.startsWith("sqlite:")) return openSqlite<TTables>(resolve(url.slice("sqlite:".length)));
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return openPostgres<TTables>(url);
  // The text may hold a password, so only its scheme is repeated.
  const scheme = /^[a-z]{1,20}(?=:)/.exec(url)?.[0] ?? "nothing known";
  return Promise.reject(
    new DatabaseError(`A database URL begins with sqlite: or postgres://, this one with ${scheme}.`),
  );
}
