import type { Telemetry } from "../telemetry.ts";
import type { Broker } from "./broker.ts";
import { type Broadcast, BroadcastEnvelope, decodeEnvelope } from "./envelope.ts";

/** Fans a broadcast out to the subscribers of this node. MUST NOT throw for one subscriber's fault. */
export type Dispatch<TSubscriber> = (
  subscribers: ReadonlySet<TSubscriber>,
  broadcast: Broadcast,
  except: TSubscriber | undefined,
) => void;

/** Parts of a {@link PubSub}. */
export interface PubSubOptions<TSubscriber> {
  readonly broker: Broker;
  readonly dispatch: Dispatch<TSubscriber>;
  /** Receives broadcasts on {@link CONTROL_TOPIC} of other nodes. */
  readonly control: (broadcast: Broadcast) => void;
  readonly telemetry: Telemetry;
}

/** The topic on which nodes speak to each other. No client can name it: `$` is outside the topics' alphabet. */
export const CONTROL_TOPIC = "$control";

interface TopicEntry<TSubscriber> {
  readonly subscribers: Set<TSubscriber>;
  /** Settles when the broker has confirmed the node's subscription; `undefined` once it has. */
  confirming: Promise<void> | undefined;
}

/**
 * The table topic → subscribers of this node, and the broker that joins it to the
 * tables of the others. A broadcast goes to local subscribers within the call, in
 * the order of the calls.
 */
export class PubSub<TSubscriber> {
  readonly #broker: Broker;
  readonly #dispatch: Dispatch<TSubscriber>;
  readonly #control: (broadcast: Broadcast) => void;
  readonly #telemetry: Telemetry;
  readonly #topics = new Map<string, TopicEntry<TSubscriber>>();
  #started: Promise<void> | undefined;

  constructor(options: PubSubOptions<TSubscriber>) {
    this.#broker = options.broker;
    this.#dispatch = options.dispatch;
    this.#control = options.control;
    this.#telemetry = options.telemetry;
  }

  /** Connects the broker. Later calls return the first call's promise. */
  start(): Promise<void> {
    return (this.#started ??= this.#connect());
  }

  /** Number of topics with subscribers on this node. */
  get topicCount(): number {
    return this.#topics.size;
  }

  /** Number of subscriptions on this node: subscribers, counted once per topic. */
  get subscriptionCount(): number {
    let count = 0;
    for (const { subscribers } of this.#topics.values()) count += subscribers.size;
    return count;
  }

  /**
   * Adds a subscriber; adding it again changes nothing. Local broadcasts reach it at
   * once, those of other nodes when the promise has resolved, or at once where there is none. Rejects, with the
   * subscriber removed, when the broker refuses.
   */
  subscribe(topic: string, subscriber: TSubscriber): void | Promise<void> {
    const entry = this.#topics.get(topic) ?? this.#enter(topic);
    entry.subscribers.add(subscriber);
    return entry.confirming?.catch((error: unknown) => {
      // One that went and came back has asked anew, and stands or falls with that.
      if (this.#topics.get(topic) === entry) this.unsubscribe(topic, subscriber);
      throw error;
    });
  }

  /** Removes a subscriber. What is broadcast after the call does not reach it. */
  unsubscribe(topic: string, subscriber: TSubscriber): void {
    const entry = this.#topics.get(topic);
    if (entry === undefined || !entry.subscribers.delete(subscriber) || entry.subscribers.size > 0) return;
    this.#topics.delete(topic);
    this.#broker.unsubscribe(topic).catch((cause: unknown) => this.#failed(topic, cause));
  }

  /** Delivers to every subscriber on every node, but for `except`. A broker's failure goes to telemetry. */
  publish(broadcast: Broadcast, except?: TSubscriber): void {
    const entry = this.#topics.get(broadcast.topic);
    if (entry !== undefined) this.#dispatch(entry.subscribers, broadcast, except);
    const accepted = this.#broker.publish(broadcast.topic, new BroadcastEnvelope(broadcast));
    if (accepted !== undefined) accepted.catch((cause: unknown) => this.#failed(broadcast.topic, cause));
  }

  /** Delivers to the subscribers of this node only. */
  publishLocally(broadcast: Broadcast): void {
    const entry = this.#topics.get(broadcast.topic);
    if (entry !== undefined) this.#dispatch(entry.subscribers, broadcast, undefined);
  }

  /** Disconnects the broker. */
  async close(): Promise<void> {
    await this.#broker.close();
  }

  #enter(topic: string): TopicEntry<TSubscriber> {
    const confirming = this.#broker.subscribe(topic).then(() => {
      entry.confirming = undefined;
    });
    const entry: TopicEntry<TSubscriber> = { subscribers: new Set(), confirming };
    this.#topics.set(topic, entry);
    return entry;
  }

  async #connect(): Promise<void> {
    await this.#broker.start((topic, bytes) => this.#deliver(topic, bytes));
    await this.#broker.subscribe(CONTROL_TOPIC);
  }

  #deliver(topic: string, bytes: Uint8Array): void {
    try {
      const broadcast = decodeEnvelope(topic, bytes);
      if (topic === CONTROL_TOPIC) this.#control(broadcast);
      else this.publishLocally(broadcast);
    } catch (error) {
      this.#failed(topic, error);
    }
  }

  #failed(topic: string, cause: unknown): void {
    this.#telemetry({ kind: "broker_failed", topic, cause });
  }
}
