/** A value that SQLite stores; booleans and objects are not among them. */
export type SqliteValue = string | number | bigint | Uint8Array | null;

/** What is used of `node:sqlite`, and of the package that stands in for it on Node 20. */
export interface SqliteHandle {
  /** Throws for a statement that is wrong. */
  prepare(sql: string): SqliteStatement;
  /** Runs statements without parameters and without rows. */
  exec(sql: string): void;
  /** Ends all statements. */
  close(): void;
}

/** A prepared statement; it answers at once. */
export interface SqliteStatement {
  /** Every row, as an object. */
  all(...parameters: readonly SqliteValue[]): unknown[];
  /** Runs it for its effect. */
  run(...parameters: readonly SqliteValue[]): { readonly changes: number | bigint };
  /** The columns of its rows; none for a statement that gives no rows. */
  columns(): readonly unknown[];
}

/** The module that opens files. */
export interface SqliteModule {
  /** Opens or makes a file; throws when it cannot. `timeout` is how long it waits for others, in milliseconds. */
  readonly DatabaseSync: new (
    path: string,
    options: { readonly readOnly: boolean; readonly timeout: number },
  ) => SqliteHandle;
}

/** Node's own module where it is built in, otherwise the package with the same interface. */
export async function loadSqlite(): Promise<SqliteModule> {
  // Node 22.13 brings it; on older ones the built-in is not there, or hides behind a flag.
  const builtIn: unknown = process.getBuiltinModule("node:sqlite");
  return isSqliteModule(builtIn) ? builtIn : import("@photostructure/sqlite");
}

function isSqliteModule(candidate: unknown): candidate is SqliteModule {
  return typeof candidate === "object" && candidate !== null && "DatabaseSync" in candidate;
}
