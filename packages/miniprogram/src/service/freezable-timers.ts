import type { Clock } from "../clock.ts";

interface Timer {
  /** When it is due, in milliseconds since 1970; while frozen, as if no time passed. */
  dueMs: number;
  readonly everyMs: number | undefined;
  readonly run: () => void;
  cancel: () => void;
}

/** The timers of a project. They stop while WeChat would suspend it, and go on with what was left. */
export class FreezableTimers {
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  readonly #timers = new Map<number, Timer>();
  #lastId = 0;
  #frozenAtMs: number | undefined;

  /** `failed` gets what a timer's function throws. */
  constructor(clock: Clock, failed: (error: unknown) => void) {
    this.#clock = clock;
    this.#failed = failed;
  }

  /** The functions that take the place of the global ones. */
  get scope(): Readonly<Record<string, unknown>> {
    return {
      setTimeout: (run: unknown, ms: unknown, ...args: unknown[]) => this.#start({ run, ms, args, isRepeated: false }),
      setInterval: (run: unknown, ms: unknown, ...args: unknown[]) => this.#start({ run, ms, args, isRepeated: true }),
      clearTimeout: (id: unknown) => this.#stop(id),
      clearInterval: (id: unknown) => this.#stop(id),
      requestAnimationFrame: (run: unknown) =>
        this.#start({ run, ms: 16, args: [this.#clock.now()], isRepeated: false }),
      cancelAnimationFrame: (id: unknown) => this.#stop(id),
    };
  }

  /** Stops all timers. */
  freeze(): void {
    if (this.#frozenAtMs !== undefined) return;
    this.#frozenAtMs = this.#clock.now();
    for (const timer of this.#timers.values()) timer.cancel();
  }

  /** Goes on. */
  thaw(): void {
    if (this.#frozenAtMs === undefined) return;
    const frozenMs = this.#clock.now() - this.#frozenAtMs;
    this.#frozenAtMs = undefined;
    for (const [id, timer] of this.#timers) {
      timer.dueMs += frozenMs;
      this.#arm(id, timer);
    }
  }

  /** Forgets all timers. */
  clear(): void {
    for (const id of this.#timers.keys()) this.#stop(id);
  }

  #start({ run, ms, args, isRepeated }: StartedTimer): number {
    if (typeof run !== "function") return 0;
    const delayMs = Math.max(1, Number(ms) || 0);
    const id = ++this.#lastId;
    const timer: Timer = {
      dueMs: (this.#frozenAtMs ?? this.#clock.now()) + delayMs,
      everyMs: isRepeated ? delayMs : undefined,
      run: () => void Reflect.apply(run, undefined, [...args]),
      cancel: () => {},
    };
    this.#timers.set(id, timer);
    if (this.#frozenAtMs === undefined) this.#arm(id, timer);
    return id;
  }

  #arm(id: number, timer: Timer): void {
    timer.cancel = this.#clock.after(Math.max(0, timer.dueMs - this.#clock.now()), () => this.#fire(id, timer));
  }

  #fire(id: number, timer: Timer): void {
    if (timer.everyMs === undefined) this.#timers.delete(id);
    else {
      timer.dueMs = this.#clock.now() + timer.everyMs;
      this.#arm(id, timer);
    }
    try {
      timer.run();
    } catch (error) {
      this.#failed(error);
    }
  }

  #stop(id: unknown): void {
    if (typeof id !== "number") return;
    this.#timers.get(id)?.cancel();
    this.#timers.delete(id);
  }
}

interface StartedTimer {
  readonly run: unknown;
  readonly ms: unknown;
  readonly args: readonly unknown[];
  readonly isRepeated: boolean;
}
