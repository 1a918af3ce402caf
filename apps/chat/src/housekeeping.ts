import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import { trimFriendRequests } from "./friends/trim-friend-requests.ts";
import { trimJoinRequests } from "./groups/trim-join-requests.ts";
import { IdempotentCalls } from "./http/idempotent-calls.ts";
import type { Tables } from "./storage/tables.ts";
import { trimUserEvents } from "./sync/user-log.ts";

const INTERVAL_MS = 3_600_000;

/** What {@link Housekeeping} needs. */
export interface HousekeepingParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  /** Hears of a round that failed; the next one does its work. */
  readonly failed: (error: unknown) => void;
}

/** Throws away, every hour, what is kept for a time only: old events of users, requests, and answers of repeatable calls. */
export class Housekeeping {
  readonly idempotentCalls: IdempotentCalls;
  readonly #parts: HousekeepingParts;
  #running: Promise<void> = Promise.resolve();
  #cancel = (): void => {};

  constructor(parts: HousekeepingParts) {
    this.#parts = parts;
    this.idempotentCalls = new IdempotentCalls(parts.database, parts.clock);
  }

  /** Begins; the first round is an hour later. */
  start(): void {
    const { clock, failed } = this.#parts;
    this.#cancel = clock.every(INTERVAL_MS, () => {
      this.#running = this.#running.then(() => this.#round()).catch(failed);
    });
  }

  /** Resolves when no round runs any more. */
  async close(): Promise<void> {
    this.#cancel();
    await this.#running;
  }

  async #round(): Promise<void> {
    const { database, clock } = this.#parts;
    const now = clock.now();
    await trimUserEvents(database, now);
    await trimFriendRequests(database, now);
    await trimJoinRequests(database, now);
    await this.idempotentCalls.trim();
  }
}
