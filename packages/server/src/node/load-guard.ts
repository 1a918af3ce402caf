import { totalmem } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { constrainedMemory, memoryUsage } from "node:process";
import type { Clock } from "../clock.ts";
import { resolveLimits } from "../options.ts";

/** When a process is too busy to take more connections. Those that are open are served on. */
export interface LoadLimits {
  /** Resident memory, in percent of what the process may use. @defaultValue 70 */
  readonly maxMemoryPercent?: number;
  /** Lag of the event loop that one turn in a hundred may exceed, in milliseconds. @defaultValue 500 */
  readonly maxLagMs?: number;
  /** Time over which the lag is looked at, in milliseconds. @defaultValue 10_000 */
  readonly lagWindowMs?: number;
}

/** Defaults of {@link LoadLimits}. */
export const DEFAULT_LOAD_LIMITS = {
  maxMemoryPercent: 70,
  maxLagMs: 500,
  lagWindowMs: 10_000,
} as const satisfies Required<LoadLimits>;

/** What a {@link LoadGuard} looks at. */
export interface LoadReadings {
  /** Resident memory, in percent of what the process may use. */
  memoryPercent(): number;
  /** The lag that one turn in a hundred has exceeded since this was asked last, in milliseconds. */
  takeLagMs(): number;
  /** Ends measuring. */
  close(): void;
}

/** Readings are taken at most this often, in milliseconds: a handshake costs none of its own. */
const READING_INTERVAL_MS = 1_000;

const NANOSECONDS_PER_MS = 1e6;

/** Tells whether this process should take more connections. */
export class LoadGuard {
  readonly #clock: Clock;
  readonly #limits: Required<LoadLimits>;
  readonly #readings: LoadReadings;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #windowBeganAtMs: number;
  #isLagging = false;
  #isOverloaded = false;

  /** @throws {RangeError} when a limit is out of range. */
  constructor(clock: Clock, limits: LoadLimits = {}, readings: LoadReadings = processReadings()) {
    this.#clock = clock;
    this.#limits = resolveLimits(limits, DEFAULT_LOAD_LIMITS);
    this.#readings = readings;
    this.#windowBeganAtMs = clock.now();
  }

  /** Whether a limit is passed, as of the last second. */
  isOverloaded(): boolean {
    const nowMs = this.#clock.now();
    if (nowMs - this.#readAtMs < READING_INTERVAL_MS) return this.#isOverloaded;
    this.#readAtMs = nowMs;
    const { maxMemoryPercent, maxLagMs, lagWindowMs } = this.#limits;
    // The lag counts by whole windows: one long turn is no overload.
    if (nowMs - this.#windowBeganAtMs >= lagWindowMs) {
      this.#windowBeganAtMs = nowMs;
      this.#isLagging = this.#readings.takeLagMs() > maxLagMs;
    }
    this.#isOverloaded = this.#isLagging || this.#readings.memoryPercent() > maxMemoryPercent;
    return this.#isOverloaded;
  }

  /** Ends measuring. */
  close(): void {
    this.#readings.close();
  }
}

function processReadings(): LoadReadings {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  // Zero and a number beyond the machine's memory both say that nothing constrains the process.
  const constrained = constrainedMemory();
  const memory = totalmem();
  const limit = constrained > 0 && constrained < memory ? constrained : memory;
  return {
    memoryPercent: () => (memoryUsage.rss() / limit) * 100,
    takeLagMs: () => {
      const lagMs = delay.percentile(99) / NANOSECONDS_PER_MS;
      delay.reset();
      return lagMs;
    },
    close: () => void delay.disable(),
  };
}
