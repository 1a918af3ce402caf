import type { Clock } from "@hutong/server/plugin";

interface Parcel {
  readonly dueMs: number;
  readonly size: number;
  readonly arrive: () => void;
}

/**
 * One direction of a simulated link. What is put in arrives after its latency, in the order in which it
 * was put in, whatever the latencies are.
 */
export class SimulatedPipe {
  readonly #clock: Clock;
  readonly #parcels: Parcel[] = [];
  #waitingBytes = 0;
  #lastDueMs = 0;
  #isStopped = false;
  #isBroken = false;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Bytes that were put in and have not arrived. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Calls `arrive` after `latencyMs`, and after everything that was put in before. */
  put(size: number, latencyMs: number, arrive: () => void): void {
    if (this.#isBroken) return;
    this.#lastDueMs = Math.max(this.#lastDueMs, this.#clock.now() + latencyMs);
    this.#parcels.push({ dueMs: this.#lastDueMs, size, arrive });
    this.#waitingBytes += size;
    this.#arm();
  }

  /** Holds everything back until {@link start}: the receiver does not read, or the cable is out. */
  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Goes on after {@link stop}. */
  start(): void {
    this.#isStopped = false;
    this.#arm();
  }

  /** Loses what is under way, and everything that is put in from now on. */
  break(): void {
    this.#isBroken = true;
    this.#parcels.length = 0;
    this.#waitingBytes = 0;
    this.stop();
  }

  #arm(): void {
    const [first] = this.#parcels;
    if (first === undefined || this.#isStopped || this.#cancel !== undefined) return;
    this.#cancel = this.#clock.after(Math.max(first.dueMs - this.#clock.now(), 0), () => this.#deliver());
  }

  #deliver(): void {
    this.#cancel = undefined;
    const nowMs = this.#clock.now();
    for (let first = this.#parcels[0]; first !== undefined && !this.#isStopped; first = this.#parcels[0]) {
      if (first.dueMs > nowMs) break;
      this.#parcels.shift();
      this.#waitingBytes -= first.size;
      first.arrive();
    }
    this.#arm();
  }
}
