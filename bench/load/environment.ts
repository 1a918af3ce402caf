import { cpus, loadavg, release, totalmem } from "node:os";
import { canPin } from "./pinning.ts";

/** The machine that a result comes from. It is described, not named. */
export interface Environment {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly kernel: string;
  readonly node: string;
  /** Whether server and load generator each had a core. */
  readonly isPinned: boolean;
  /** Processes that wanted to run, as a mean of the minute before the run. With nothing else going on it is near 0. */
  readonly loadBefore: number;
  /** The same at the end. The run itself accounts for up to 2 of it. */
  readonly loadAfter: number;
}

/** Describes the machine. `loadBefore` is the load at the start. */
export function describeEnvironment(loadBefore: number): Environment {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: `${process.platform} ${release().split(/[-+]/, 1)[0]}`,
    node: process.version,
    isPinned: canPin(),
    loadBefore,
    loadAfter: currentLoad(),
  };
}

/** Mean number of processes that wanted to run in the last minute. */
export function currentLoad(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}
