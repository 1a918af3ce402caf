import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "@hutong/server/plugin";

interface Timer {
  atMs: number;
  /** Time between two runs; `undefined` runs once. */
  readonly everyMs: number | undefined;
  readonly run: () => void;
}

/**
 * A clock that stands still until a test moves it. Nothing runs by itself: timers
 * and `soon` tasks wait for {@link FakeClock.advance}.
 *
 * @example
 * const clock = new FakeClock();
 * clock.after(1_000, () => ring());
 * await clock.advance(1_000);
 */
export class FakeClock implements Clock {
  #nowMs: number;
  #soon: (() => void)[] = [];
  readonly #timers = new Set<Timer>();

  /** `startMs` is where the clock stands at first, in milliseconds since 1970. */
  constructor(startMs = 1_700_000_000_000) {
    this.#nowMs = startMs;
  }

  /** Timers that wait: one means that something holds a timer, none that all were cancelled or have run. */
  get timerCount(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): () => void {
    return this.#add({ atMs: this.#nowMs + Math.max(0, ms), everyMs: undefined, run });
  }

  every(ms: number, run: () => void): () => void {
    // One of no length would never let time go on.
    const everyMs = Math.max(1, ms);
    return this.#add({ atMs: this.#nowMs + everyMs, everyMs, run });
  }

  soon(run: () => void): void {
    this.#soon.push(run);
  }

  /**
   * Moves time on by `ms` milliseconds. Timers run when they fall due, in the order of their times and,
   * at one time, in the order in which they were set. Between two of them every promise that waits only for
   * other promises settles, and every `soon` task runs.
   */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await this.settle();
    for (let timer = this.#nextDue(endMs); timer !== undefined; timer = this.#nextDue(endMs)) {
      this.#nowMs = timer.atMs;
      if (timer.everyMs === undefined) this.#timers.delete(timer);
      else timer.atMs += timer.everyMs;
      timer.run();
      await this.settle();
    }
    this.#nowMs = endMs;
  }

  /** Lets promises settle and runs `soon` tasks until none is left; time stands still. */
  async settle(): Promise<void> {
    // A turn of the real event loop begins only when the microtasks have run dry.
    await turn();
    while (this.#soon.length > 0) {
      for (const run of this.#soon.splice(0)) run();
      await turn();
    }
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  #nextDue(endMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.atMs <= endMs && (next === undefined || timer.atMs < next.atMs)) next = timer;
    }
    return next;
  }
}
