import type { Clock } from "../clock.ts";

/** Time between going to the background and being suspended, in milliseconds. */
export const SUSPEND_AFTER_MS = 5_000;
/** Time that a suspended mini-program is kept, in milliseconds. */
export const DESTROY_AFTER_MS = 30 * 60_000;

/** `"destroyed"` means that the next foreground is a cold start. */
export type RunState = "running" | "background" | "suspended" | "destroyed";

/** What a life cycle needs. */
export interface LifeCycleOptions {
  readonly clock: Clock;
  /** Called after each change of the state. */
  readonly changed: (state: RunState, before: RunState) => void;
}

/** When WeChat stops a mini-program that nobody looks at, and when it ends it. */
export class LifeCycle {
  readonly #options: LifeCycleOptions;
  #state: RunState = "running";
  #cancelTimer = (): void => {};

  /** Begins in the foreground. */
  constructor(options: LifeCycleOptions) {
    this.#options = options;
  }

  /** What the mini-program is doing. */
  get state(): RunState {
    return this.#state;
  }

  /** The user looks away: five seconds later it is suspended, and half an hour after that destroyed. */
  background(): void {
    if (this.#state === "running") this.#enter("background");
  }

  /** The user is back. */
  foreground(): void {
    if (this.#state !== "running") this.#enter("running");
  }

  /** Ends it, as WeChat does when memory is short. */
  destroy(): void {
    if (this.#state !== "destroyed") this.#enter("destroyed");
  }

  /** It starts again by itself: it runs, and nobody is told. */
  restart(): void {
    this.close();
    this.#state = "running";
  }

  /** Ends the timer. */
  close(): void {
    this.#cancelTimer();
  }

  #enter(state: RunState): void {
    this.#cancelTimer();
    const before = this.#state;
    this.#state = state;
    const { clock, changed } = this.#options;
    if (state === "background") this.#cancelTimer = clock.after(SUSPEND_AFTER_MS, () => this.#enter("suspended"));
    if (state === "suspended") this.#cancelTimer = clock.after(DESTROY_AFTER_MS, () => this.#enter("destroyed"));
    changed(state, before);
  }
}
