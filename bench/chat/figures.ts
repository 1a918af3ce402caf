/** What one measurement gave. */
export interface Figures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of the process that did the work, per message or call, in microseconds; without that of PostgreSQL. */
  readonly cpuMicros: number;
}

/** What was measured. */
export interface Measured {
  /** Of everything that began and ended within the time. */
  readonly delaysMs: readonly number[];
  readonly measuredMs: number;
  /** CPU time of the process in the whole run. */
  readonly cpuMicros: number;
  /** What was done in the whole run, the warm-up included. */
  readonly count: number;
}

/** The figures of a measurement. */
export function figuresOf({ delaysMs, measuredMs, cpuMicros, count }: Measured): Figures {
  const sorted = delaysMs.toSorted((one, other) => one - other);
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  const perSecond = Math.round((delaysMs.length / measuredMs) * 1_000);
  return { perSecond, p50Ms: at(0.5), p99Ms: at(0.99), cpuMicros: Math.round(cpuMicros / Math.max(1, count)) };
}

/** The median of each figure by itself. */
export function medianOf(rounds: readonly Figures[]): Figures {
  const median = (figure: keyof Figures): number =>
    rounds.map((each) => each[figure]).toSorted((one, other) => one - other)[Math.floor(rounds.length / 2)] ?? 0;
  return {
    perSecond: median("perSecond"),
    p50Ms: median("p50Ms"),
    p99Ms: median("p99Ms"),
    cpuMicros: median("cpuMicros"),
  };
}

/** The median over the rounds of how much of the control's rate was reached. */
export function medianRatio(rounds: readonly Figures[], controls: readonly Figures[]): number {
  const ratios = rounds.map(({ perSecond }, round) => perSecond / (controls[round]?.perSecond ?? Number.NaN));
  return round(ratios.toSorted((one, other) => one - other)[Math.floor(ratios.length / 2)] ?? 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
