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
import { sqliteCode } from "./reason.ts";
import type { SqliteHandle, SqliteStatement, SqliteValue } from "./sqlite-module.ts";

const BEGIN = CompiledQuery.raw("BEGIN IMMEDIATE");
const SQLITE_BUSY = 5;
/** How often and how long a statement asks for its turn while another process writes. */
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
    // A deferred transaction that turns into a writer fails when another process has written meanwhile.
    await connection.executeQuery(BEGIN);
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("COMMIT"));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await connection.executeQuery(CompiledQuery.raw("ROLLBACK"));
    } catch {
      // SQLite has undone it by itself, as on a full disk. Why is what the caller hears.
    }
  }

  async destroy(): Promise<void> {
    await this.#released;
    this.#handle.close();
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #handle: SqliteHandle;
  readonly #statements = new Map<string, CachedStatement>();

  constructor(handle: SqliteHandle) {
    this.#handle = handle;
  }

  async executeQuery<TRow>(query: CompiledQuery): Promise<QueryResult<TRow>> {
    for (let waitedMs = 0; ; waitedMs += BUSY_RETRY_MS) {
      try {
        return this.#run(query);
      } catch (error) {
        if (sqliteCode(error) !== SQLITE_BUSY || waitedMs >= BUSY_LIMIT_MS) throw error;
        // SQLite's own waiting would stop the whole process.
        await pause(BUSY_RETRY_MS);
      }
    }
  }

  streamQuery<TRow>(): AsyncIterableIterator<QueryResult<TRow>> {
    throw new TypeError("SQLite answers at once; there is nothing to stream");
  }

  #run<TRow>({ sql, parameters }: CompiledQuery): QueryResult<TRow> {
    const { statement, returnsRows } = this.#prepare(sql);
    // Kysely types parameters as unknown; SQLite itself refuses what is none of its values.
    const values = parameters as readonly SqliteValue[];
    if (!returnsRows) return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) };
    // The shape of a row is what the typed query says.
    return { rows: statement.all(...values) as TRow[] };
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

interface CachedStatement {
  readonly statement: SqliteStatement;
  readonly returnsRows: boolean;
}
