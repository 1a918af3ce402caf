import type { StreamPosition } from "@hutong/protocol";
import type { LoggedMessage, MessageLog } from "./message-log.ts";

/** What happened to a client on one topic, as its application saw it. */
export type ClientEvent =
  /** It asked to be on the topic. */
  | { readonly kind: "joined" }
  /** It wants to hear no more of the topic. */
  | { readonly kind: "left" }
  /** It loaded what it shows anew, as it stands at `position`; without one, at whatever comes next. */
  | { readonly kind: "loaded"; readonly position: StreamPosition | undefined }
  /** It was given a message. */
  | { readonly kind: "delivered"; readonly id: string };

/** The rules of `reliability.md` that a run can break. */
export type Invariant = "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7" | "I8" | "I9";

/** A rule that was broken, in a sentence or two. */
export interface Violation {
  readonly invariant: Invariant;
  /** What the client did, for people. */
  readonly text: string;
  /** How many messages it is about. */
  readonly count: number;
}

/**
 * Follows one client on one topic through the log: every message has to be the next one after the one before.
 * After a violation it goes on from the message that it was given, so that one loss is counted once.
 */
export class ClientWalk {
  readonly violations: Violation[] = [];
  /** Times that the data was loaded anew after the first. */
  resets = 0;
  /** Messages that were given. */
  delivered = 0;
  readonly #log: MessageLog;
  readonly #client: string;
  readonly #topic: string;
  readonly #given = new Set<string>();
  #isIn = false;
  #hasLoaded = false;
  #position: Pick<StreamPosition, "epoch" | "offset"> | undefined;

  constructor(log: MessageLog, client: string, topic: string) {
    this.#log = log;
    this.#client = client;
    this.#topic = topic;
  }

  /** Takes the next event. */
  take(event: ClientEvent): void {
    switch (event.kind) {
      case "joined":
        if (!this.#isIn) this.#position = undefined;
        if (!this.#isIn) this.#hasLoaded = false;
        this.#isIn = true;
        return;
      case "left":
        this.#isIn = false;
        return;
      case "loaded":
        if (this.#hasLoaded) this.resets++;
        this.#hasLoaded = true;
        this.#position = event.position;
        return;
      case "delivered":
        return this.#take(event.id);
      default:
        return event satisfies never;
    }
  }

  /** Nothing more happens: a client that is on the topic has to be at its top. */
  finish(): void {
    if (!this.#isIn) return;
    const latest = this.#log.latestEpoch(this.#topic);
    const position = this.#position;
    if (position === undefined) {
      if (latest !== undefined) this.#violate("I6", 1, `never got in step with ${this.#topic}`);
      return;
    }
    const missing = this.#needed(this.#log.after(this.#topic, position));
    if (missing.length > 0)
      return this.#violate("I6", missing.length, `stands at ${show(position)} and never got ${list(missing)}`);
    // A new history that nobody has written to is at 0 and not in the log.
    const isNew = position.offset === 0 && !this.#log.hasEpoch(this.#topic, position.epoch);
    if (latest !== undefined && position.epoch !== latest && !isNew)
      this.#violate("I6", 1, `stands at ${show(position)}, but the topic is in epoch ${latest}`);
  }

  #take(id: string): void {
    this.delivered++;
    const message = this.#log.find(id);
    if (message === undefined || message.topic !== this.#topic)
      return this.#violate("I1", 1, `was given ${id}, which ${this.#topic} never kept`);
    if (!this.#isIn) return this.#violate("I7", 1, `was given ${name(message)} while not on the topic`);
    const position = this.#position;
    this.#judge(message, position);
    const isForward = position?.epoch !== message.stamp.epoch || position.offset < message.stamp.offset;
    if (isForward) this.#position = message.stamp;
    this.#given.add(id);
  }

  #judge(message: LoggedMessage, position: Pick<StreamPosition, "epoch" | "offset"> | undefined): void {
    if (position === undefined) return;
    const { epoch, offset } = message.stamp;
    const at = `was given ${name(message)} while at ${show(position)}`;
    if (epoch !== position.epoch) return this.#violate("I1", 1, `${at}, without having loaded anew`);
    if (offset <= position.offset)
      return this.#given.has(message.id)
        ? this.#violate("I2", 1, `${at}: it was given before`)
        : this.#violate("I3", 1, `${at}: it is late, or what was loaded held it already`);
    const skipped = this.#needed(this.#log.after(this.#topic, position, offset));
    if (skipped.length > 0) this.#violate("I1", skipped.length, `${at}: ${list(skipped)} did not come before`);
  }

  #needed(messages: readonly LoggedMessage[]): readonly LoggedMessage[] {
    return messages.filter(({ exceptClient }) => exceptClient !== this.#client);
  }

  #violate(invariant: Invariant, count: number, text: string): void {
    this.violations.push({ invariant, count, text: `${this.#client} ${text}` });
  }
}

function name({ id, stamp }: LoggedMessage): string {
  return `${id} (${show(stamp)})`;
}

function show({ epoch, offset }: Pick<StreamPosition, "epoch" | "offset">): string {
  return `${epoch}/${offset}`;
}

function list(messages: readonly LoggedMessage[]): string {
  const shown = messages.slice(0, 3).map(name).join(", ");
  return messages.length > 3 ? `${shown} and ${messages.length - 3} more` : shown;
}
