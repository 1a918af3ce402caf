import type { StreamPosition } from "@hutong/protocol";
import type { Clock } from "../clock.ts";
import { rejoinDelayMs } from "../reconnect.ts";
import { nothing } from "../state-machine.ts";

/** How far the application's snapshot is. */
export type SnapshotState =
  | { readonly kind: "loading" }
  | { readonly kind: "loaded" }
  /** It failed with `error`, and is called again at `retryAtMs`, milliseconds since 1970. */
  | { readonly kind: "waiting"; readonly retryAtMs: number; readonly error: unknown };

/** Loads what a channel shows, and may say where in the topic's history that stands. */
export type Snapshot = () => Promise<StreamPosition | undefined | void> | StreamPosition | undefined | void;

/** What a loader is made of. */
export interface SnapshotLoaderOptions {
  readonly clock: Clock;
  /** A number from 0 to 1, for jitter. */
  readonly random: () => number;
  readonly snapshot: Snapshot;
  /** The snapshot is there. Not called for one that was stopped. */
  loaded(position: StreamPosition | undefined): void;
  /** The state changed while the loader was at work. */
  changed(): void;
}

/**
 * Calls the application's snapshot until it succeeds. One call at a time, because two
 * could put their data in place in the wrong order: a start during a call makes
 * another one after it.
 */
export class SnapshotLoader {
  readonly #options: SnapshotLoaderOptions;
  #state: SnapshotState | undefined;
  #isRunning = false;
  /** Counts starts and stops, to tell the outcome of a call that nobody wants any more. */
  #turn = 0;
  #failures = 0;
  #stopTimer = nothing;

  constructor(options: SnapshotLoaderOptions) {
    this.#options = options;
  }

  /** `undefined` before the first start and after a stop. */
  get state(): SnapshotState | undefined {
    return this.#state;
  }

  /** Calls the snapshot once the current synchronous work, and a call that is under way, are done. */
  start(): void {
    this.stop();
    this.#state = { kind: "loading" };
    this.#options.clock.soon(() => void this.#run());
  }

  /** Makes no further call; the outcome of one that is under way counts for nothing. */
  stop(): void {
    this.#turn += 1;
    this.#state = undefined;
    this.#stopTimer();
  }

  async #run(): Promise<void> {
    while (!this.#isRunning && this.#state?.kind === "loading") {
      const turn = this.#turn;
      this.#isRunning = true;
      let act: () => void;
      try {
        const position = await this.#options.snapshot();
        act = () => this.#loaded(position ?? undefined);
      } catch (error) {
        act = () => this.#failed(error);
      }
      this.#isRunning = false;
      if (turn === this.#turn) return act();
    }
  }

  #loaded(position: StreamPosition | undefined): void {
    this.#failures = 0;
    this.#set({ kind: "loaded" });
    this.#options.loaded(position);
  }

  #failed(error: unknown): void {
    const { clock, random } = this.#options;
    const delayMs = rejoinDelayMs(this.#failures++, random);
    this.#stopTimer = clock.after(delayMs, () => {
      this.#set({ kind: "loading" });
      void this.#run();
    });
    this.#set({ kind: "waiting", retryAtMs: clock.now() + delayMs, error });
  }

  #set(state: SnapshotState): void {
    this.#state = state;
    this.#options.changed();
  }
}
