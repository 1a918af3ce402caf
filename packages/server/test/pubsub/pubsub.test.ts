import { FakeClock, TelemetryRecorder } from "@hutong/testing";
import { expect, test } from "vitest";
import type { Broker, Envelope } from "../../src/pubsub/broker.ts";
import type { Broadcast } from "../../src/pubsub/envelope.ts";
import { MemoryBroker, MemoryBrokerHub } from "../../src/pubsub/memory-broker.ts";
import { CONTROL_TOPIC, PubSub } from "../../src/pubsub/pubsub.ts";

interface Delivered {
  readonly subscriber: string;
  readonly event: string;
  readonly payload: unknown;
}

/** One node whose subscribers are names. */
class Node {
  readonly delivered: Delivered[] = [];
  readonly controls: Broadcast[] = [];
  readonly recorder = new TelemetryRecorder();
  readonly pubsub: PubSub<string>;

  constructor(broker: Broker = new MemoryBroker()) {
    this.pubsub = new PubSub<string>({
      broker,
      dispatch: (subscribers, { event, payload }, except) => {
        for (const subscriber of subscribers)
          if (subscriber !== except) this.delivered.push({ subscriber, event, payload });
      },
      control: (broadcast) => this.controls.push(broadcast),
      telemetry: this.recorder.telemetry,
    });
  }
}

/** A broker that is out of reach for what `failing` names. */
class FailingBroker implements Broker {
  readonly failing: Set<string>;
  deliver: (topic: string, bytes: Uint8Array) => void = () => {};
  readonly calls: string[] = [];

  constructor(...failing: readonly ("start" | "subscribe" | "unsubscribe" | "publish")[]) {
    this.failing = new Set(failing);
  }

  start(deliver: (topic: string, bytes: Uint8Array) => void): Promise<void> {
    this.deliver = deliver;
    return this.#call("start", "");
  }

  subscribe(topic: string): Promise<void> {
    return topic === CONTROL_TOPIC ? Promise.resolve() : this.#call("subscribe", topic);
  }

  unsubscribe(topic: string): Promise<void> {
    return this.#call("unsubscribe", topic);
  }

  publish(topic: string, _envelope: Envelope): Promise<void> {
    return this.#call("publish", topic);
  }

  async close(): Promise<void> {}

  async #call(method: string, topic: string): Promise<void> {
    this.calls.push(`${method} ${topic}`);
    if (this.failing.has(method)) throw new Error(`${method} is out of reach`);
  }
}

async function startTwoNodes(): Promise<readonly [Node, Node]> {
  const hub = new MemoryBrokerHub();
  const nodes = [new Node(new MemoryBroker(hub)), new Node(new MemoryBroker(hub))] as const;
  for (const { pubsub } of nodes) await pubsub.start();
  return nodes;
}

test("a broadcast reaches every subscriber of its topic within the call", async () => {
  const { pubsub, delivered } = new Node();
  await pubsub.subscribe("room:1", "ann");
  await pubsub.subscribe("room:1", "bob");
  await pubsub.subscribe("room:2", "eve");

  pubsub.publish({ topic: "room:1", event: "hi", payload: 1 });

  expect(delivered).toEqual([
    { subscriber: "ann", event: "hi", payload: 1 },
    { subscriber: "bob", event: "hi", payload: 1 },
  ]);
});

test("a broadcast leaves its exception out", async () => {
  const { pubsub, delivered } = new Node();
  await pubsub.subscribe("room:1", "ann");
  await pubsub.subscribe("room:1", "bob");

  pubsub.publish({ topic: "room:1", event: "hi", payload: 1 }, "ann");

  expect(delivered).toEqual([{ subscriber: "bob", event: "hi", payload: 1 }]);
});

test("a subscriber that was added twice hears a broadcast once", async () => {
  const { pubsub, delivered } = new Node();
  await pubsub.subscribe("room:1", "ann");
  await pubsub.subscribe("room:1", "ann");

  pubsub.publish({ topic: "room:1", event: "hi", payload: 1 });

  expect(delivered).toHaveLength(1);
});

test("a subscriber hears local broadcasts before the broker has confirmed", () => {
  const { pubsub, delivered } = new Node();

  void pubsub.subscribe("room:1", "ann");
  pubsub.publish({ topic: "room:1", event: "hi", payload: 1 });

  expect(delivered).toEqual([{ subscriber: "ann", event: "hi", payload: 1 }]);
});

test("a removed subscriber hears nothing", async () => {
  const { pubsub, delivered } = new Node();
  await pubsub.subscribe("room:1", "ann");

  pubsub.unsubscribe("room:1", "ann");
  pubsub.publish({ topic: "room:1", event: "hi", payload: 1 });

  expect(delivered).toEqual([]);
});

test("removing a stranger changes nothing", async () => {
  const { pubsub, delivered } = new Node();
  await pubsub.subscribe("room:1", "ann");

  pubsub.unsubscribe("room:1", "bob");
  pubsub.unsubscribe("room:2", "ann");

  pubsub.publish({ topic: "room:1", event: "hi", payload: 1 });
  expect(delivered.map(({ subscriber }) => subscriber)).toEqual(["ann"]);
});

test("topics are counted while they have subscribers", async () => {
  const { pubsub } = new Node();
  await pubsub.subscribe("room:1", "ann");
  await pubsub.subscribe("room:1", "bob");
  await pubsub.subscribe("room:2", "ann");
  const countBefore = pubsub.topicCount;

  pubsub.unsubscribe("room:1", "ann");
  pubsub.unsubscribe("room:2", "ann");

  expect([countBefore, pubsub.topicCount]).toEqual([2, 1]);
});

