import postgres from "pg";
import { migrate, type Migration } from "../migrate.ts";
import { openPostgres } from "../open-postgres.ts";
import { schemaKey } from "./schema-key.ts";

// PostgreSQL needs about a second to make a database and another one to make the tables, and some milliseconds to empty
// them. So databases stay, under names that say their schema and a number. Who uses one holds a lock on its name, on
// a connection of its own: it ends with the process, however that ends. Who takes one empties it first.

/** Stands at a database whose tables were all made. */
const READY = "ready";

interface Candidate {
  readonly isTaken: boolean;
  readonly state: string | null;
}

/** A database that belongs to its holder until it is given back; its tables are there and empty. */
export async function leasePostgres(
  serverUrl: string,
  migrations: readonly Migration[],
): Promise<AsyncDisposable & { readonly url: string }> {
  const key = await schemaKey(migrations);
  const server = await connect(serverUrl);
  try {
    for (let number = 0; ; number++) {
      const name = `test_${key}_${number}`;
      const { isTaken, state } = await take(server, name);
      if (!isTaken) continue;
      const url = withDatabaseName(serverUrl, name);
      await (state === READY ? empty(url) : make(server, { name, url, migrations }));
      return { url, [Symbol.asyncDispose]: () => server.end() };
    }
  } catch (error) {
    await server.end();
    throw error;
  }
}

/** The URL of another database of the same server. */
export function withDatabaseName(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = name;
  return url.href;
}

async function connect(url: string): Promise<postgres.Client> {
  const client = new postgres.Client({ connectionString: url });
  // Who waits for an answer hears of it; without a listener it would end the process.
  client.on("error", () => {});
  await client.connect();
  return client;
}

async function take(server: postgres.Client, name: string): Promise<Candidate> {
  const { rows } = await server.query<Candidate>(
    `select pg_try_advisory_lock(hashtextextended($1, 0)) as "isTaken",
      (select shobj_description(oid, 'pg_database') from pg_database where datname = $1) as state`,
    [name],
  );
  return rows[0] ?? { isTaken: false, state: null };
}

/** Makes a database; one that somebody left half made goes first. */
async function make(
  server: postgres.Client,
  { name, url, migrations }: { readonly name: string; readonly url: string; readonly migrations: readonly Migration[] },
): Promise<void> {
  await server.query(`drop database if exists ${name} with (force)`);
  await server.query(`create database ${name}`);
  const database = await openPostgres<unknown>(url);
  try {
    await migrate(database, migrations);
  } finally {
    await database.close();
  }
  await server.query(`comment on database ${name} is '${READY}'`);
}

/** Ends what its last holder left open, and deletes all rows. Deleting few rows is quicker than truncating many tables. */
async function empty(url: string): Promise<void> {
  const client = await connect(url);
  try {
    await client.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`);
    const { rows } = await client.query<{ readonly statement: string }>(
      `select format('delete from %I', tablename) as statement from pg_tables
        where schemaname = 'public' and tablename not like 'kysely%'
      union all select format('alter sequence %I restart', sequencename) from pg_sequences where schemaname = 'public'`,
    );
    await client.query(rows.map(({ statement }) => statement).join("; "));
  } finally {
    await client.end();
  }
}
