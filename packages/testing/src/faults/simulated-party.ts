import type { StreamPosition } from "@hutong/protocol";
import type { FakeClock } from "../fake-clock.ts";
import type { ClientEvent } from "./client-walk.ts";
import type { HistoryChecker } from "./history-checker.ts";
import type { SeededRandom } from "./seeded-random.ts";
import type { SimulatedClient, SimulatedClientFactory } from "./simulated-client.ts";
import type { SimulatedLink } from "./simulated-link.ts";
import type { SimulatedServer } from "./simulated-server.ts";

/** What a party takes part in. */
export interface PartyOptions {
  /** Names the client in reports. */
  readonly name: string;
  readonly clock: FakeClock;
  readonly random: SeededRandom;
  readonly server: SimulatedServer;
  readonly checker: HistoryChecker;
  /** Makes the client that is put to the test. */
  readonly createClient: SimulatedClientFactory;
  /** Takes down a line for who looks into the run. */
  readonly trace: (line: string) => void;
}

/** One client of a simulation, its application, and the cable that it hangs on. */
export class SimulatedParty {
  readonly name: string;
  readonly topics = new Set<string>();
  readonly #options: PartyOptions;
  readonly #client: SimulatedClient;
  #link: SimulatedLink | undefined;
  #isUnplugged = false;
  #pushCount = 0;
  #joinCount = 0;

  constructor(options: PartyOptions) {
    this.name = options.name;
    this.#options = options;
    this.#client = options.createClient({
      name: options.name,
      clock: options.clock,
      random: () => options.random.next(),
      dial: (handlers) => {
        const link = options.server.dial(options.name, handlers);
        if (this.#isUnplugged) link.crash();
        this.#link = link;
        return link;
      },
      load: (topic) => this.#load(topic),
      broke: (topic, arrival) => {
        options.trace(`${options.name} ${topic}: broke by a ${arrival}`);
        const text = `${options.name} was sent a message of ${topic} that is a ${arrival} to it`;
        options.checker.report({ invariant: "I1", count: 0, text });
      },
      delivered: (topic, payload) => this.#delivered(topic, payload),
    });
  }

  /** Joins a topic; one that is joined already stays so. */
  join(topic: string): void {
    if (this.topics.has(topic)) return;
    this.topics.add(topic);
    this.#joinCount++;
    this.#note(topic, { kind: "joined" });
    this.#client.join(topic);
  }

  /** Leaves a topic that was joined. */
  leave(topic: string): void {
    this.topics.delete(topic);
    this.#note(topic, { kind: "left" });
    this.#client.leave(topic);
  }

  /** Pushes an event, and takes down what becomes of it. */
  push(topic: string, event: string, isDurable: boolean): void {
    const { checker } = this.#options;
    this.#pushCount++;
    const id = `${this.name}-push-${String(this.#pushCount).padStart(12, "0")}`;
    checker.sent(this.name, id);
    const push = { id, event, isDurable, payload: { pushId: id } };
    void this.#client.push(topic, push).then((outcome) => {
      if (outcome !== "unknown") checker.answered(id, outcome);
    });
  }

  /** Breaks the link; the client may connect again. */
  cut(): void {
    this.#link?.cut();
  }

  /** The cable is out: the link is silent, and new ones do not come about, until {@link plug}. */
  unplug(): void {
    this.#isUnplugged = true;
    this.#link?.unplug();
  }

  /** The cable is in again. The old link, if it is still there, goes on where it was. */
  plug(): void {
    this.#isUnplugged = false;
    this.#link?.plug();
  }

  /** Reads no more, until {@link resume}. */
  pause(): void {
    this.#link?.pause();
  }

  /** Reads again. */
  resume(): void {
    this.#link?.resume();
  }

  /** Ends the client for good. */
  close(): void {
    for (const topic of this.topics) this.leave(topic);
    this.#client.close();
  }

  async #load(topic: string): Promise<StreamPosition> {
    const { clock, random, server } = this.#options;
    const position = server.top(topic);
    const joinCount = this.#joinCount;
    await new Promise<void>((resolve) => void clock.after(random.between(1, 300), resolve));
    if (random.chance(0.1)) throw new Error("the data could not be loaded, as planned");
    // An application that has left, and perhaps joined anew, does not use what it loaded for the earlier join.
    if (joinCount !== this.#joinCount || !this.topics.has(topic)) throw new Error("nobody needs the data any more");
    this.#note(topic, { kind: "loaded", position });
    return position;
  }

  #note(topic: string, event: ClientEvent): void {
    this.#options.trace(`${this.name} ${topic}: ${JSON.stringify(event)}`);
    this.#options.checker.note(this.name, topic, event);
  }

  #delivered(topic: string, payload: unknown): void {
    // Live events have no id.
    if (typeof payload !== "object" || payload === null || !("id" in payload)) return;
    this.#note(topic, { kind: "delivered", id: String(payload.id) });
  }
}
