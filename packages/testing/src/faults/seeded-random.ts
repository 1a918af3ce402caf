/** Chance that can be repeated: one seed gives one sequence, on every machine. Not for secrets. */
export class SeededRandom {
  #state: number;

  /** Only the lower 32 bits of `seed` count. */
  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** The next number, from 0 up to 1. */
  next(): number {
    // A Weyl sequence, stirred: every state is visited once in 2^32 steps, so that no seed is a bad one.
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** Says yes with that probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the items. @throws {RangeError} when there is none. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new RangeError("there is nothing to pick from");
    return item;
  }

  /** A sequence of its own, so that one party's use does not change another's luck. */
  fork(): SeededRandom {
    return new SeededRandom(this.between(0, 0xffffffff));
  }
}
