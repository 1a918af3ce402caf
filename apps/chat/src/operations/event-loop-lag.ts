import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { Clock } from "@hutong/server/plugin";

/** How late timers run: time between two looks of the histogram, in milliseconds. */
const RESOLUTION_MS = 20;
/** Time that one sample covers, in milliseconds. */
const SAMPLE_MS = 1_000;
/** Samples that are kept. */
const SAMPLE_COUNT = 60;

/** Measures how late the event loop runs what is due: the worst delay of every second, for a minute. */
export class EventLoopLag {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #samples: number[] = [];
  readonly #cancel: () => void;

  constructor(clock: Clock) {
    this.#histogram.enable();
    this.#cancel = clock.every(SAMPLE_MS, () => this.#sample());
  }

  /** The worst delay of each of the last 60 seconds in milliseconds, the oldest first. */
  get samples(): readonly number[] {
    return this.#samples;
  }

  /** The worst delay of the last `seconds` seconds, in milliseconds. */
  worstMs(seconds: number): number {
    return Math.max(0, ...this.#samples.slice(-seconds));
  }

  /** Stops measuring. */
  close(): void {
    this.#cancel();
    this.#histogram.disable();
  }

  #sample(): void {
    // The histogram counts from one look to the next, so the time between two looks is no delay.
    const worstMs = this.#histogram.count === 0 ? 0 : Math.max(0, this.#histogram.max / 1e6 - RESOLUTION_MS);
    this.#histogram.reset();
    this.#samples.push(worstMs);
    if (this.#samples.length > SAMPLE_COUNT) this.#samples.shift();
  }
}
