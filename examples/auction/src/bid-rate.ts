/** Bids that one person may place at once, and per second in the long run. */
const BURST = 10;
const PER_SECOND = 5;

/** The whole allowance is back after this, and its owner may be forgotten. */
const FULL_AFTER_MS = (1_000 * BURST) / PER_SECOND;

/** Limits how fast people bid, whatever connections they use. What it remembers is bounded by what it lets pass. */
export class BidRate {
  /** Person → when the allowance will be whole again; the person who bid longest ago is the first. */
  readonly #wholeAt = new Map<string, number>();

  /** Counts a bid. 0 when it may be judged; otherwise how long to wait, in milliseconds. */
  take(personId: string, nowMs: number): number {
    for (const [id, wholeAt] of this.#wholeAt) {
      if (wholeAt > nowMs) break;
      this.#wholeAt.delete(id);
    }
    const wholeAt = Math.max(this.#wholeAt.get(personId) ?? nowMs, nowMs) + 1_000 / PER_SECOND;
    if (wholeAt - nowMs > FULL_AFTER_MS) return Math.ceil(wholeAt - nowMs - FULL_AFTER_MS);
    this.#wholeAt.delete(personId);
    this.#wholeAt.set(personId, wholeAt);
    return 0;
  }
}
