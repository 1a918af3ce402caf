/** The time of the visitor's machine, which may be wrong by minutes. */
export const pageClock = {
  /** Milliseconds since 1970. */
  now: (): number => Date.now(),
  /** Runs every `ms` milliseconds for as long as the page is open. */
  every: (ms: number, run: () => void): void => void setInterval(run, ms),
} as const;
