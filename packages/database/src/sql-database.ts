import type { Kysely, Transaction } from "kysely";
import { pause } from "./clock.ts";
import { isTransientAbort } from "./constraint.ts";
import type { Database } from "./database.ts";

const MAX_ATTEMPTS = 3;
/** Before another attempt, so that the transaction that stood against the first one gets its locks. */
const RETRY_MS = 20;

/** What {@link SqlDatabase} stands on. */
interface SqlDatabaseParts<TTables> {
  readonly kind: Database<TTables>["kind"];
  readonly read: Kysely<TTables>;
  /** May be the same as `read`. */
  readonly writer: Kysely<TTables>;
}

/** Takes a connection and gives it back. */
export async function useOnce<TTables>(kysely: Kysely<TTables>): Promise<void> {
  await kysely.connection().execute(() => Promise.resolve());
}

/** A database whose two halves are there already, each used once: Kysely closes nothing else. */
export class SqlDatabase<TTables> implements Database<TTables> {
  readonly kind: Database<TTables>["kind"];
  readonly read: Kysely<TTables>;
  /** For schema changes. */
  readonly writer: Kysely<TTables>;
  #closed: Promise<void> | undefined;

  constructor({ kind, read, writer }: SqlDatabaseParts<TTables>) {
    this.kind = kind;
    this.read = read;
    this.writer = writer;
  }

  async write<TResult>(work: (transaction: Transaction<TTables>) => Promise<TResult>): Promise<TResult> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.writer.transaction().execute(work);
      } catch (error) {
        if (!isTransientAbort(error) || attempt === MAX_ATTEMPTS) throw error;
        await pause(RETRY_MS * attempt);
      }
    }
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await this.writer.destroy();
    if (this.read !== this.writer) await this.read.destroy();
  }
}
