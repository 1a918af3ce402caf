/** One line of the table. */
export interface Measure {
  /** What is measured. */
  readonly name: string;
  /** What was found, for the reader. */
  readonly figure: string;
  /** What is allowed, for the reader. */
  readonly limit: string;
  /** Where and how the limit is passed; empty when it is kept. */
  readonly violations: readonly string[];
}

/** A size, and where it was found. */
export interface Sample {
  /** `path:line`, or a path. */
  readonly place: string;
  /** In the unit of the measure. */
  readonly size: number;
}

/** What samples are held to. */
export interface SizeBudget {
  /** The share of samples that must reach no further than `target`, between 0 and 1. */
  readonly share: number;
  /** The most for that share of the samples. */
  readonly target: number;
  /** The most for any sample. */
  readonly hard: number;
}

/** The smallest size that at least the given share of the samples does not pass; 0 without samples. */
export function percentile(samples: readonly Sample[], share: number): number {
  const sizes = samples.map(({ size }) => size).sort((left, right) => left - right);
  return sizes[Math.max(0, Math.ceil(share * sizes.length) - 1)] ?? 0;
}

/** Holds sizes to a budget, for most of them and for each. */
export function sizeMeasure(name: string, budget: SizeBudget, samples: readonly Sample[]): Measure {
  const { share, target, hard } = budget;
  const label = `p${Math.round(share * 100)}`;
  const reached = percentile(samples, share);
  const largest = samples.reduce((most, { size }) => Math.max(most, size), 0);
  const single = samples
    .filter(({ size }) => size > hard)
    .map(({ place, size }) => `${place}: ${size}, at most ${hard}`);
  return {
    name,
    figure: `median ${percentile(samples, 0.5)}, ${label} ${reached}, most ${largest}`,
    limit: `${label} ${target}, most ${hard}`,
    violations: reached > target ? [`${label} is ${reached}, at most ${target}`, ...single] : single,
  };
}

/** Allows none of the places. */
export function noneMeasure(name: string, places: readonly string[]): Measure {
  return { name, figure: String(places.length), limit: "0", violations: places };
}
