import { DatabaseSync } from "@photostructure/sqlite";
import postgres from "pg";

/** A value of a column. */
export type Value = string | number | null;
/** A row, by column. */
export type Row = Readonly<Record<string, Value>>;

/** One connection of a driver. Placeholders are question marks on both engines. */
export interface BareConnection {
  query(statement: string, values?: readonly Value[]): Promise<readonly Row[]>;
  /** The same for a statement that comes again and again: the engine keeps it. */
  prepared(statement: string, values: readonly Value[]): Promise<readonly Row[]>;
}

/** A database as its driver gives it, with nothing in between: what the chat is compared with. */
export interface BareDatabase extends AsyncDisposable {
  readonly kind: "sqlite" | "postgres";
  /** Connections that work beside each other. */
  readonly connections: readonly BareConnection[];
}

/** As many as a process of the chat has. */
const POSTGRES_CONNECTIONS = 10;
const BUSY_TIMEOUT_MS = 10_000;
/** PostgreSQL's number for the type bigint. */
const INT8 = 20;

/** Opens the database of a URL, with the settings that the chat uses. */
export async function openBare(url: string): Promise<BareDatabase> {
  return url.startsWith("sqlite:") ? openSqlite(url.slice("sqlite:".length)) : openPostgres(url);
}

function openSqlite(path: string): BareDatabase {
  const handle = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  handle.exec("PRAGMA synchronous = NORMAL");
  const statements = new Map<string, ReturnType<typeof handle.prepare>>();
  const query: BareConnection["query"] = async (text, values = []) => {
    let statement = statements.get(text);
    if (statement === undefined) statements.set(text, (statement = handle.prepare(text)));
    // Rows hold what the columns hold: texts, numbers and nulls.
    return statement.all(...values) as Row[];
  };
  return {
    kind: "sqlite",
    connections: [{ query, prepared: query }],
    async [Symbol.asyncDispose]() {
      handle.close();
    },
  };
}

async function openPostgres(url: string): Promise<BareDatabase> {
  postgres.types.setTypeParser(INT8, Number);
  const clients: postgres.Client[] = [];
  while (clients.length < POSTGRES_CONNECTIONS) {
    const client = new postgres.Client({ connectionString: url, pipeline: true });
    await client.connect();
    clients.push(client);
  }
  const numbered = new Map<string, { readonly name: string; readonly text: string }>();
  const toNumbered = (text: string): { readonly name: string; readonly text: string } => {
    let found = numbered.get(text);
    let place = 0;
    if (found === undefined) {
      found = { name: `statement_${numbered.size}`, text: text.replaceAll("?", () => `$${++place}`) };
      numbered.set(text, found);
    }
    return found;
  };
  return {
    kind: "postgres",
    connections: clients.map((client) => ({
      // As above, in both.
      query: async (text, values = []) => (await client.query(toNumbered(text).text, [...values])).rows as Row[],
      prepared: async (text, values) =>
        (await client.query({ ...toNumbered(text), values: [...values] })).rows as Row[],
    })),
    async [Symbol.asyncDispose]() {
      for (const client of clients) await client.end();
    },
  };
}

/** Adds rows of one table, all with the same columns. */
export async function insertRows(connection: BareConnection, table: string, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first);
  const places = `(${columns.map(() => "?").join(", ")})`;
  await connection.query(
    `insert into ${table} (${columns.join(", ")}) values ${rows.map(() => places).join(", ")}`,
    rows.flatMap((row) => columns.map((column) => row[column] ?? null)),
  );
}
