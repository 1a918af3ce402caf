import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import type { Tables } from "../storage/tables.ts";

const INTERVAL_MS = 60_000;
/** Users in one transaction: messages wait while it runs. */
const BATCH = 100;

/** What {@link LastSeen} needs. */
export interface LastSeenParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  /** Hears why times could not be written; the next minute tries again. */
  readonly failed: (error: unknown) => void;
}

/** Writes down when users were last seen, of each user at most once a minute. */
export class LastSeen {
  readonly #parts: LastSeenParts;
  /** Bounded by who comes and goes within a minute. */
  #unsaved = new Map<string, number>();
  #stop: (() => void) | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(parts: LastSeenParts) {
    this.#parts = parts;
  }

  /** Begins to write every minute. */
  start(): void {
    this.#stop ??= this.#parts.clock.every(INTERVAL_MS, () => void this.#save());
  }

  /** Notes a time that is to be written. */
  note(userId: string, at: number): void {
    this.#unsaved.set(userId, at);
  }

  /** A time that is not written yet. */
  unsaved(userId: string): number | undefined {
    return this.#unsaved.get(userId);
  }

  /** Stops, and writes what is left. */
  async close(): Promise<void> {
    this.#stop?.();
    this.#stop = undefined;
    await this.#save();
  }

  /** One after the other, so that an older time never comes last. */
  #save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#saveAll()).catch((error: unknown) => this.#parts.failed(error));
    return this.#saving;
  }

  async #saveAll(): Promise<void> {
    // In the order of ids, so that two processes do not lock the same rows crosswise.
    const entries = [...this.#unsaved].sort(([one], [other]) => (one < other ? -1 : 1));
    for (let start = 0; start < entries.length; start += BATCH) {
      const batch = entries.slice(start, start + BATCH);
      await this.#parts.database.write(async (transaction) => {
        for (const [userId, at] of batch)
          await transaction
            .updateTable("users")
            .set({ last_seen_at: at })
            .where("id", "=", userId)
            .where("last_seen_at", "<", at)
            .execute();
      });
      for (const [userId, at] of batch) if (this.#unsaved.get(userId) === at) this.#unsaved.delete(userId);
    }
  }
}
