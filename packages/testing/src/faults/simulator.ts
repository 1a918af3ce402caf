import type { TelemetryEvent } from "@hutong/server";
import { FakeClock } from "../fake-clock.ts";
import { HistoryChecker, type Verdict } from "./history-checker.ts";
import { SeededRandom } from "./seeded-random.ts";
import { ACTIONS, pickAction, type SimulatedScene } from "./simulated-actions.ts";
import type { SimulatedClientFactory } from "./simulated-client.ts";
import { SimulatedParty } from "./simulated-party.ts";
import { SIMULATED_LIMITS, SimulatedServer } from "./simulated-server.ts";

/** Options of {@link simulate}. */
export interface SimulationOptions {
  /** Decides everything; the same seed makes the same run. */
  readonly seed: number;
  /** Makes the clients that are put to the test. */
  readonly createClient: SimulatedClientFactory;
  /** Actions of a run. @defaultValue 60 */
  readonly steps?: number;
  /** Hears what happens, a line at a time, to look into a failing seed. @defaultValue nobody */
  readonly trace?: (line: string) => void;
}

/** What a simulation came to. */
export interface SimulationResult extends Verdict {
  /** The seed of the run: the same seed gives the same run. */
  readonly seed: number;
}

/** Longer than every timeout and wait of server and client, so that everybody is where they want to be. */
const QUIET_MS = 120_000;

/**
 * Runs clients against a server in one process, on a clock that only the run moves, over links that break. Afterwards
 * everything is mended and left in quiet, and what the clients were given is held against what the history was given.
 *
 * @example
 * const result = await simulate({ seed: 7, createClient: (seat) => new ModelClient(seat) });
 * expect(result.violation).toBeUndefined();
 */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const simulation = new Simulation(options);
  await simulation.run();
  return { seed: options.seed, ...simulation.checker.judge() };
}

/** A run of {@link simulate}. */
class Simulation implements SimulatedScene {
  readonly checker = new HistoryChecker();
  readonly clock = new FakeClock();
  readonly random: SeededRandom;
  readonly server: SimulatedServer;
  readonly topics: readonly string[];
  readonly parties: readonly SimulatedParty[];
  readonly #options: SimulationOptions;

  constructor(options: SimulationOptions) {
    this.#options = options;
    const random = new SeededRandom(options.seed);
    this.random = random;
    this.topics = ["room:1", "room:2", "room:3"].slice(0, random.between(1, 3));
    this.server = new SimulatedServer({
      clock: this.clock,
      random: random.fork(),
      kept: (topic, stamp, { id, pushId, exceptClient, life }) => {
        this.trace(`kept ${id} at ${topic} ${stamp.epoch}/${stamp.offset}`);
        this.checker.kept({ id, topic, stamp, pushId, exceptClient, life });
      },
      lost: (pushId) => this.checker.excuse(pushId),
      telemetry: (event) => this.#hear(event),
    });
    const { checker, clock, server } = this;
    this.parties = Array.from({ length: random.between(1, 4) }, (_, index) => {
      const { createClient } = options;
      return new SimulatedParty({
        name: `client${index + 1}`,
        clock,
        random: random.fork(),
        server,
        checker,
        createClient,
        trace: (line) => this.trace(line),
      });
    });
  }

  /** Takes down a line for who looks into the run. */
  trace(line: string): void {
    this.#options.trace?.(`${this.clock.now() - START_MS} ${line}`);
  }

  /** Does the actions, mends everything, waits, and ends. */
  async run(): Promise<void> {
    await this.server.start({ isNew: true });
    for (const party of this.parties) party.join(this.random.pick(this.topics));
    for (let step = 0; step < (this.#options.steps ?? 60); step++) {
      const action = pickAction(this.random);
      this.trace(`· ${action}`);
      await ACTIONS[action].run(this);
      await this.clock.advance(this.#pause());
      this.#checkQueues();
    }
    await this.#settle();
    await this.#end();
  }

  #pause(): number {
    if (this.random.chance(0.3)) return 0;
    return this.random.chance(0.05) ? this.random.between(1_000, 30_000) : this.random.between(1, 400);
  }

  async #settle(): Promise<void> {
    if (this.server.current === undefined) await this.server.start({ isNew: false });
    for (const party of this.parties) {
      party.plug();
      party.resume();
    }
    await this.clock.advance(QUIET_MS);
    this.#checkPresence();
  }

  async #end(): Promise<void> {
    // A client ends in its own time; what it does after this is not looked at.
    for (const party of this.parties) party.close();
    this.server.crash();
    await this.clock.advance(QUIET_MS);
  }

  #checkQueues(): void {
    for (const { bufferedAmount, socketId, state } of this.server.current?.connections() ?? []) {
      if (state !== "open" || bufferedAmount <= SIMULATED_LIMITS.maxQueuedBytes) continue;
      const text = `${bufferedAmount} bytes wait for ${socketId}, more than ${SIMULATED_LIMITS.maxQueuedBytes}`;
      this.checker.report({ invariant: "I9", count: 1, text });
    }
  }

  #checkPresence(): void {
    for (const topic of this.topics) {
      const listed = Object.keys(this.server.current?.presence(topic) ?? {}).sort();
      const joined = this.parties.filter(({ topics }) => topics.has(topic)).map(({ name }) => name);
      if (listed.join() === joined.sort().join()) continue;
      const text = `${topic} lists ${listed.join(", ") || "nobody"}, but ${joined.join(", ") || "nobody"} is there`;
      this.checker.report({ invariant: "I8", count: 1, text });
    }
  }

  #hear(event: TelemetryEvent): void {
    if (this.#options.trace !== undefined) this.trace(`server: ${JSON.stringify(event)}`);
  }
}

const START_MS = new FakeClock().now();
