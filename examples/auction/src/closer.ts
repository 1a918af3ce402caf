import type { Clock } from "@hutong/server/plugin";
import type { Auction } from "./auction.ts";
import type { AuctionHouse } from "./auction-house.ts";

/** Options of {@link Closer}. */
export interface CloserOptions {
  readonly house: AuctionHouse;
  readonly clock: Clock;
  /** Hears of each auction that this process has ended, once. */
  readonly ended: (auction: Auction) => void;
  /** Hears of what the database threw; it is asked again. */
  readonly failed: (error: unknown) => void;
}

/** The longest sleep, in milliseconds: other processes may open auctions, too. */
const MAX_SLEEP_MS = 60_000;
const RETRY_MS = 1_000;

/**
 * Ends auctions when their time is over. One timer waits for the next end, and whatever wakes it, it trusts only the
 * database: an end that was moved is not over, and one that passed while nobody ran is over at the start.
 */
export class Closer {
  readonly #options: CloserOptions;
  #cancel = (): void => {};
  #work: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: CloserOptions) {
    this.#options = options;
  }

  /** Looks for auctions that are over, and sets the timer anew; resolves when that is done. For the start, and after a new auction. */
  look(): Promise<void> {
    return (this.#work = this.#work.then(() => this.#lookNow()));
  }

  /** Stops the timer and waits for what runs. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel();
    await this.#work;
  }

  async #lookNow(): Promise<void> {
    if (this.#isClosed) return;
    const sleepMs = await this.#endOverdue();
    if (this.#isClosed) return;
    this.#cancel();
    this.#cancel = this.#options.clock.after(sleepMs, () => void this.look());
  }

  async #endOverdue(): Promise<number> {
    const { house, clock, ended, failed } = this.#options;
    try {
      for (const auction of await house.closeOverdue(clock.now())) ended(auction);
      const nextEndAt = await house.nextEndAt();
      return Math.min(Math.max((nextEndAt ?? Infinity) - clock.now(), 0), MAX_SLEEP_MS);
    } catch (error) {
      failed(error);
      return RETRY_MS;
    }
  }
}
