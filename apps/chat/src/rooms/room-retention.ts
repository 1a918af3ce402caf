import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import { sql, type Transaction } from "kysely";
import type { FileReferences } from "../messages/file-references.ts";
import { forgetMessages } from "../messages/forget-messages.ts";
import { lockConversation } from "../messages/conversation-lock.ts";
import type { MessageRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

/** Time between two looks. */
const INTERVAL_MS = 3_600_000;
/** Messages in one transaction: others write in between. */
const BATCH = 500;
const DAY_MS = 24 * 3_600_000;

/** Options of {@link RoomRetention}. */
export interface RoomRetentionOptions {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly files: FileReferences;
  /** Messages of rooms that are older are thrown away. */
  readonly days: number;
  /** Hears of a look that failed; the next one makes up for it. */
  readonly failed: (error: unknown) => void;
}

/** Throws away the old messages of rooms. Their numbers are not used again: `min_seq` says where the log begins. */
export class RoomRetention implements AsyncDisposable {
  readonly #options: RoomRetentionOptions;
  #stop: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: RoomRetentionOptions) {
    this.#options = options;
  }

  /** Looks now, and then every hour. */
  start(): void {
    this.#stop ??= this.#options.clock.every(INTERVAL_MS, () => this.#look());
    this.#look();
  }

  /** Ends the looks. Resolves when the one that runs has ended. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#stop?.();
    return this.#running;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Throws away what is too old now. Resolves with the number of messages. */
  async prune(): Promise<number> {
    const { database, clock, days } = this.#options;
    const before = clock.now() - days * DAY_MS;
    const rooms = await database.read.selectFrom("conversations").select("id").where("type", "=", "room").execute();
    let pruned = 0;
    for (const { id } of rooms)
      for (let batch = BATCH; batch === BATCH && !this.#isClosed; pruned += batch)
        batch = await database.write((transaction) => this.#pruneBatch(transaction, id, before));
    return pruned;
  }

  #look(): void {
    this.#running = this.#running.then(() => this.prune()).then(() => {}, this.#options.failed);
  }

  async #pruneBatch(transaction: Transaction<Tables>, id: string, before: number): Promise<number> {
    const { database, files } = this.#options;
    const room = await lockConversation(transaction, database.kind, id);
    // The log is in the order of time, so this reads no more than it throws away, and one batch.
    const { rows: oldest } = await sql<MessageRow>`select * from messages
      where conversation_id = ${id} and seq > ${room?.min_seq ?? 0} order by seq limit ${BATCH}`.execute(transaction);
    const end = oldest.findIndex((row) => row.created_at >= before);
    const rows = end === -1 ? oldest : oldest.slice(0, end);
    const last = rows.at(-1);
    if (last === undefined) return 0;
    await forgetMessages(transaction, rows, { engine: database.kind, files });
    for (const table of ["messages", "message_changes"] as const)
      await transaction.deleteFrom(table).where("conversation_id", "=", id).where("seq", "<=", last.seq).execute();
    await transaction.updateTable("conversations").set({ min_seq: last.seq }).where("id", "=", id).execute();
    return rows.length;
  }
}
