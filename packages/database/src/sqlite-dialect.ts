import {
  CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { pause } from "./clock.ts";
import type { SqliteHandle, SqliteStatement, SqliteValue } from "./sqlite-module.ts";

const BEGIN = CompiledQuery.raw("BEGIN IMMEDIATE");
const SQLITE_BUSY = 5;
/** How often and how long a transaction asks for its turn while another process writes. */
const BUSY_RETRY_MS = 5;
const BUSY_LIMIT_MS = 5_000;

/** More distinct statements than an application has; beyond it they are prepared anew. */
const MAX_CACHED_STATEMENTS = 1_000;

/** SQLite as Kysely sees it: one connection, handed to one user at a time, in the order of asking. */
export class SqliteDialect implements Dialect {
  readonly #handle: SqliteHandle;

  constructor(handle: SqliteHandle) {
    this.#handle = handle;
  }

  createAdapter(): DialectAdapter {
    return new TransactionalAdapter();
  }

  createDriver(): Driver {
    return new SqliteDriver(this.#handle);
  }

  createIntrospector(database: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(database);
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }
}

/** SQLite rolls schema changes back with everything else. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class SqliteDriver implements Driver {
  readonly #handle: SqliteHandle;
  readonly #connection: SqliteConnection;
  /** Settles when the last one that asked for the connection has given it back. */
  #released: Promise<void> = Promise.resolve();
  #release: (() => void) | undefined;

  constructor(handle: SqliteHandle) {
    this.#handle = handle;
    this.#connection = new SqliteConnection(handle);
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#released;
    let release = (): void => {};
    this.#released = new Promise((resolve) => (release = resolve));
    await before;
    this.#release = release;
    return this.#connection;
  }

  releaseConnection(): Promise<void> {
    this.#release?.();
    return Promise.resolve();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    for (let waitedMs = 0; ; waitedMs += BUSY_RETRY_MS) {
      try {
        // A deferred transaction that turns into a writer fails when another process has written meanwhile.
        await connection.executeQuery(BEGIN);
        return;
      } catch (error) {
        if (!isBusy(error) || waitedMs >= BUSY_LIMIT_MS) throw error;
        // SQLite's own waiting would stop the whole process.
        await pause(BUSY_RETRY_MS);
      }
    }
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("COMMIT"));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("ROLLBACK"));
  }

  destroy(): Promise<void> {
    this.#handle.close();
    return Promise.resolve();
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #handle: SqliteHandle;
  readonly #statements = new Map<string, CachedStatement>();

  constructor(handle: SqliteHandle) {
    this.#handle = handle;
  }

  // Asynchronous, so that what SQLite throws is a rejection.
  async executeQuery<TRow>({ sql, parameters }: CompiledQuery): Promise<QueryResult<TRow>> {
    const { statement, returnsRows } = this.#prepare(sql);
    // Kysely types parameters as unknown; SQLite itself refuses what is none of its values.
    const values = parameters as readonly SqliteValue[];
    if (!returnsRows) return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) };
    // The shape of a row is what the typed query says.
    return { rows: statement.all(...values) as TRow[] };
  }

  streamQuery<TRow>(): AsyncIterableIterator<QueryResult<TRow>> {
    throw new TypeError("SQLite answers at once; there is nothing to stream");
  }

  #prepare(sql: string): CachedStatement {
    const cached = this.#statements.get(sql);
    if (cached !== undefined) return cached;
    const statement = this.#handle.prepare(sql);
    const prepared = { statement, returnsRows: statement.columns().length > 0 };
    if (this.#statements.size >= MAX_CACHED_STATEMENTS) this.#statements.clear();
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}

interface CachedStatement {
  readonly statement: SqliteStatement;
  readonly returnsRows: boolean;
}
