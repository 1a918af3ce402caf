import type { StreamPosition, StreamStamp } from "@hutong/protocol";

/** A message that a topic's history was given. */
export interface LoggedMessage {
  /** Unique in the whole run; clients report it when they are given the message. */
  readonly id: string;
  /** Where it was published. */
  readonly topic: string;
  readonly stamp: StreamStamp;
  /** The push that it came from; `undefined` for what the server broadcast by itself. */
  readonly pushId?: string | undefined;
  /** The client that may be left out, because it sent the message to the others. */
  readonly exceptClient?: string | undefined;
  /** Which life of the server kept it; a push may be handled again in another. */
  readonly life?: number;
}

/** What was kept, of every topic and epoch, for ever: the truth that clients are held to. */
export class MessageLog {
  readonly #byId = new Map<string, LoggedMessage>();
  /** Topic → epoch → messages in order. */
  readonly #topics = new Map<string, Map<string, LoggedMessage[]>>();

  /** All messages in the order in which they were kept. */
  get messages(): Iterable<LoggedMessage> {
    return this.#byId.values();
  }

  /** Number of messages. */
  get size(): number {
    return this.#byId.size;
  }

  /** Notes a message that was kept. @throws {TypeError} when its id is known. */
  add(message: LoggedMessage): void {
    if (this.#byId.has(message.id)) throw new TypeError(`message ${message.id} is in the log already`);
    this.#byId.set(message.id, message);
    const epochs = this.#topics.get(message.topic) ?? new Map<string, LoggedMessage[]>();
    this.#topics.set(message.topic, epochs);
    const messages = epochs.get(message.stamp.epoch) ?? [];
    epochs.set(message.stamp.epoch, messages);
    messages.push(message);
  }

  /** The message with that id. */
  find(id: string): LoggedMessage | undefined {
    return this.#byId.get(id);
  }

  /** The messages of a position's topic and epoch that come after it, up to `end` where it is given; `end` itself is left out. */
  after(topic: string, position: Pick<StreamPosition, "epoch" | "offset">, end?: number): readonly LoggedMessage[] {
    const messages = this.#topics.get(topic)?.get(position.epoch) ?? [];
    const start = countUpTo(messages, position.offset);
    return messages.slice(start, end === undefined ? undefined : countUpTo(messages, end - 1));
  }

  /** The epoch of the topic's newest message; `undefined` when there is none. */
  latestEpoch(topic: string): string | undefined {
    return [...(this.#topics.get(topic)?.keys() ?? [])].at(-1);
  }

  /** Whether anything was kept under that epoch. */
  hasEpoch(topic: string, epoch: string): boolean {
    return this.#topics.get(topic)?.has(epoch) ?? false;
  }
}

/** How many messages have an offset of at most `offset`, by halving. */
function countUpTo(messages: readonly LoggedMessage[], offset: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((messages[middle]?.stamp.offset ?? Infinity) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
