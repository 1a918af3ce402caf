import type { Clock } from "@hutong/server/plugin";

interface Timer {
  atMs: number;
  /** Time between two runs; `undefined` runs once. */
  readonly everyMs: number | undefined;
  readonly run: () => void;
}

/** The longest time that a timer of Node can wait, in milliseconds. */
const MAX_WAIT_MS = 2 ** 31 - 1;

/**
 * A clock that goes with real time and can be moved on: what is due then runs at once. For tests in which real sockets
 * are at work, whose events no fake clock can bring about. Does not keep the process alive.
 *
 * @example
 * const clock = new SkippingClock();
 * clock.after(1_800_000, () => ring());
 * clock.skip(1_800_000);
 */
export class SkippingClock implements Clock {
  readonly #timers = new Set<Timer>();
  #skippedMs = 0;
  #wakeUp: NodeJS.Timeout | undefined;

  now(): number {
    return Date.now() + this.#skippedMs;
  }

  after(ms: number, run: () => void): () => void {
    return this.#add({ atMs: this.now() + ms, everyMs: undefined, run });
  }

  every(ms: number, run: () => void): () => void {
    // One of no length would never let a skip end.
    const everyMs = Math.max(1, ms);
    return this.#add({ atMs: this.now() + everyMs, everyMs, run });
  }

  soon(run: () => void): void {
    setImmediate(run);
  }

  /** Moves time on by `ms` milliseconds. What falls due runs before it returns, in the order of its times. */
  skip(ms: number): void {
    const endMs = this.now() + ms;
    for (let timer = this.#next(); timer !== undefined && timer.atMs <= endMs; timer = this.#next()) {
      this.#skippedMs = Math.max(this.#skippedMs, timer.atMs - Date.now());
      this.#run(timer);
    }
    this.#skippedMs = Math.max(this.#skippedMs, endMs - Date.now());
    this.#arm();
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    this.#arm();
    return () => void this.#timers.delete(timer);
  }

  #arm(): void {
    clearTimeout(this.#wakeUp);
    const timer = this.#next();
    if (timer === undefined) return;
    this.#wakeUp = setTimeout(() => this.#runDue(), Math.min(Math.max(0, timer.atMs - this.now()), MAX_WAIT_MS));
    this.#wakeUp.unref();
  }

  #runDue(): void {
    const timer = this.#next();
    try {
      if (timer !== undefined && timer.atMs <= this.now()) this.#run(timer);
    } finally {
      this.#arm();
    }
  }

  #run(timer: Timer): void {
    if (timer.everyMs === undefined) this.#timers.delete(timer);
    else timer.atMs += timer.everyMs;
    timer.run();
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (next === undefined || timer.atMs < next.atMs) next = timer;
    return next;
  }
}
