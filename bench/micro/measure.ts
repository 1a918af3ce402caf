import { Bench } from "tinybench";

/** One thing to measure, made ready. */
export interface MicroBench {
  /** What one call of `run` is. */
  readonly name: string;
  /** Deliveries, frames or the like of one call; times are per each of them. @defaultValue 1 */
  readonly perCall?: number;
  readonly run: () => unknown;
}

/** A line of the report. */
export interface MicroResult {
  readonly name: string;
  /** Median time, in nanoseconds. */
  readonly nanoseconds: number;
  /** The spread of the times, plus or minus, in per cent. */
  readonly marginPercent: number;
}

/** Measures one after the other, each for `timeMs` after a warm-up. */
export async function measureAll(benches: readonly MicroBench[], timeMs: number): Promise<readonly MicroResult[]> {
  const bench = new Bench({ time: timeMs, warmupTime: timeMs / 5, throws: true });
  for (const { name, run } of benches) bench.add(name, run);
  await bench.run();
  return bench.tasks.map(({ name, result }, index) => {
    if (!("latency" in result)) throw new Error(`${name} gave no times: ${result.state}`);
    const { p50, rme } = result.latency;
    return { name, nanoseconds: (p50 * 1e6) / (benches[index]?.perCall ?? 1), marginPercent: rme };
  });
}
