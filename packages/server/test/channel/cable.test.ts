import { accept, type CableOptions, type ChannelDefinition, defineChannel, refuse, reply, stop } from "@hutong/server";
import { type CableClient, connectLoopbackCable, type LoopbackOptions } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { type Bench, createGate, startBench } from "../support.ts";

type Spec = Parameters<typeof defineChannel>[1];

const ROOM_1 = '{"channel":"RoomChannel","id":1}';
const CONFIRMED = { identifier: ROOM_1, type: "confirm_subscription" };
const REJECTED = { identifier: ROOM_1, type: "reject_subscription" };

function room(spec: Partial<Spec> = {}, cable: Partial<CableOptions> = {}): readonly ChannelDefinition[] {
  const toTopic = ({ id }: Readonly<Record<string, unknown>>): string => `room:${String(id)}`;
  return [
    defineChannel("room:*", {
      join: () => accept(),
      cable: { name: "RoomChannel", topic: toTopic, ...cable },
      ...spec,
    }),
  ];
}

async function connect(bench: Bench, options: LoopbackOptions = {}): Promise<CableClient> {
  const client = connectLoopbackCable(bench.server, options);
  await bench.clock.settle();
  client.take();
  return client;
}

async function subscribe(bench: Bench): Promise<CableClient> {
  const client = await connect(bench);
  client.subscribe("RoomChannel", { id: 1 });
  await bench.clock.settle();
  client.take();
  return client;
}

function received(message: unknown): unknown {
  return { identifier: ROOM_1, message };
}

describe("a subscription", () => {
  test("is greeted, confirmed, and joined to the topic of its parameters", async () => {
    await using bench = await startBench(room());
    const client = connectLoopbackCable(bench.server);

    client.subscribe("RoomChannel", { id: 1 });
    await bench.clock.settle();
    bench.server.broadcast("room:1", "said", { body: "hi" });
    await bench.clock.settle();

    expect(client.take()).toEqual([{ type: "welcome" }, CONFIRMED, received({ body: "hi" })]);
    expect(bench.recorder.of("channel_joined")).toMatchObject([{ topic: "room:1" }]);
  });

  test("gets its parameters without the channel's name", async () => {
    const seen: unknown[] = [];
    await using bench = await startBench(
      room({
        join: ({ params }) => {
          seen.push(params);
          return accept();
        },
      }),
    );

    await subscribe(bench);

    expect(seen).toEqual([{ id: 1 }]);
  });

  test("is rejected when the handler refuses", async () => {
    await using bench = await startBench(room({ join: () => refuse("no") }));
    const client = await connect(bench);

    client.subscribe("RoomChannel", { id: 1 });
    await bench.clock.settle();

    expect(client.take()).toEqual([REJECTED]);
  });

  test("of a channel that nobody defined is rejected", async () => {
    await using bench = await startBench(room());
    const client = await connect(bench);

    const identifier = client.subscribe("NoChannel");
    await bench.clock.settle();

    expect(client.take()).toEqual([{ identifier, type: "reject_subscription" }]);
  });

  test("that exists is not made a second time", async () => {
    let joins = 0;
    await using bench = await startBench(
      room({
        join: () => {
          joins++;
          return accept();
        },
      }),
    );
    const client = await subscribe(bench);

    client.subscribe("RoomChannel", { id: 1 });
    await bench.clock.settle();

    expect(client.take()).toEqual([]);
    expect(joins).toBe(1);
  });

  test("is confirmed after what its joined hook pushes", async () => {
    await using bench = await startBench(
      room({
        joined: async (channel) => {
          await Promise.resolve();
          channel.push("history", ["old"]);
        },
      }),
    );
    const client = await connect(bench);

    client.subscribe("RoomChannel", { id: 1 });
    await bench.clock.settle();

    expect(client.take()).toEqual([received(["old"]), CONFIRMED]);
  });

  test("whose joined hook fails is rejected", async () => {
    await using bench = await startBench(room({ joined: () => Promise.reject(new Error("broken")) }));
    const client = await connect(bench);

    client.subscribe("RoomChannel", { id: 1 });
    await bench.clock.settle();

    expect(client.take()).toEqual([REJECTED]);
    expect(bench.server.stats()).toMatchObject({ channels: 0, topics: 0 });
  });

  test("ends in silence, and may be made again", async () => {
    const reasons: string[] = [];
    await using bench = await startBench(room({ terminate: (_channel, reason) => void reasons.push(reason) }));
    const client = await subscribe(bench);

    client.unsubscribe(ROOM_1);
    await bench.clock.settle();
    const frames = client.take();
    client.subscribe("RoomChannel", { id: 1 });
    await bench.clock.settle();

    expect([frames, reasons]).toEqual([[], ["left"]]);
    expect(client.take()).toEqual([CONFIRMED]);
  });
});

