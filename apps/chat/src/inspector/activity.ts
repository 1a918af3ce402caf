import type { Trouble } from "@hutong/chat-api";
import type { Telemetry, TelemetryEvent } from "@hutong/server";
import { troubleOf } from "./trouble.ts";

/** Troubles that are kept. */
const MAX_TROUBLES = 200;
/** Topics whose broadcasts are counted; beyond it counting starts anew. */
const MAX_COUNTED_TOPICS = 10_000;

/** What the inspector remembers of the server's reports: a few counts, and the latest troubles. */
export class Activity {
  readonly #now: () => number;
  readonly #broadcasts = new Map<string, number>();
  #troubles: Trouble[] = [];
  #troubleCount = 0;
  #messageCount = 0;
  #deliveryCount = 0;

  /** `now` dates the troubles. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** To be called with the server's events. */
  readonly telemetry: Telemetry = (event) => this.#take(event);

  /** Pushes that were handled since the start. */
  get messageCount(): number {
    return this.#messageCount;
  }

  /** Channels that broadcasts were meant for since the start. */
  get deliveryCount(): number {
    return this.#deliveryCount;
  }

  /** The latest troubles, the newest first. */
  get troubles(): readonly Trouble[] {
    return this.#troubles.toReversed();
  }

  /** Broadcasts of a topic, counted since it was first heard of. */
  broadcastsOf(topic: string): number {
    return this.#broadcasts.get(topic) ?? 0;
  }

  #take(event: TelemetryEvent): void {
    if (event.kind === "message_handled") {
      this.#messageCount++;
    } else if (event.kind === "broadcast_dispatched") {
      this.#deliveryCount += event.subscriberCount;
      if (this.#broadcasts.size >= MAX_COUNTED_TOPICS) this.#broadcasts.clear();
      this.#broadcasts.set(event.topic, this.broadcastsOf(event.topic) + 1);
    } else {
      this.#keep(event);
    }
  }

  #keep(event: TelemetryEvent): void {
    const detail = troubleOf(event);
    if (detail === undefined) return;
    this.#troubleCount++;
    this.#troubles.push({ id: this.#troubleCount, atMs: this.#now(), ...detail });
    if (this.#troubles.length > MAX_TROUBLES) this.#troubles.shift();
  }
}
