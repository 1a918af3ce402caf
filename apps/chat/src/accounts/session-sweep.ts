import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import type { Tables } from "../storage/tables.ts";

const INTERVAL_MS = 3_600_000;
/** How long sessions that have ended can still be looked up. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** What {@link SessionSweep} needs. */
export interface SessionSweepParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  /** Hears why a sweep failed; the next one makes up for it. */
  readonly failed: (error: unknown) => void;
}

/** Throws tickets and sessions away that are over. */
export class SessionSweep {
  readonly #parts: SessionSweepParts;
  #stop: (() => void) | undefined;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(parts: SessionSweepParts) {
    this.#parts = parts;
  }

  /** Begins to sweep every hour. */
  start(): void {
    const { clock, failed } = this.#parts;
    this.#stop ??= clock.every(INTERVAL_MS, () => {
      this.#sweeping = this.#sweeping.then(() => this.sweep()).catch(failed);
    });
  }

  /** Sweeps now. */
  async sweep(): Promise<void> {
    const { database, clock } = this.#parts;
    const at = clock.now();
    await database.write(async (transaction) => {
      await transaction.deleteFrom("tickets").where("expires_at", "<=", at).execute();
      await transaction
        .deleteFrom("sessions")
        .where("expires_at", "<=", at - KEPT_MS)
        .execute();
      await transaction
        .deleteFrom("sessions")
        .where("revoked_at", ">", 0)
        .where("revoked_at", "<=", at - KEPT_MS)
        .execute();
    });
  }

  /** Stops sweeping, and waits for a sweep that is under way. */
  async close(): Promise<void> {
    this.#stop?.();
    this.#stop = undefined;
    await this.#sweeping;
  }
}
