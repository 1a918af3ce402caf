import {
  CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryCompiler,
  type QueryResult,
} from "kysely";
import type { Pool, PoolClient, QueryResult as PostgresResult } from "pg";
import { isPrepared } from "./prepared-statement.ts";

const COUNTED = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);

/**
 * PostgreSQL as Kysely sees it. In contrast to Kysely's own, it keeps prepared statements, and a transaction begins
 * together with its first statement, which saves a round trip. The pool's clients have to be in pipeline mode.
 */
export class PostgresDialect implements Dialect {
  readonly #pool: Pool;

  /** Ends the pool when Kysely is destroyed. */
  constructor(pool: Pool) {
    this.#pool = pool;
  }

  createAdapter(): DialectAdapter {
    return new PostgresAdapter();
  }

  createDriver(): Driver {
    return new PostgresDriver(this.#pool);
  }

  createIntrospector(database: Kysely<unknown>): DatabaseIntrospector {
    return new PostgresIntrospector(database);
  }

  createQueryCompiler(): QueryCompiler {
    return new PostgresQueryCompiler();
  }
}

class PostgresDriver implements Driver {
  readonly #pool: Pool;
  /** Who has a connection or waits for one. */
  #userCount = 0;
  #lastLeft = (): void => {};

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  async acquireConnection(): Promise<PostgresConnection> {
    this.#userCount++;
    try {
      return new PostgresConnection(await this.#pool.connect());
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release();
    this.#leave();
    return Promise.resolve();
  }

  beginTransaction(connection: PostgresConnection): Promise<void> {
    connection.begin();
    return Promise.resolve();
  }

  async commitTransaction(connection: PostgresConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("commit"));
  }

  async rollbackTransaction(connection: PostgresConnection): Promise<void> {
    try {
      await connection.executeQuery(CompiledQuery.raw("rollback"));
    } catch {
      // The connection is gone, and the transaction with it. Why is what the caller hears.
    }
  }

  async destroy(): Promise<void> {
    // A pool that ends forgets who waits for a connection.
    if (this.#userCount > 0) await new Promise<void>((resolve) => (this.#lastLeft = resolve));
    await this.#pool.end();
  }

  #leave(): void {
    if (--this.#userCount === 0) this.#lastLeft();
  }
}

class PostgresConnection implements DatabaseConnection {
  readonly #client: PoolClient;
  #begun: Promise<unknown> | undefined;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  /** Sends the beginning of a transaction; the next statement goes with it, and fails when it fails. */
  begin(): void {
    this.#begun = this.#client.query("begin");
    // Who waits for it hears of it.
    this.#begun.catch(() => {});
  }

  async executeQuery<TRow>(query: CompiledQuery): Promise<QueryResult<TRow>> {
    const answered = this.#send(query);
    const begun = this.#begun;
    this.#begun = undefined;
    const [{ command, rowCount, rows }] = await Promise.all([answered, begun]);
    // The shape of a row is what the typed query says.
    const typed = rows as TRow[];
    return COUNTED.has(command) ? { rows: typed, numAffectedRows: BigInt(rowCount ?? 0) } : { rows: typed };
  }

  streamQuery<TRow>(): AsyncIterableIterator<QueryResult<TRow>> {
    throw new TypeError("nothing here is read as a stream");
  }

  release(): void {
    this.#client.release();
  }

  #send(query: CompiledQuery): Promise<PostgresResult> {
    const values = [...query.parameters];
    if (isPrepared(query)) return this.#client.query({ ...query.prepared, values });
    return this.#client.query(query.sql, values);
  }
}
