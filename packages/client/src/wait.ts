import type { Clock } from "./clock.ts";
import { nothing } from "./state-machine.ts";

/** Limits of one wait. */
export interface WaitOptions {
  /** Milliseconds until the wait gives up. */
  readonly timeoutMs?: number;
  /** Ends the wait: the promise rejects with the signal's reason. What was waited for goes on. */
  readonly signal?: AbortSignal;
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
  #resolve: (value: T) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #release: () => void = () => undefined;

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
    if (this.#state !== "pending") return;
    this.#state = "resolved";
    this.#release();
    this.#resolve(value);
  }

  /** Does nothing when the wait is over. */
  reject(error: unknown): void {
    if (this.#state !== "pending") return;
    this.#state = "rejected";
    this.#release();
    this.#reject(error);
  }
}