test("the broker is asked once for a topic, and let go with its last subscriber", async () => {
  const broker = new FailingBroker();
  const { pubsub } = new Node(broker);
  await pubsub.subscribe("room:1", "ann");
  await pubsub.subscribe("room:1", "bob");

  pubsub.unsubscribe("room:1", "ann");
  pubsub.unsubscribe("room:1", "bob");

  expect(broker.calls).toEqual(["subscribe room:1", "unsubscribe room:1"]);
});

test("a subscription that the broker refuses rejects and leaves nobody behind", async () => {
  const { pubsub } = new Node(new FailingBroker("subscribe"));

  const both = ["ann", "bob"].map(async (subscriber) => pubsub.subscribe("room:1", subscriber));

  await expect(Promise.allSettled(both)).resolves.toMatchObject([{ status: "rejected" }, { status: "rejected" }]);
  expect(pubsub.topicCount).toBe(0);
});

test("a broadcast of another node arrives with its event and payload", async () => {
  const [left, right] = await startTwoNodes();
  await right.pubsub.subscribe("room:1", "ann");

  left.pubsub.publish({ topic: "room:1", event: "hi", payload: { body: "胡同" } });
  await new FakeClock().settle();

  expect(right.delivered).toEqual([{ subscriber: "ann", event: "hi", payload: { body: "胡同" } }]);
});

test("broadcasts of another node arrive in the order of the calls", async () => {
  const [left, right] = await startTwoNodes();
  await right.pubsub.subscribe("room:1", "ann");

  for (const payload of [1, 2, 3]) left.pubsub.publish({ topic: "room:1", event: "count", payload });
  await new FakeClock().settle();

  expect(right.delivered.map(({ payload }) => payload)).toEqual([1, 2, 3]);
});

test("a broadcast to this node only stays here", async () => {
  const [left, right] = await startTwoNodes();
  await left.pubsub.subscribe("room:1", "ann");
  await right.pubsub.subscribe("room:1", "bob");

  left.pubsub.publishLocally({ topic: "room:1", event: "hi", payload: 1 });
  await new FakeClock().settle();

  expect(left.delivered).toEqual([{ subscriber: "ann", event: "hi", payload: 1 }]);
  expect(right.delivered).toEqual([]);
});

test("a control broadcast reaches the other nodes and no subscriber", async () => {
  const [left, right] = await startTwoNodes();

  left.pubsub.publish({ topic: CONTROL_TOPIC, event: "disconnect", payload: { socketId: "u1" } });
  await new FakeClock().settle();

  expect(left.controls).toEqual([]);
  expect(right.controls).toEqual([{ topic: "$control", event: "disconnect", payload: { socketId: "u1" } }]);
});

test("a publication that the broker refuses is delivered here and reported", async () => {
  const { pubsub, delivered, recorder } = new Node(new FailingBroker("publish"));
  await pubsub.subscribe("room:1", "ann");

  pubsub.publish({ topic: "room:1", event: "hi", payload: 1 });
  await new FakeClock().settle();

  expect(delivered).toHaveLength(1);
  expect(recorder.events).toEqual([
    { kind: "broker_failed", topic: "room:1", cause: new Error("publish is out of reach") },
  ]);
});

test("an unsubscription that the broker refuses is reported", async () => {
  const { pubsub, recorder } = new Node(new FailingBroker("unsubscribe"));
  await pubsub.subscribe("room:1", "ann");

  pubsub.unsubscribe("room:1", "ann");
  await new FakeClock().settle();

  expect(recorder.of("broker_failed").map(({ topic }) => topic)).toEqual(["room:1"]);
});

test("a delivery that is no envelope is reported and harms nobody", async () => {
  const broker = new FailingBroker();
  const { pubsub, delivered, recorder } = new Node(broker);
  await pubsub.start();
  await pubsub.subscribe("room:1", "ann");

  broker.deliver("room:1", Uint8Array.of(1, 2, 3));

  expect(delivered).toEqual([]);
  expect(recorder.of("broker_failed")).toHaveLength(1);
});

test("start connects once and shares its promise", async () => {
  const broker = new FailingBroker();
  const { pubsub } = new Node(broker);

  const [first, second] = [pubsub.start(), pubsub.start()];
  await first;

  expect(second).toBe(first);
  expect(broker.calls).toEqual(["start "]);
});

test("start rejects when the broker cannot be reached", async () => {
  const { pubsub } = new Node(new FailingBroker("start"));

  await expect(pubsub.start()).rejects.toThrow("start is out of reach");
});

test("a subscriber that went and came back stays when the broker refuses what it had asked for first", async () => {
  const broker = new FailingBroker("subscribe");
  const { pubsub, delivered } = new Node(broker);

  const first = pubsub.subscribe("room:1", "ann");
  pubsub.unsubscribe("room:1", "ann");
  broker.failing.delete("subscribe");
  const second = pubsub.subscribe("room:1", "ann");
  await expect(first).rejects.toThrow("subscribe is out of reach");
  await second;
  pubsub.publish({ topic: "room:1", event: "hi", payload: 1 });

  expect(delivered).toEqual([{ subscriber: "ann", event: "hi", payload: 1 }]);
});
