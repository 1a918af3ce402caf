import { accept, createServer, defineChannel } from "@hutong/server";
import { MemoryBroker, MemoryBrokerHub } from "@hutong/server/plugin";
import { type PhoenixClient } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { type Bench, startBench } from "../support.ts";

const ROOM = defineChannel("room:*", {
  join: ({ params }) => accept({ assigns: { name: String(Object(params)["name"]) } }),
  joined: (channel) => {
    channel.presence.track(channel.assigns.name);
    channel.push("presence_state", channel.presence.list());
  },
});

async function enter(bench: Bench, name: string): Promise<PhoenixClient> {
  const client = bench.connect();
  client.join("room:1", { name });
  await bench.clock.settle();
  client.take();
  return client;
}

/** What a client was told of presence since it was last asked. */
function told(client: PhoenixClient): readonly unknown[] {
  return client.take().flatMap(([, , , event, payload]) => {
    if (event !== "presence_diff") return [];
    const { joins, leaves } = Object(payload);
    return [{ joins: Object.keys(joins), leaves: Object.keys(leaves) }];
  });
}

describe("an entry", () => {
  test.each<readonly [string, (client: PhoenixClient) => void]>([
    ["leaves its channel", (client) => void client.leave("room:1")],
    ["closes with 1000", (client) => client.close(1000)],
    ["closes without a code", (client) => client.close(1005)],
    ["goes away with its page", (client) => client.close(1001)],
  ])("leaves at once when its client %s", async (_what, end) => {
    await using bench = await startBench([ROOM]);
    const [watcher, client] = [await enter(bench, "watcher"), await enter(bench, "ann")];
    watcher.take();

    end(client);
    await bench.clock.settle();

    expect(told(watcher)).toEqual([{ joins: [], leaves: ["ann"] }]);
  });

  test("outlives a link that breaks, and its client comes back without a word", async () => {
    await using bench = await startBench([ROOM]);
    const [watcher, client] = [await enter(bench, "watcher"), await enter(bench, "ann")];
    watcher.take();

    client.close(1006);
    await bench.clock.advance(5_000);
    await enter(bench, "ann");
    await bench.clock.advance(20_000);

    expect(told(watcher)).toEqual([]);
    expect(Object.keys(bench.server.presence("room:1"))).toEqual(["watcher", "ann"]);
  });

  test("leaves after the grace when its client stays away", async () => {
    await using bench = await startBench([ROOM], { presence: { graceMs: 3_000 } });
    const [watcher, client] = [await enter(bench, "watcher"), await enter(bench, "ann")];
    watcher.take();

    client.close(1006);
    await bench.clock.advance(2_999);
    const before = told(watcher);
    await bench.clock.advance(1);

    expect([before, told(watcher)]).toEqual([[], [{ joins: [], leaves: ["ann"] }]]);
  });

  test("leaves at once when there is no grace", async () => {
    await using bench = await startBench([ROOM], { presence: { graceMs: 0 } });
    const [watcher, client] = [await enter(bench, "watcher"), await enter(bench, "ann")];
    watcher.take();

    client.close(1006);
    await bench.clock.settle();

    expect(told(watcher)).toEqual([{ joins: [], leaves: ["ann"] }]);
  });

  test("needs limits in their ranges", () => {
    expect(() => createServer({ channels: [], presence: { graceMs: -1, maxListed: 0 } })).toThrow(
      "graceMs is -1, maxListed is 0",
    );
    expect(() => createServer({ channels: [], presence: { graceMs: 0, maxUpdates: 0 } })).toThrow("maxUpdates is 0");
  });

  test.each<readonly [boolean, readonly string[]]>([
    [true, ["watcher", "ann"]],
    [false, ["watcher"]],
  ])(
    "of a client that is disconnected with reconnect: %s waits if the client may come back",
    async (reconnect, names) => {
      await using bench = await startBench([ROOM]);
      await enter(bench, "watcher");
      const client = bench.connect({ admission: { id: "users:ann" } });
      client.join("room:1", { name: "ann" });
      await bench.clock.settle();

      bench.server.disconnect("users:ann", { reconnect });

      expect(Object.keys(bench.server.presence("room:1"))).toEqual(names);
    },
  );

  test("is gone with its server, which leaves no timer", async () => {
    const bench = await startBench([ROOM]);
    const client = await enter(bench, "ann");
    client.close(1006);

    await bench.server.close();

    expect(bench.clock.timerCount).toBe(0);
  });
});

describe("the presence of a node that drains", () => {
  async function startTwo(): Promise<readonly [Bench, Bench]> {
    const hub = new MemoryBrokerHub();
    const limits = { drainMs: 1 };
    return [
      await startBench([ROOM], { broker: new MemoryBroker(hub), limits }),
      await startBench([ROOM], { broker: new MemoryBroker(hub), limits }),
    ];
  }

  test("is handed over: who comes back to another node was never away", async () => {
    const [left, right] = await startTwo();
    const watcher = await enter(right, "watcher");
    await enter(left, "ann");
    await right.clock.settle();
    watcher.take();

    await left.server.drain();
    await right.clock.advance(2_000);
    await enter(right, "ann");
    await right.clock.advance(60_000);

    expect(told(watcher)).toEqual([]);
    expect(Object.keys(right.server.presence("room:1"))).toEqual(["watcher", "ann"]);
    await right.server.close();
  });

  test("leaves when its client comes back nowhere", async () => {
    const [left, right] = await startTwo();
    const watcher = await enter(right, "watcher");
    await enter(left, "ann");
    await right.clock.settle();
    watcher.take();

    await left.server.drain();
    await right.clock.advance(9_000);
    const before = told(watcher);
    await right.clock.advance(2_000);

    expect([before, told(watcher)]).toEqual([[], [{ joins: [], leaves: ["ann"] }]]);
    await right.server.close();
  });
});
