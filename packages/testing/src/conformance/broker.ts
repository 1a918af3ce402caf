import type { Broker } from "@hutong/server/plugin";
import { expect } from "vitest";
import { eventually } from "../eventually.ts";
import { type ConformanceOptions, describeScenarios, type Scenarios } from "./scenarios.ts";

/** Nodes that share one broker, apart from every other cluster. */
export interface BrokerCluster {
  /** Makes the broker of one more node, not started. */
  createBroker(): Broker;
  /** Releases what the cluster holds besides its brokers. @defaultValue nothing */
  close?(): Promise<void>;
}

/** Makes a cluster for one scenario. Topics of different clusters MUST NOT mix. */
export type BrokerFactory = () => BrokerCluster | Promise<BrokerCluster>;

/** What a node was delivered. */
interface Delivery {
  readonly topic: string;
  readonly text: string;
}

class Node {
  readonly broker: Broker;
  readonly deliveries: Delivery[] = [];
  readonly received: Uint8Array[] = [];

  constructor(broker: Broker) {
    this.broker = broker;
  }

  async start(): Promise<this> {
    await this.broker.start((topic, bytes) => {
      this.received.push(bytes);
      this.deliveries.push({ topic, text: new TextDecoder().decode(bytes) });
    });
    return this;
  }

  async publish(topic: string, text: string): Promise<void> {
    await this.broker.publish(topic, { bytes: new TextEncoder().encode(text) });
  }

  texts(topic: string): readonly string[] {
    return this.deliveries.filter((delivery) => delivery.topic === topic).map(({ text }) => text);
  }
}

class Cluster implements AsyncDisposable {
  readonly #cluster: BrokerCluster;
  readonly #nodes: Node[] = [];

  constructor(cluster: BrokerCluster) {
    this.#cluster = cluster;
  }