describe("an action", () => {
  test("reaches the handler of its name with its data", async () => {
    const seen: unknown[] = [];
    await using bench = await startBench(room({ handle: { speak: (payload) => void seen.push(payload) } }));
    const client = await subscribe(bench);

    client.perform(ROOM_1, "speak", { body: "hi" });
    await bench.clock.settle();

    expect(seen).toEqual([{ body: "hi" }]);
  });

  test("has no reply in this grammar", async () => {
    await using bench = await startBench(room({ handle: { speak: () => reply({ id: 1 }) } }));
    const client = await subscribe(bench);

    client.perform(ROOM_1, "speak");
    await bench.clock.settle();

    expect(client.take()).toEqual([]);
  });

  test("that fails leaves the subscription", async () => {
    await using bench = await startBench(
      room({
        handle: {
          fail: () => Promise.reject(new Error("broken")),
          speak: (_payload, channel) => channel.push("said", "still here"),
        },
      }),
    );
    const client = await subscribe(bench);

    client.perform(ROOM_1, "fail");
    client.perform(ROOM_1, "nonsense");
    client.perform(ROOM_1, "speak");
    await bench.clock.settle();

    expect(client.take()).toEqual([received("still here")]);
    expect(bench.recorder.of("handler_failed")).toHaveLength(1);
    expect(bench.recorder.of("message_refused")).toMatchObject([{ event: "nonsense", code: "unknown_event" }]);
  });

  test("that stops the channel rejects the subscription", async () => {
    await using bench = await startBench(room({ handle: { quit: () => stop() } }));
    const client = await subscribe(bench);

    client.perform(ROOM_1, "quit");
    await bench.clock.settle();

    expect(client.take()).toEqual([REJECTED]);
  });

  test("of nobody's subscription is not answered", async () => {
    await using bench = await startBench(room());
    const client = await connect(bench);

    client.perform(ROOM_1, "speak");
    await bench.clock.settle();

    expect(client.take()).toEqual([]);
  });
});

describe("what subscribers receive", () => {
  const named: Partial<CableOptions> = {
    message: (event, payload) => (event === "presence_diff" ? undefined : { event, payload }),
  };

  test("is what the definition makes of an event", async () => {
    await using bench = await startBench(room({}, named));
    const client = await subscribe(bench);

    bench.server.broadcast("room:1", "presence_diff", {});
    bench.server.broadcast("room:1", "said", { body: "hi" });
    await bench.clock.settle();

    expect(client.take()).toEqual([received({ event: "said", payload: { body: "hi" } })]);
  });

  test("is made the same way of a push", async () => {
    await using bench = await startBench(
      room(
        {
          joined: (channel) => {
            channel.push("presence_diff", {});
            channel.push("said", 1);
          },
        },
        named,
      ),
    );
    const client = await connect(bench);

    client.subscribe("RoomChannel", { id: 1 });
    await bench.clock.settle();

    expect(client.take()).toEqual([received({ event: "said", payload: 1 }), CONFIRMED]);
  });

  test("is left out when the definition fails on it, and nobody else suffers", async () => {
    const broken: Partial<CableOptions> = {
      message: () => {
        throw new Error("broken");
      },
    };
    await using bench = await startBench(room({}, broken));
    const cable = await subscribe(bench);
    const phoenix = bench.connect();
    phoenix.join("room:1");
    await bench.clock.settle();
    phoenix.take();

    bench.server.broadcast("room:1", "said", {});
    await bench.clock.settle();

    expect(cable.take()).toEqual([]);
    expect(phoenix.take()).toEqual([[null, null, "room:1", "said", {}]]);
    expect(bench.recorder.of("handler_failed")).toMatchObject([{ topic: "room:1", event: "said" }]);
  });

  test("carries what the definition made of it, also to several topics at once", async () => {
    await using bench = await startBench(room());
    const cable = await subscribe(bench);
    const phoenix = bench.connect();
    phoenix.join("room:1");
    await bench.clock.settle();
    phoenix.take();

    bench.server.broadcast(["room:1", "room:2"], "said", { body: "hi" });
    await bench.clock.settle();

    expect(cable.take()).toEqual([received({ body: "hi" })]);
    expect(phoenix.take()).toEqual([[null, null, "room:1", "said", { body: "hi" }]]);
  });

  test("does not hold bytes, for which this grammar has no frame", async () => {
    await using bench = await startBench(room());
    const client = await subscribe(bench);

    bench.server.broadcast("room:1", "bytes", Uint8Array.of(1));
    bench.server.broadcast("room:1", "said", "hi");
    await bench.clock.settle();

    expect(client.take()).toEqual([received("hi")]);
  });
});

test("both grammars meet on one topic", async () => {
  await using bench = await startBench(
    room({ handle: { speak: (payload, channel) => channel.broadcast("said", payload) } }),
  );
  const cable = await subscribe(bench);
  const phoenix = bench.connect();
  phoenix.join("room:1");
  await bench.clock.settle();
  phoenix.take();

  cable.perform(ROOM_1, "speak", { from: "cable" });
  phoenix.push("room:1", "speak", { from: "phoenix" });
  await bench.clock.settle();

  expect(cable.take()).toEqual([received({ from: "cable" }), received({ from: "phoenix" })]);
  expect(phoenix.take()).toEqual([
    [null, null, "room:1", "said", { from: "cable" }],
    [null, null, "room:1", "said", { from: "phoenix" }],
  ]);
});

test("an unsubscribe sent while the subscription is being made ends it", async () => {
  const gate = createGate();
  await using bench = await startBench(
    room({
      join: async () => {
        await gate.opened;
        return accept();
      },
    }),
  );
  const client = await connect(bench);
  client.subscribe("RoomChannel", { id: 1 });
  client.unsubscribe(ROOM_1);

  gate.open();
  await bench.clock.settle();

  expect(bench.server.stats()).toMatchObject({ channels: 0, topics: 0 });
});
