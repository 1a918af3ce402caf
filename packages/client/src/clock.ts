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

/** The clock of the runtime. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
  // Not queueMicrotask: mini-programs lack it.
  soon(run) {
    void Promise.resolve().then(run);
  },
};
