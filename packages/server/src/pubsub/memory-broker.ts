import { ClosedError } from "@hutong/protocol";
import type { Broker, Envelope } from "./broker.ts";

/** What {@link MemoryBroker}s in one process share to be one cluster. */
export class MemoryBrokerHub {
  readonly #brokers = new Set<MemoryBroker>();

  /** Adds a node. */
  add(broker: MemoryBroker): void {
    this.#brokers.add(broker);
  }

  /** Removes a node. */
  delete(broker: MemoryBroker): void {
    this.#brokers.delete(broker);
  }

  /** Every node but one. */
  *others(self: MemoryBroker): Iterable<MemoryBroker> {
    for (const broker of this.#brokers) if (broker !== self) yield broker;
  }
}

/**
 * A broker inside one process. Alone it has nobody to deliver to and costs
 * nothing; several on one hub are a cluster for tests.
 */
export class MemoryBroker implements Broker {
  readonly #hub: MemoryBrokerHub;
  readonly #topics = new Set<string>();
  #deliver: ((topic: string, bytes: Uint8Array) => void) | undefined;
  #isClosed = false;

  constructor(hub: MemoryBrokerHub = new MemoryBrokerHub()) {
    this.#hub = hub;
  }

  async start(deliver: (topic: string, bytes: Uint8Array) => void): Promise<void> {
    this.#deliver = deliver;
    this.#hub.add(this);
  }

  async subscribe(topic: string): Promise<void> {
    if (this.#isClosed) throw new ClosedError("the broker");
    this.#topics.add(topic);
  }

  async unsubscribe(topic: string): Promise<void> {
    this.#topics.delete(topic);
  }

  publish(topic: string, envelope: Envelope): void | Promise<void> {
    if (this.#isClosed) return Promise.reject(new ClosedError("the broker"));
    for (const other of this.#hub.others(this)) other.#receive(topic, envelope);
    return undefined;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#deliver = undefined;
    this.#topics.clear();
    this.#hub.delete(this);
  }

  #receive(topic: string, envelope: Envelope): void {
    if (!this.#topics.has(topic)) return;
    const { bytes } = envelope;
    // A turn of its own, as on a network: the publisher's call never runs a receiver's code.
    queueMicrotask(() => this.#deliver?.(topic, bytes));
  }
}
