import { Kysely } from "kysely";
import { type Database, DatabaseError } from "./database.ts";
import { PostgresDialect } from "./postgres-dialect.ts";
import { reasonOf } from "./reason.ts";
import { SqlDatabase, useOnce } from "./sql-database.ts";

/** Connections of one process. */
const MAX_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 5_000;
/** PostgreSQL's number for the type bigint. */
const INT8: ReadonlySet<number> = new Set([20]);

/**
 * Connects to PostgreSQL.
 *
 * @throws {DatabaseError} when the server cannot be reached or refuses; the message does not hold the password.
 */
export async function openPostgres<TTables>(url: string): Promise<Database<TTables>> {
  const { default: postgres } = await import("pg");
  const pool = new postgres.Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // A statement does not wait for the answer to the one before it.
    pipeline: true,
    types: {
      // Counters and times are below 2^53, and SQLite gives numbers too.
      getTypeParser: (type, format) => (INT8.has(type) ? Number : postgres.types.getTypeParser(type, format)),
    },
  });
  // A connection that breaks is replaced, and whoever uses it hears it from the query. Without listeners, for idle
  // ones on the pool and for the others on each, it would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const kysely = new Kysely<TTables>({ dialect: new PostgresDialect(pool) });
  try {
    await useOnce(kysely);
  } catch (cause) {
    await pool.end();
    const { host, pathname } = new URL(url);
    const reason = reasonOf(cause, "see that PostgreSQL listens there, and mend the database URL");
    throw new DatabaseError(`PostgreSQL at ${host}${pathname} cannot be used${reason}`, { cause });
  }
  return new SqlDatabase<TTables>({ kind: "postgres", read: kysely, writer: kysely });
}
