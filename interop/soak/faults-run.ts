import { type FaultAction, HistoryChecker, SeededRandom, startFaultProxy, type Verdict } from "@hutong/testing";
import { pause } from "./measuring.ts";
import type { SoakClient, SoakClientKind } from "./soak-clients.ts";
import { SoakLog, SoakProcess } from "./soak-process.ts";

/** Sizes of {@link runFaults}. */
export interface FaultsOptions {
  readonly createClient: SoakClientKind;
  readonly clients: number;
  readonly topics: number;
  /** How long there are faults, in milliseconds. */
  readonly durationMs: number;
  /** Time between two crashes of the server, in milliseconds. */
  readonly restartEveryMs: number;
  /** Messages per second, over all topics. */
  readonly messagesPerSecond: number;
  readonly seed: number;
  /** How long after the last fault everybody has noticed that a link is dead, in milliseconds. */
  readonly settleMs: number;
}

/** What a run came to. */
export interface FaultsResult extends Verdict {
  /** Times that a topic's epoch changed. */
  readonly epochChanges: number;
  /** The most resets that the changes of epochs explain. */
  readonly explainedResets: number;
  /** Faults that were made, but for crashes. */
  readonly faults: number;
  readonly restarts: number;
}

const TOPICS_PER_CLIENT = 3;
const PUBLISH_EVERY_MS = 50;
const QUIET_LIMIT_MS = 60_000;
const QUIET_POLL_MS = 1_000;

/**
 * Clients talk to a server through a proxy that breaks their links at random, while the server is killed now and
 * then and publishing goes on. Everything is mended at the end, and what the clients were given is held against what
 * the servers wrote down.
 */
export async function runFaults(options: FaultsOptions): Promise<FaultsResult> {
  await using log = await SoakLog.create();
  const run = new FaultsRun(options, log);
  try {
    return await run.run();
  } finally {
    await run.close();
  }
}

class FaultsRun {
  readonly #options: FaultsOptions;
  readonly #log: SoakLog;
  readonly #random: SeededRandom;
  readonly #checker = new HistoryChecker();
  readonly #topics: readonly string[];
  #server: SoakProcess | undefined;
  #clients: readonly SoakClient[] = [];
  #messageCount = 0;
  #restarts = 0;
  #faults = 0;
  #closeProxy = (): Promise<void> => Promise.resolve();

  constructor(options: FaultsOptions, log: SoakLog) {
    this.#options = options;
    this.#log = log;
    this.#random = new SeededRandom(options.seed);
    this.#topics = Array.from({ length: options.topics }, (_, index) => `room:${index + 1}`);
  }

  async run(): Promise<FaultsResult> {
    const { durationMs, restartEveryMs, seed, clients } = this.#options;
    this.#server = await SoakProcess.start({ log: this.#log });
    const proxy = await startFaultProxy({ targetPort: this.#server.port, seed });
    this.#closeProxy = () => proxy.close();
    this.#clients = Array.from({ length: clients }, (_, index) => this.#createClient(index, proxy.port));
    await Promise.all(this.#clients.map(({ joined }) => joined));
    const endMs = performance.now() + durationMs;
    let [restartMs, faultMs] = [performance.now() + restartEveryMs, 0];
    while (performance.now() < endMs) {
      await pause(PUBLISH_EVERY_MS);
      await this.#publish();
      if (performance.now() > faultMs) {
        faultMs = performance.now() + this.#random.between(20, Math.ceil(40_000 / clients));
        if (proxy.connections.length > 0) proxy.apply(this.#fault(), this.#random.pick(proxy.connections));
      }
      if (performance.now() < restartMs) continue;
      restartMs = performance.now() + restartEveryMs;
      proxy.targetPort = await this.#restart();
    }
    return this.#settle();
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.#closeProxy();
    await this.#server?.[Symbol.asyncDispose]();
  }

  #createClient(index: number, port: number): SoakClient {
    const count = Math.min(TOPICS_PER_CLIENT, this.#topics.length);
    const topics = Array.from(
      { length: count },
      (_, step) => this.#topics[(index + step * 7) % this.#topics.length] ?? "",
    );
    return this.#options.createClient({
      name: `client${index + 1}`,
      port,
      topics: [...new Set(topics)],
      checker: this.#checker,
      load: (topic) => this.#server?.top(topic) ?? Promise.reject(new Error("the server is down")),
    });
  }

  async #restart(): Promise<number> {
    this.#restarts++;
    await this.#server?.kill();
    this.#server = await SoakProcess.start({ log: this.#log });
    return this.#server.port;
  }

  #fault(): FaultAction {
    this.#faults++;
    const chance = this.#random.next();
    if (chance < 0.35) return { kind: "cut", how: "rst" };
    if (chance < 0.6) return { kind: "cut", how: "fin" };
    if (chance < 0.75) return { kind: "delay", ms: this.#random.between(200, 3_000) };
    if (chance < 0.9) return { kind: "half_open", direction: this.#random.pick(["up", "down", "both"]) };
    return { kind: "throttle", bytesPerSecond: this.#random.between(2_000, 50_000) };
  }

  async #publish(): Promise<void> {
    const count = (this.#options.messagesPerSecond * PUBLISH_EVERY_MS) / 1_000;
    const topic = this.#random.pick(this.#topics);
    const ids = Array.from({ length: Math.max(1, Math.round(count)) }, () => `m${++this.#messageCount}`);
    try {
      await this.#server?.publish(topic, ids);
    } catch {
      // The server is gone, or slow: whether the messages were kept is in its log.
    }
  }

  async #everyoneIsBack(): Promise<void> {
    const endMs = performance.now() + QUIET_LIMIT_MS / 2;
    const count = async (): Promise<number> => (await this.#server?.stats())?.connections ?? 0;
    while ((await count()) < this.#options.clients && performance.now() < endMs) await pause(QUIET_POLL_MS);
    await pause(this.#options.settleMs);
  }

  async #settle(): Promise<FaultsResult> {
    // One more on every topic, when all are back: a client that cannot load takes it for its beginning.
    await this.#everyoneIsBack();
    for (const topic of this.#topics) await this.#server?.publish(topic, [`last of ${topic}`]);
    const epochChanges = await this.#log.tell(this.#checker);
    const endMs = performance.now() + QUIET_LIMIT_MS;
    let verdict = this.#checker.judge();
    while (verdict.violation !== undefined && performance.now() < endMs) {
      await pause(QUIET_POLL_MS);
      verdict = this.#checker.judge();
    }
    const perClient = Math.min(TOPICS_PER_CLIENT, this.#topics.length);
    const explainedResets = this.#restarts * this.#options.clients * perClient;
    return { ...verdict, epochChanges, explainedResets, faults: this.#faults, restarts: this.#restarts };
  }
}
