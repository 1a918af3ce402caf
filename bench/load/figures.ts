import type { LoadReport } from "./load-generator.ts";

/** What one run of one contestant gave. A figure that the scenario does not have is 0. */
export interface Figures {
  /** CPU time of the server per delivery, reply or join, in microseconds. */
  readonly cpuMicros: number;
  /** Deliveries, replies or joins per second. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Resident memory per connection, in KiB. */
  readonly kib: number;
  /** Cores that the load generator kept busy. */
  readonly loadCpu: number;
  /** Cores that were busy with something else. */
  readonly foreignCpu: number;
}

/** A run, which counts only if everything arrived. */
export type Run =
  | { readonly kind: "valid"; readonly figures: Figures }
  | { readonly kind: "invalid"; readonly why: string };

/** The run of a report, or why it does not count: a lost connection or delivery makes every other figure meaningless. */
export function runOf(report: LoadReport, connectionCount: number, figures: Figures): Run {
  const { joined, lost, error, expected, received } = report;
  if (lost > 0) return { kind: "invalid", why: `${lost} connections lost; ${error}` };
  if (joined < connectionCount) return { kind: "invalid", why: `${joined} of ${connectionCount} connections joined` };
  if (received !== expected) return { kind: "invalid", why: `${received} of ${expected} deliveries arrived` };
  return { kind: "valid", figures };
}

/** Figures of deliveries or replies. */
export function deliveryFigures(report: LoadReport): Figures {
  const { microsPerDelivery: cpuMicros, deliveriesPerSecond: perSecond, p50Ms, p99Ms, loadCpu, foreignCpu } = report;
  return { cpuMicros, perSecond, p50Ms, p99Ms, kib: 0, loadCpu, foreignCpu };
}

/** Figures of joins. */
export function joinFigures({ joined, joinSeconds, joinCpuSeconds, joinP99Ms }: LoadReport): Figures {
  const cpuMicros = (joinCpuSeconds * 1e6) / joined;
  return { cpuMicros, perSecond: joined / joinSeconds, p50Ms: 0, p99Ms: joinP99Ms, kib: 0, loadCpu: 0, foreignCpu: 0 };
}

/** Figures of memory; `bytes` is what all connections took together. */
export function memoryFigures({ joined }: LoadReport, bytes: number): Figures {
  return { cpuMicros: 0, perSecond: 0, p50Ms: 0, p99Ms: 0, kib: bytes / 1_024 / joined, loadCpu: 0, foreignCpu: 0 };
}

/** The median of each figure; `undefined` without runs. */
export function medianFigures(runs: readonly Figures[]): Figures | undefined {
  if (runs.length === 0) return undefined;
  const of = (name: keyof Figures): number => rounded(median(runs.map((figures) => figures[name])));
  return {
    cpuMicros: of("cpuMicros"),
    perSecond: of("perSecond"),
    p50Ms: of("p50Ms"),
    p99Ms: of("p99Ms"),
    kib: of("kib"),
    loadCpu: of("loadCpu"),
    foreignCpu: of("foreignCpu"),
  };
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

/** Four digits that mean something. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
