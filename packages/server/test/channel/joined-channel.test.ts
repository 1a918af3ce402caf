import { accept, type Channel, type ChannelDefinition, defineChannel } from "@hutong/server";
import { describe, expect, test } from "vitest";
import { createGate, startBench } from "../support.ts";

/** Rooms whose channels the test holds, in the order of the joins. */
function createRooms(): { readonly channels: Channel[]; readonly definitions: readonly ChannelDefinition[] } {
  const channels: Channel[] = [];
  return {
    channels,
    definitions: [defineChannel("room:*", { join: () => accept(), joined: (channel) => void channels.push(channel) })],
  };
}

describe("sending", () => {
  test("a push reaches this client only", async () => {
    const { channels, definitions } = createRooms();
    await using bench = await startBench(definitions);
    const [ann, bob] = [bench.connect(), bench.connect()];
    for (const client of [ann, bob]) client.join("room:1");
    await bench.clock.settle();
    for (const client of [ann, bob]) client.take();

    channels[0]?.push("hi", { n: 1 });
    await bench.clock.settle();

    expect(ann.take()).toEqual([["1", null, "room:1", "hi", { n: 1 }]]);
    expect(bob.take()).toEqual([]);
  });

  test("a broadcast reaches everyone on the topic, this client included", async () => {
    const { channels, definitions } = createRooms();
    await using bench = await startBench(definitions);
    const [ann, bob, eve] = [bench.connect(), bench.connect(), bench.connect()];
    ann.join("room:1");
    bob.join("room:1");
    eve.join("room:2");
    await bench.clock.settle();
    for (const client of [ann, bob, eve]) client.take();

    channels[0]?.broadcast("hi", { n: 1 });
    await bench.clock.settle();

    expect(ann.take()).toEqual([[null, null, "room:1", "hi", { n: 1 }]]);
    expect(bob.take()).toEqual([[null, null, "room:1", "hi", { n: 1 }]]);
    expect(eve.take()).toEqual([]);
  });

  test("a broadcast to others leaves this client out", async () => {
    const { channels, definitions } = createRooms();
    await using bench = await startBench(definitions);
    const [ann, bob] = [bench.connect(), bench.connect()];
    for (const client of [ann, bob]) client.join("room:1");
    await bench.clock.settle();
    for (const client of [ann, bob]) client.take();

    channels[0]?.broadcastToOthers("hi", {});
    await bench.clock.settle();

    expect(ann.take()).toEqual([]);
    expect(bob.take()).toEqual([[null, null, "room:1", "hi", {}]]);
  });

  test("a broadcast of bytes arrives as bytes", async () => {
    const { channels, definitions } = createRooms();
    await using bench = await startBench(definitions);
    const client = bench.connect();
    client.join("room:1");
    await bench.clock.settle();
    client.take();

    channels[0]?.broadcast("bytes", Uint8Array.of(0, 255));
    await bench.clock.settle();

    expect(client.take()).toEqual([[null, null, "room:1", "bytes", Uint8Array.of(0, 255)]]);
  });

  test("stop ends the channel, and a second stop does nothing", async () => {
    const { channels, definitions } = createRooms();
    await using bench = await startBench(definitions);
    const client = bench.connect();
    client.join("room:1");
    await bench.clock.settle();
    client.take();

    channels[0]?.stop("done");
    channels[0]?.stop("again");
    await bench.clock.settle();

    expect(client.take()).toEqual([["1", "1", "room:1", "phx_close", {}]]);
    expect(bench.recorder.of("channel_ended")).toMatchObject([{ reason: "done" }]);
  });

  test("nothing reaches a client that is gone", async () => {
    const { channels, definitions } = createRooms();
    await using bench = await startBench(definitions);
    const client = bench.connect();
    client.join("room:1");
    await bench.clock.settle();
    client.take();
    client.close();

    channels[0]?.push("hi", {});
    channels[0]?.broadcast("hi", {});
    await bench.clock.settle();

    expect(client.take()).toEqual([]);
  });
});

describe("presence", () => {
  test("is broadcast to the topic and listed", async () => {
    const { channels, definitions } = createRooms();
    await using bench = await startBench(definitions);
    const client = bench.connect();
    client.join("room:1");
    await bench.clock.settle();
    client.take();

    const ref = channels[0]?.presence.track("ann", { status: "online" });
    await bench.clock.settle();

    const state = { ann: { metas: [{ status: "online", phx_ref: ref }] } };
    expect(client.take()).toEqual([[null, null, "room:1", "presence_diff", { joins: state, leaves: {} }]]);
    expect(JSON.parse(JSON.stringify(channels[0]?.presence.list()))).toEqual(state);
    expect(JSON.parse(JSON.stringify(bench.server.presence("room:1")))).toEqual(state);
  });

  test("goes with the connection, and the others hear of it", async () => {
    const { channels, definitions } = createRooms();
    await using bench = await startBench(definitions);
    const [ann, bob] = [bench.connect(), bench.connect()];
    for (const client of [ann, bob]) client.join("room:1");
    await bench.clock.settle();
    const ref = channels[0]?.presence.track("ann");
    await bench.clock.settle();
    bob.take();

    ann.close();
    await bench.clock.settle();

    expect(bob.take()).toEqual([
      [null, null, "room:1", "presence_diff", { joins: {}, leaves: { ann: { metas: [{ phx_ref: ref }] } } }],
    ]);
    expect(Object.keys(bench.server.presence("room:1"))).toEqual([]);
  });

  test("is changed by an object or by a function of the old meta", async () => {
    const { channels, definitions } = createRooms();
    await using bench = await startBench(definitions);
    const client = bench.connect();
    client.join("room:1");
    await bench.clock.settle();
    const presence = channels[0]?.presence;
    presence?.track("ann", { visits: 1 });

    presence?.update("ann", { visits: 5 });
    presence?.update("ann", (meta) => ({ visits: Number(meta["visits"]) + 1 }));

    expect(presence?.list()["ann"]?.metas).toMatchObject([{ visits: 6 }]);
    expect(presence?.update("bob", {})).toBeUndefined();
  });

  test("is removed by untrack", async () => {
    const { channels, definitions } = createRooms();
    await using bench = await startBench(definitions);
    const client = bench.connect();
    client.join("room:1");
    await bench.clock.settle();
    channels[0]?.presence.track("ann");
    channels[0]?.presence.track("bob");

    channels[0]?.presence.untrack("ann");

    expect(Object.keys(bench.server.presence("room:1"))).toEqual(["bob"]);
  });

  test("that is tracked after the channel has ended leaves no ghost", async () => {
    const gate = createGate();
    const room = defineChannel("room:*", {
      join: () => accept(),
      joined: async (channel) => {
        await gate.opened;
        channel.presence.track("ann");
      },
    });
    await using bench = await startBench([room]);
    const client = bench.connect();
    client.join("room:1");
    await bench.clock.settle();

    client.close();
    gate.open();
    await bench.clock.settle();

    expect(Object.keys(bench.server.presence("room:1"))).toEqual([]);
  });
});
