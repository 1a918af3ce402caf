import type { Contestant } from "./contestants.ts";
import { type Effort, loadArguments } from "./effort.ts";
import {
  deliveryFigures,
  joinFigures,
  medianFigures,
  memoryFigures,
  type Figures,
  type Run,
  runOf,
} from "./figures.ts";
import { type LoadReport, type LoadRun, startLoad } from "./load-generator.ts";
import type { Pin } from "./pinning.ts";
import type { Scenario } from "./scenarios.ts";
import type { BenchServer } from "./server-process.ts";

/** Parts of a {@link Runner}. */
export interface RunnerOptions {
  /** Path of the load generator. */
  readonly wsload: string;
  readonly pin: Pin;
  readonly effort: Effort;
  /** Hears of every run. */
  readonly report: (line: string) => void;
}

/** What a contestant gave in a scenario. */
export interface ContestantResult {
  readonly id: string;
  /** `undefined` when no run was valid. */
  readonly median: Figures | undefined;
  readonly runs: readonly Run[];
}

interface Started {
  readonly contestant: Contestant;
  readonly server: BenchServer;
  readonly runs: Run[];
}

/** Puts scenarios on contestants. */
export class Runner {
  readonly #options: RunnerOptions;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /**
   * Runs every contestant once per round, in an order that is shuffled anew, so that what else happens on
   * the machine hits all of them alike. Servers run through all rounds, but for memory, which needs fresh ones.
   */
  async run(scenario: Scenario, contestants: readonly Contestant[]): Promise<readonly ContestantResult[]> {
    const started: Started[] = await Promise.all(
      contestants.map(async (contestant) => ({ contestant, server: await contestant.start(), runs: [] })),
    );
    try {
      const rate = scenario.unit === "delay" ? await this.#halfOfPlainWs(scenario, started) : undefined;
      for (let round = 0; round < this.#options.effort.rounds; round++) {
        for (const each of shuffled(started)) {
          const run = await this.#runOnce(scenario, each, rate);
          each.runs.push(run);
          this.#options.report(`${scenario.id}, ${each.contestant.id}: ${describe(run)}`);
        }
      }
    } finally {
      await Promise.all(started.map(({ server }) => server.close()));
    }
    return started.map(({ contestant: { id }, runs }) => {
      const valid = runs.flatMap((run) => (run.kind === "valid" ? [run.figures] : []));
      return { id, median: medianFigures(valid), runs };
    });
  }

  async #runOnce(scenario: Scenario, { contestant, server }: Started, rate: number | undefined): Promise<Run> {
    const words = loadArguments(scenario, this.#options.effort, rate);
    const connectionCount = Math.ceil(scenario.connections / this.#options.effort.shrink);
    switch (scenario.unit) {
      case "connection":
        return this.#measureMemory(contestant, words, connectionCount);
      case "join": {
        const only = scenario.handshakeOnly === contestant.id ? ["--handshake-only"] : [];
        // The first wave warms the server up.
        await this.#load(contestant, server, [...words, ...only]).report;
        const report = await this.#load(contestant, server, [...words, ...only]).report;
        return runOf(report, connectionCount, joinFigures(report));
      }
      case "delivery":
      case "delay":
      case "reply": {
        const report = await this.#load(contestant, server, words).report;
        return runOf(report, connectionCount, deliveryFigures(report));
      }
      default:
        return scenario.unit satisfies never;
    }
  }

  async #measureMemory(contestant: Contestant, words: readonly string[], connectionCount: number): Promise<Run> {
    const server = await contestant.start();
    try {
      const before = await server.memory();
      const load = this.#load(contestant, server, [...words, "--hold"]);
      await Promise.race([load.joined, load.report]);
      const after = await server.memory();
      load.release();
      const report = await load.report;
      return runOf(report, connectionCount, memoryFigures(report, after - before));
    } finally {
      await server.close();
    }
  }

  /** Messages per second at which plain `ws` is half busy, measured now. */
  async #halfOfPlainWs(scenario: Scenario, started: readonly Started[]): Promise<number> {
    const plain = started.find(({ contestant }) => contestant.id === "ws") ?? started[0];
    if (plain === undefined) throw new TypeError(`${scenario.id} needs a contestant`);
    const words = loadArguments(scenario, this.#options.effort);
    const { publishedPerSecond }: LoadReport = await this.#load(plain.contestant, plain.server, words).report;
    return Math.max(1, Math.round(publishedPerSecond / 2));
  }

  #load({ words }: Contestant, { port, pids }: BenchServer, rest: readonly string[]): LoadRun {
    const { pin, wsload } = this.#options;
    const place = ["--port", String(port), "--pids", pids.join(",")];
    return startLoad(pin(1, [wsload, ...words, ...place, ...rest]));
  }
}

function describe(run: Run): string {
  if (run.kind === "invalid") return `INVALID: ${run.why}`;
  const { cpuMicros, perSecond, p50Ms, p99Ms, kib, loadCpu, foreignCpu } = run.figures;
  if (kib > 0) return `${kib.toFixed(2)} KiB`;
  const busy = `load ${loadCpu.toFixed(2)}, others ${foreignCpu.toFixed(2)} cores`;
  return `${cpuMicros.toFixed(3)} µs, ${Math.round(perSecond)}/s, ${p50Ms.toFixed(2)}/${p99Ms.toFixed(2)} ms; ${busy}`;
}

function shuffled<T>(values: readonly T[]): readonly T[] {
  return values
    .map((value) => ({ value, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}
