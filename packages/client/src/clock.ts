/** Everything that a socket needs to know of time. A fake one makes tests instant. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs once after `ms` milliseconds; the returned function cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Runs every `ms` milliseconds until the returned function is called. */
  every(ms: number, run: () => void): () => void;
  /** Runs once after the current synchronous work. */
  soon(run: () => void): void;
}

/** The longest wait that a runtime can be asked for, in milliseconds: beyond it, and for `Infinity`, timers run at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** The clock of the runtime. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, LONGEST_MS));
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, Math.min(ms, LONGEST_MS));
    return () => clearInterval(timer);
  },
  // Not queueMicrotask: mini-programs lack it.
  soon(run) {
    void Promise.resolve().then(run);
  },
};
