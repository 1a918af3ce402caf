import type { Clock } from "../../src/clock.ts";

/**
 * The time of one page. While it is frozen none of its code runs: what falls due is kept, and runs in its order on the
 * return. What a handler throws is taken down, as a runtime would report it. A page that is dead never runs again.
 */
export class Freezer implements Clock {
  /** What was thrown where nobody could catch it. */
  readonly uncaught: unknown[] = [];
  readonly #clock: Clock;
  readonly #held: (() => void)[] = [];
  readonly #cancels = new Set<() => void>();
  #state: "running" | "frozen" | "dead" = "running";

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Timers of the page that wait. */
  get timerCount(): number {
    return this.#cancels.size;
  }

  now(): number {
    return this.#clock.now();
  }

  after(ms: number, run: () => void): () => void {
    const cancel = this.#cancellable(
      (act) => this.#clock.after(ms, act),
      () => {
        cancel();
        run();
      },
    );
    return cancel;
  }

  every(ms: number, run: () => void): () => void {
    return this.#cancellable((act) => this.#clock.every(ms, act), run);
  }

  soon(run: () => void): void {
    this.#clock.soon(() => this.run(run));
  }

  /** Runs code of the page, now or on its return. */
  run(act: () => void): void {
    if (this.#state === "frozen") this.#held.push(act);
    if (this.#state !== "running") return;
    try {
      act();
    } catch (error) {
      this.uncaught.push(error);
    }
  }

  freeze(): void {
    if (this.#state === "running") this.#state = "frozen";
  }

  thaw(): void {
    if (this.#state !== "frozen") return;
    this.#state = "running";
    for (const act of this.#held.splice(0)) this.run(act);
  }

  /** The page is gone, without a word to anyone. */
  kill(): void {
    this.#state = "dead";
    for (const cancel of this.#cancels) cancel();
  }

  #cancellable(start: (act: () => void) => () => void, run: () => void): () => void {
    let isCancelled = false;
    const stop = start(() => this.run(() => isCancelled || run()));
    const cancel = (): void => {
      isCancelled = true;
      this.#cancels.delete(cancel);
      stop();
    };
    this.#cancels.add(cancel);
    return cancel;
  }
}
