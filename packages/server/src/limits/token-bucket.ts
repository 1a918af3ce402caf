/** How much is allowed: a burst at once, and a rate in the long run. */
export interface Rate {
  /** What may be taken at once after a pause; also where the bucket starts. */
  readonly burst: number;
  /** What comes back per second. */
  readonly perSecond: number;
}

/**
 * A token bucket: it starts full, each take costs a token, and tokens come back at a
 * steady rate. Pure but for its two numbers: the caller says what time it is, and no
 * timer runs.
 */
export class TokenBucket {
  readonly #rate: Rate;
  /** In thousandths, in which whole milliseconds at whole rates are exact. */
  #thousandths: number;
  #atMs: number;

  /** `nowMs` is on the caller's clock, as in every later call. */
  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#thousandths = rate.burst * 1_000;
    this.#atMs = nowMs;
  }

  /** Takes one token. 0 when there was one; otherwise nothing is taken, and the number is the wait for the next, in milliseconds. */
  take(nowMs: number): number {
    const { burst, perSecond } = this.#rate;
    // A clock that goes back and forth gives no time twice.
    const elapsedMs = Math.max(0, nowMs - this.#atMs);
    this.#thousandths = Math.min(burst * 1_000, this.#thousandths + elapsedMs * perSecond);
    this.#atMs += elapsedMs;
    if (this.#thousandths < 1_000) return Math.ceil((1_000 - this.#thousandths) / perSecond);
    this.#thousandths -= 1_000;
    return 0;
  }
}
