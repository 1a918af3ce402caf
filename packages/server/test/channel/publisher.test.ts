import type { StreamStamp } from "@hutong/protocol";
import { FakeClock } from "@hutong/testing";
import { expect, test } from "vitest";
import { defineChannel } from "../../src/channel/define-channel.ts";
import { Publisher } from "../../src/channel/publisher.ts";
import { Router } from "../../src/channel/router.ts";
import type { Subscriber } from "../../src/channel/subscriber.ts";
import type { HistoryStore } from "../../src/history/history-store.ts";
import { MemoryHistoryStore } from "../../src/history/memory-history-store.ts";
import type { Broadcast } from "../../src/pubsub/envelope.ts";
import { MemoryBroker } from "../../src/pubsub/memory-broker.ts";
import { PubSub } from "../../src/pubsub/pubsub.ts";
import { accept } from "../../src/results.ts";
import type { TelemetryEvent } from "../../src/telemetry.ts";

const channels = [
  defineChannel("kept:*", {
    history: { maxCount: 10, except: ["typing"] },
    join: () => accept(),
    intercept: { secret: () => {} },
  }),
  defineChannel("live:*", { join: () => accept() }),
];

async function start(store: HistoryStore) {
  const delivered: Broadcast[] = [];
  const events: TelemetryEvent[] = [];
  const telemetry = (event: TelemetryEvent): void => void events.push(event);
  const pubsub = new PubSub<Subscriber>({
    broker: new MemoryBroker(),
    dispatch: (_subscribers, broadcast) => {
      if (broadcast.payload === "unsendable") throw new TypeError("cannot be encoded");
      delivered.push(broadcast);
    },
    control: () => {},
    telemetry,
  });
  await pubsub.start();
  // The dispatch above looks at no subscriber: any object will do to have the topics known.
  const somebody = {} as Subscriber;
  for (const topic of ["kept:1", "kept:2", "live:1"]) await pubsub.subscribe(topic, somebody);
  const publisher = new Publisher({ pubsub, store, router: new Router(channels), telemetry });
  const publish = (topic: string, event: string, payload: unknown = null): void | Promise<void> =>
    publisher.publish({ topic, event, payload });
  return { publish, delivered, events };
}

/** A store whose appends settle in the order in which the test says. */
class SlowStore extends MemoryHistoryStore {
  readonly waiting: { readonly resolve: () => void; readonly reject: (cause: Error) => void }[] = [];

  override append(...parameters: Parameters<MemoryHistoryStore["append"]>): StreamStamp {
    const kept = new Promise<void>((resolve, reject) => this.waiting.push({ resolve, reject })).then(() =>
      super.append(...parameters),
    );
    return kept as never; // the contract allows a promise, the memory store promises a value
  }
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

test("broadcasts of a topic with history carry their place, in order", async () => {
  const { publish, delivered } = await start(new MemoryHistoryStore({ clock: new FakeClock() }));

  void publish("kept:1", "said", "a");
  void publish("kept:1", "said", "b");

  expect(delivered.map(({ payload, stamp }) => [payload, stamp?.offset, stamp?.prev])).toEqual([
    ["a", 1, 0],
    ["b", 2, 1],
  ]);
});

test("what is not worth keeping, presence, intercepted events and bytes are live", async () => {
  const { publish, delivered } = await start(new MemoryHistoryStore({ clock: new FakeClock() }));

  void publish("kept:1", "typing");
  void publish("kept:1", "presence_diff");
  void publish("kept:1", "secret");
  void publish("kept:1", "said", new Uint8Array([1]));
  void publish("live:1", "said");

  expect(delivered).toHaveLength(5);
  expect(delivered.filter(({ stamp }) => stamp !== undefined)).toEqual([]);
});

test("a topic waits for its store, and no other topic does", async () => {
  const store = new SlowStore({ clock: new FakeClock() });
  const { publish, delivered } = await start(store);

  void publish("kept:1", "said", "first");
  void publish("kept:1", "typing", "second");
  void publish("live:1", "said", "elsewhere");
  expect(delivered.map(({ payload }) => payload)).toEqual(["elsewhere"]);
  store.waiting.shift()?.resolve();
  await settled();

  expect(delivered.map(({ payload }) => payload)).toEqual(["elsewhere", "first", "second"]);
});

test("what the store does not take is not delivered, and what follows is", async () => {
  const store = new SlowStore({ clock: new FakeClock() });
  const { publish, delivered, events } = await start(store);
  const cause = new Error("out of reach");

  void publish("kept:1", "said", "lost");
  void publish("kept:1", "typing", "next");
  store.waiting.shift()?.reject(cause);
  await settled();

  expect(delivered.map(({ payload }) => payload)).toEqual(["next"]);
  expect(events).toEqual([{ kind: "broker_failed", topic: "kept:1", cause }]);
});

test("a broadcast that cannot be sent behind a slow store does not end its topic", async () => {
  const store = new SlowStore({ clock: new FakeClock() });
  const { publish, delivered, events } = await start(store);

  void publish("kept:1", "said", "first");
  void publish("kept:1", "typing", "unsendable");
  void publish("kept:1", "typing", "third");
  store.waiting.shift()?.resolve();
  await settled();

  expect(delivered.map(({ payload }) => payload)).toEqual(["first", "third"]);
  expect(events).toMatchObject([{ kind: "broker_failed", topic: "kept:1" }]);
});
