import type { Clock } from "./clock.ts";
import { nothing } from "./state-machine.ts";

/** Limits of one wait. */
export interface WaitOptions {
  /** Milliseconds until the wait gives up; `Infinity` for never. */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait: the promise rejects with the signal's reason. What was waited for goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** How a {@link Wait} is made. */
export interface WaitSetup extends WaitOptions {
  readonly clock: Clock;
  /** Makes the error of a wait that took too long. */
  expired(): Error;
  /** Runs once, when the wait is over for any reason. */
  settled?(): void;
}

/** A promise that is settled from outside, once, and that a deadline or a signal may settle first. */
export class Wait<T> {
  readonly promise: Promise<T>;
  #state: "pending" | "resolved" | "rejected" = "pending";
  #resolve: (value: T) => void = nothing;
  #reject: (error: unknown) => void = nothing;
  #release = nothing;

  constructor(setup: WaitSetup) {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { clock, signal, timeoutMs } = setup;
    const aborted = (): void => this.reject(signal?.reason);
    const stopTimer = timeoutMs === undefined ? nothing : clock.after(timeoutMs, () => this.reject(setup.expired()));
    signal?.addEventListener("abort", aborted);
    this.#release = () => {
      stopTimer();
      signal?.removeEventListener("abort", aborted);
      setup.settled?.();
    };
    if (signal?.aborted === true) aborted();
  }

  get state(): "pending" | "resolved" | "rejected" {
    return this.#state;
  }

  /** Does nothing when the wait is over. */
  resolve(value: T): void {
    this.#end("resolved", () => this.#resolve(value));
  }

  /** Does nothing when the wait is over. */
  reject(error: unknown): void {
    this.#end("rejected", () => this.#reject(error));
  }

  #end(state: "resolved" | "rejected", settle: () => void): void {
    if (this.#state !== "pending") return;
    this.#state = state;
    this.#release();
    settle();
  }
}
