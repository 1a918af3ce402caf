import type { ShownBid } from "../src/wire.ts";

/** Bids by their numbers, from wherever they come and however often. */
export class BidList {
  readonly #bids = new Map<number, ShownBid>();
  /** The first number that is kept; those before it are not asked for. */
  #first: number | undefined;

  /** The bids that are known, in their order. */
  get all(): readonly ShownBid[] {
    return [...this.#bids.values()].toSorted((one, other) => one.bidNo - other.bidNo);
  }

  /** Adds bids; those that are known already change nothing. */
  add(bids: readonly ShownBid[]): void {
    for (const bid of bids) {
      this.#bids.set(bid.bidNo, bid);
      this.#first = Math.min(this.#first ?? bid.bidNo, bid.bidNo);
    }
  }

  /** The number after which a bid up to `bidNo` is missing; `undefined` when none is. */
  gapBefore(bidNo: number): number | undefined {
    for (let number = this.#first ?? 1; number <= bidNo; number++) if (!this.#bids.has(number)) return number - 1;
    return undefined;
  }
}
