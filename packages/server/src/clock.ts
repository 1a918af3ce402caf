/**
 * Time as a dependency. Everything with a timer takes a clock, so that tests
 * decide when time passes.
 */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs once after `ms` milliseconds; the returned function cancels it. MUST NOT keep the process alive. */
  after(ms: number, run: () => void): () => void;
  /** Runs every `ms` milliseconds until the returned function is called. MUST NOT keep the process alive. */
  every(ms: number, run: () => void): () => void;
  /** Runs once when the events that are ready now have been handled. Cannot be cancelled. */
  soon(run: () => void): void;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
  soon(run) {
    setImmediate(run);
  },
};