  async node(...topics: readonly string[]): Promise<Node> {
    const node = await new Node(this.#cluster.createBroker()).start();
    this.#nodes.push(node);
    for (const topic of topics) await node.broker.subscribe(topic);
    return node;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#nodes.map(({ broker }) => broker.close()));
    await this.#cluster.close?.();
  }
}

const TOPIC = "room:1";
const ORDERED_COUNT = 100;
const LARGE_BYTES = 200_000;

const NAMES = Array.from({ length: ORDERED_COUNT }, (_, index) => String(index));

// Silence is shown without waiting: an envelope that must not arrive would come
// before a later one of the same topic and node, which is waited for.
const DELIVERY_SCENARIOS: Scenarios<BrokerFactory> = {
  "an envelope reaches every other subscribed node once": async (create) => {
    await using cluster = new Cluster(await create());
    const sender = await cluster.node(TOPIC);
    const receivers = [await cluster.node(TOPIC), await cluster.node(TOPIC)];

    await sender.publish(TOPIC, "hello");
    await sender.publish(TOPIC, "end");

    for (const receiver of receivers) await eventually(() => expect(receiver.texts(TOPIC)).toEqual(["hello", "end"]));
  },

  "an envelope never comes back to its node": async (create) => {
    await using cluster = new Cluster(await create());
    const sender = await cluster.node(TOPIC);
    const other = await cluster.node(TOPIC);

    await sender.publish(TOPIC, "mine");
    await eventually(() => expect(other.texts(TOPIC)).toEqual(["mine"]));
    await other.publish(TOPIC, "theirs");

    await eventually(() => expect(sender.texts(TOPIC)).toEqual(["theirs"]));
  },

  "envelopes of one topic from one node arrive in the order of the calls": async (create) => {
    await using cluster = new Cluster(await create());
    const sender = await cluster.node();
    const receiver = await cluster.node(TOPIC);

    await Promise.all(NAMES.map((name) => sender.publish(TOPIC, name)));

    await eventually(() => expect(receiver.texts(TOPIC)).toEqual(NAMES));
  },

  "the order of each of two nodes holds where both publish": async (create) => {
    await using cluster = new Cluster(await create());
    const [left, right, receiver] = [await cluster.node(), await cluster.node(), await cluster.node(TOPIC)];

    await Promise.all(
      NAMES.flatMap((name) => [left.publish(TOPIC, `left ${name}`), right.publish(TOPIC, `right ${name}`)]),
    );

    await eventually(() => expect(receiver.texts(TOPIC)).toHaveLength(2 * ORDERED_COUNT));
    const ofLeft = receiver.texts(TOPIC).filter((text) => text.startsWith("left"));
    expect(ofLeft).toEqual(NAMES.map((name) => `left ${name}`));
  },

  "bytes arrive unchanged": async (create) => {
    await using cluster = new Cluster(await create());
    const [sender, receiver] = [await cluster.node(), await cluster.node(TOPIC)];
    const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
    const large = new Uint8Array(LARGE_BYTES).fill(0xff);

    for (const bytes of [everyByte, new Uint8Array(0), large]) await sender.broker.publish(TOPIC, { bytes });

    await eventually(() => expect(receiver.received).toHaveLength(3));
    const [first, second, third] = receiver.received.map((bytes) => Uint8Array.from(bytes));
    expect(first).toEqual(everyByte);
    expect(second).toEqual(new Uint8Array(0));
    expect(third).toHaveLength(LARGE_BYTES);
    expect(third?.every((byte) => byte === 0xff)).toBe(true);
  },

  "every character of a topic is only itself": async (create) => {
    await using cluster = new Cluster(await create());
    const topics = ["$control", "a.b", "a-b", "a:b", "A:b", "a/b", "a%b", "a~!()&;=+,|@b", "a_b"];
    const [sender, receiver] = [await cluster.node(), await cluster.node(...topics)];

    for (const topic of [...topics, "a", "a.b.c", "axb", "a.", "a:*"]) await sender.publish(topic, topic);
    await sender.publish("a_b", "end");

    await eventually(() => expect(receiver.texts("a_b")).toEqual(["a_b", "end"]));
    await eventually(() => expect(receiver.deliveries).toHaveLength(topics.length + 1));
    for (const topic of topics.slice(0, -1)) expect(receiver.texts(topic)).toEqual([topic]);
  },
};

const SUBSCRIPTION_SCENARIOS: Scenarios<BrokerFactory> = {
  "a node gets nothing of a topic that it is not subscribed to": async (create) => {
    await using cluster = new Cluster(await create());
    const [sender, receiver] = [await cluster.node(), await cluster.node("room:other")];

    await sender.publish(TOPIC, "not yours");
    await receiver.broker.subscribe(TOPIC);
    await sender.publish(TOPIC, "end");

    await eventually(() => expect(receiver.deliveries).toEqual([{ topic: TOPIC, text: "end" }]));
  },

  "an envelope is delivered once to a node that subscribed twice": async (create) => {
    await using cluster = new Cluster(await create());
    const [sender, receiver] = [await cluster.node(), await cluster.node(TOPIC, TOPIC)];

    await sender.publish(TOPIC, "hello");
    await sender.publish(TOPIC, "end");

    await eventually(() => expect(receiver.texts(TOPIC)).toEqual(["hello", "end"]));
  },

  "nothing of a topic arrives after unsubscribe has resolved": async (create) => {
    await using cluster = new Cluster(await create());
    const [sender, receiver] = [await cluster.node(), await cluster.node(TOPIC)];

    await receiver.broker.unsubscribe(TOPIC);
    await sender.publish(TOPIC, "too late");
    await receiver.broker.subscribe(TOPIC);
    await sender.publish(TOPIC, "end");

    await eventually(() => expect(receiver.texts(TOPIC)).toEqual(["end"]));
  },

  "subscriptions take effect in the order of the calls": async (create) => {
    await using cluster = new Cluster(await create());
    const [sender, receiver] = [await cluster.node(), await cluster.node("room:quiet")];
    const { broker } = receiver;

    await Promise.all([broker.subscribe(TOPIC), broker.unsubscribe(TOPIC), broker.subscribe(TOPIC)]);
    await Promise.all([
      broker.unsubscribe("room:quiet"),
      broker.subscribe("room:quiet"),
      broker.unsubscribe("room:quiet"),
    ]);
    await sender.publish("room:quiet", "unheard");
    await sender.publish(TOPIC, "heard");
    await eventually(() => expect(receiver.texts(TOPIC)).toEqual(["heard"]));
    await broker.subscribe("room:quiet");
    await sender.publish("room:quiet", "end");

    await eventually(() => expect(receiver.texts("room:quiet")).toEqual(["end"]));
  },

  "unsubscribing without a subscription does nothing": async (create) => {
    await using cluster = new Cluster(await create());
    const [sender, receiver] = [await cluster.node(), await cluster.node(TOPIC)];

    await receiver.broker.unsubscribe("room:never");
    await sender.publish(TOPIC, "hello");

    await eventually(() => expect(receiver.texts(TOPIC)).toEqual(["hello"]));
  },

  "one node's unsubscribe leaves the others subscribed": async (create) => {
    await using cluster = new Cluster(await create());
    const [sender, stays, goes] = [await cluster.node(), await cluster.node(TOPIC), await cluster.node(TOPIC)];

    await goes.broker.unsubscribe(TOPIC);
    await sender.publish(TOPIC, "hello");

    await eventually(() => expect(stays.texts(TOPIC)).toEqual(["hello"]));
  },
};

const CLOSE_SCENARIOS: Scenarios<BrokerFactory> = {
  "close is idempotent": async (create) => {
    await using cluster = new Cluster(await create());
    const { broker } = await cluster.node(TOPIC);

    await broker.close();

    await expect(broker.close()).resolves.toBeUndefined();
  },

  "a closed node is delivered nothing": async (create) => {
    await using cluster = new Cluster(await create());
    const [sender, gone, witness] = [await cluster.node(), await cluster.node(TOPIC), await cluster.node(TOPIC)];

    await gone.broker.close();
    await sender.publish(TOPIC, "hello");

    await eventually(() => expect(witness.texts(TOPIC)).toEqual(["hello"]));
    expect(gone.deliveries).toEqual([]);
  },

  "publish rejects on a closed node": async (create) => {
    await using cluster = new Cluster(await create());
    const node = await cluster.node();

    await node.broker.close();

    await expect(node.publish(TOPIC, "hello")).rejects.toBeInstanceOf(Error);
  },

  "subscribe rejects on a closed node": async (create) => {
    await using cluster = new Cluster(await create());
    const { broker } = await cluster.node();

    await broker.close();

    await expect(broker.subscribe(TOPIC)).rejects.toBeInstanceOf(Error);
  },

  "the others go on when one node closes": async (create) => {
    await using cluster = new Cluster(await create());
    const [sender, gone, receiver] = [await cluster.node(), await cluster.node(TOPIC), await cluster.node(TOPIC)];

    await gone.broker.close();
    await sender.publish(TOPIC, "still here");

    await eventually(() => expect(receiver.texts(TOPIC)).toEqual(["still here"]));
  },
};

/**
 * Registers the tests of a {@link Broker}. Call it at the top of a test file.
 *
 * @example
 * brokerConformance("MemoryBroker", () => {
 *   const hub = new MemoryBrokerHub();
 *   return { createBroker: () => new MemoryBroker(hub) };
 * });
 */
export function brokerConformance(name: string, create: BrokerFactory, options: ConformanceOptions = {}): void {
  const scenarios = { ...DELIVERY_SCENARIOS, ...SUBSCRIPTION_SCENARIOS, ...CLOSE_SCENARIOS };
  describeScenarios(`${name} is a Broker`, scenarios, { create: () => create, ...options });
}
