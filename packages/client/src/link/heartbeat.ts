import type { Clock } from "../clock.ts";

/** How a heartbeat is made. */
export interface HeartbeatOptions {
  readonly clock: Clock;
  /** Between two beats, in milliseconds. */
  readonly intervalMs: number;
  /** How long a beat may stay unanswered, in milliseconds. */
  readonly timeoutMs: number;
  /** Sends one beat. */
  beat(): void;
  /** Hears once that nothing came in time; the heartbeat has stopped by then. */
  dead(): void;
}

/** Asks the other end regularly whether it is there. Any frame counts as an answer, for it proves the same. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #stopInterval: (() => void) | undefined;
  #stopTimeout: (() => void) | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Starts; the first beat comes after one interval. */
  start(): void {
    this.#stopInterval = this.#options.clock.every(this.#options.intervalMs, () => this.probe());
  }

  /** Beats now, unless a beat waits for its answer. Does nothing when not started. */
  probe(): void {
    if (this.#stopInterval === undefined || this.#stopTimeout !== undefined) return;
    this.#stopTimeout = this.#options.clock.after(this.#options.timeoutMs, () => {
      this.stop();
      this.#options.dead();
    });
    this.#options.beat();
  }

  /** Takes note that a frame arrived. */
  heard(): void {
    this.#stopTimeout?.();
    this.#stopTimeout = undefined;
  }

  stop(): void {
    this.heard();
    this.#stopInterval?.();
    this.#stopInterval = undefined;
  }
}
