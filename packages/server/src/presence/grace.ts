import type { Clock } from "../clock.ts";

/**
 * Things that go after a time unless they are taken back. All wait equally long, so
 * that they go in the order in which they came and one timer serves them all.
 */
export class Grace<T> {
  readonly #clock: Clock;
  readonly #graceMs: number;
  readonly #expire: (thing: T) => void;
  /** Thing → when it goes; the first goes first. */
  readonly #waiting = new Map<T, number>();
  #cancel: (() => void) | undefined;

  /** `expire` is called with what nobody took back. */
  constructor(clock: Clock, graceMs: number, expire: (thing: T) => void) {
    this.#clock = clock;
    this.#graceMs = graceMs;
    this.#expire = expire;
  }

  /** What waits, in the order in which it goes. */
  get waiting(): Iterable<T> {
    return this.#waiting.keys();
  }

  /** Begins the thing's time. */
  add(thing: T): void {
    this.#waiting.set(thing, this.#clock.now() + this.#graceMs);
    this.#cancel ??= this.#clock.after(this.#graceMs, () => this.#sweep());
  }

  /** Takes a thing back. */
  delete(thing: T): void {
    this.#waiting.delete(thing);
    if (this.#waiting.size === 0) this.close();
  }

  /** Forgets everything; nothing expires any more. */
  close(): void {
    this.#waiting.clear();
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #sweep(): void {
    this.#cancel = undefined;
    const nowMs = this.#clock.now();
    for (const [thing, untilMs] of this.#waiting) {
      if (untilMs > nowMs) {
        this.#cancel = this.#clock.after(untilMs - nowMs, () => this.#sweep());
        return;
      }
      this.#waiting.delete(thing);
      this.#expire(thing);
    }
  }
}
