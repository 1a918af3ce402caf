import type { Kysely, Transaction } from "kysely";

/**
 * A SQL database behind one typed query builder. All numbers are JavaScript numbers: times and counters stay below
 * 2^53. There is no boolean and no JSON column type, so that the same statements run on both engines.
 */
export interface Database<TTables> extends AsyncDisposable {
  /** The engine, where statements have to differ. */
  readonly kind: "sqlite" | "postgres";
  /** For reading. Sees what is committed; must not write: SQLite refuses it, PostgreSQL would not order it with `write`. */
  readonly read: Kysely<TTables>;
  /**
   * Runs `work` in one transaction and commits when it resolves; it is rolled back when it rejects. On SQLite there
   * is one writer, in the order of the calls. On PostgreSQL the isolation is READ COMMITTED, and a transaction that the
   * server aborted for a deadlock is run again, up to three times: `work` must have no effects besides its statements.
   */
  write<TResult>(work: (transaction: Transaction<TTables>) => Promise<TResult>): Promise<TResult>;
  /** Waits for what runs and closes the connections. */
  close(): Promise<void>;
}

/** The database cannot be opened or may not be used; the message is one sentence that says what to do. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
}
