import { accept, type ChannelDefinition, defineChannel, reply } from "@hutong/server";
import { actionCableAt, phoenixAt } from "@hutong/server/node";
import { describe, expect, test } from "vitest";
import { type CableClient, confirmed, connectCable, identify, RAILS_SUBPROTOCOLS } from "./support/cable-client.ts";
import { openSession } from "./support/long-poll-client.ts";
import { connectPhoenix, error, ok } from "./support/phoenix-client.ts";
import { startSmallServer } from "./support/small-server.ts";
import { connect, connectRefused } from "./support/web-socket-client.ts";

// Every limit as a client meets it.

/** A promise that nobody settles before the test is over. */
const never = new Promise<never>(() => {});

const room: ChannelDefinition = defineChannel("room:*", {
  cable: { name: "RoomChannel", topic: () => "room:a" },
  join: ({ topic }) => (topic === "room:never" ? never : accept()),
  joined(channel) {
    if (channel.topic === "room:hook") throw new Error("the hook fails");
  },
  handle: { echo: (payload) => reply(payload), never: () => never },
});

const failing: ChannelDefinition = defineChannel("failing", {
  cable: { name: "FailingChannel", topic: () => "failing" },
  join: () => accept(),
  joined() {
    throw new Error("the hook fails");
  },
});

const channels = [room, failing];

describe("limits of the server", () => {
  test("a join that takes too long is refused, and may be tried again", async () => {
    await using server = await startSmallServer({ channels, limits: { joinTimeoutMs: 50 } });
    using client = await connectPhoenix(`${server.url}/socket`);

    expect(await client.ask("1", "1", "room:never", "phx_join", {})).toStrictEqual(
      error("1", "1", "room:never", "join_timeout"),
    );
    expect(await client.ask("2", "2", "room:a", "phx_join", {})).toStrictEqual(ok("2", "2", "room:a"));
  });

  test("a connection beyond the limit is refused with 503, and admitted when there is room", async () => {
    await using server = await startSmallServer({ channels, limits: { maxConnections: 1 } });
    const first = await connectPhoenix(`${server.url}/socket`);

    const refused = await connectRefused(`${server.url}/socket/websocket?vsn=2.0.0`);
    await first.link.close();
    await server.nextEvent("connection_closed");
    using second = await connectPhoenix(`${server.url}/socket`);

    expect(refused.status).toBe(503);
    expect(await second.silence()).toBe("silence");
  });

  test("a connect handler that takes too long refuses with 503, and an Action Cable client is told to come back", async () => {
    await using server = await startSmallServer({ channels, connect: () => never, limits: { connectTimeoutMs: 50 } });

    const refused = await connectRefused(`${server.url}/socket/websocket?vsn=2.0.0`);
    using cable = await connect(`${server.url}/cable`, { subprotocols: RAILS_SUBPROTOCOLS });

    expect(refused.status).toBe(503);
    expect(await cable.next()).toMatchObject({ type: "disconnect", reconnect: true });
  });

  test("a message beyond the waiting ones is refused, and the channel lives", async () => {
    await using server = await startSmallServer({ channels, limits: { maxPendingMessages: 2 } });
    using client = await connectPhoenix(`${server.url}/socket`);
    await client.ask("1", "1", "room:a", "phx_join", {});

    for (const ref of ["2", "3", "4", "5"]) client.send("1", ref, "room:a", "never", {});

    expect(await client.next()).toStrictEqual(error("1", "5", "room:a", "overloaded"));
  });
});

describe("limits of a connection", () => {
  test("a client that reads too slowly is closed", async () => {
    const mounts = [phoenixAt("/socket", { limits: { maxQueuedBytes: 100_000, closeTimeoutMs: 100 } })];
    await using server = await startSmallServer({ channels }, mounts);
    using client = await connectPhoenix(`${server.url}/socket`);
    await client.ask("1", "1", "room:a", "phx_join", {});
    client.link.webSocket.pause();
    const flood = setInterval(() => server.server.broadcast("room:a", "flood", { filler: "x".repeat(50_000) }), 1);

    const closed = await server.nextEvent("connection_closed");
    clearInterval(flood);

    expect(closed).toMatchObject({ close: "slow_consumer" });
    expect(server.server.stats()).toMatchObject({ connections: 0, channels: 0 });
  });

  test("more WebSocket pings than anyone needs close the connection", async () => {
    const mounts = [phoenixAt("/socket", { limits: { maxControlFrames: 10, pingIntervalMs: 50 } })];
    await using server = await startSmallServer({ channels }, mounts);
    using client = await connectPhoenix(`${server.url}/socket`);

    for (let count = 0; count < 20; count++) client.link.webSocket.ping();

    expect((await client.link.ending()).code).toBe(1008);
  });

  test("WebSocket pings keep a silent client alive", async () => {
    const mounts = [phoenixAt("/socket", { limits: { idleTimeoutMs: 1_000 } })];
    await using server = await startSmallServer({ channels }, mounts);
    using pinging = await connectPhoenix(`${server.url}/socket`);
    using silent = await connectPhoenix(`${server.url}/socket`);
    const pings = setInterval(() => pinging.link.webSocket.ping(), 50);

    const { code } = await silent.link.ending();
    clearInterval(pings);

    expect(code).toBe(4000);
    expect(await pinging.silence()).toBe("silence");
  });

  test("an Action Cable client that only listens is kept as long as its link answers", async () => {
    const mounts = [actionCableAt("/cable", { limits: { idleTimeoutMs: 600, pingIntervalMs: 50 } })];
    await using server = await startSmallServer({ channels }, mounts);
    using client = await connectCable(`${server.url}/cable`);

    // Twenty-five pings are longer than two idle timeouts.
    for (let count = 0; count < 25; count++) await client.ping();

    expect(await client.subscribe(identify("RoomChannel"))).toStrictEqual(confirmed(identify("RoomChannel")));
  });

  test("an Action Cable client has no more channels than the limit", async () => {
    await using server = await startSmallServer({ channels }, [
      actionCableAt("/cable", { limits: { maxChannels: 1 } }),
    ]);
    using client = await connectCable(`${server.url}/cable`);
    const [one, two] = [identify("RoomChannel", { n: 1 }), identify("RoomChannel", { n: 2 })];

    await client.subscribe(one);
    expect(await client.subscribe(two)).toStrictEqual({ identifier: two, type: "reject_subscription" });
    client.unsubscribe(one);
    expect(await client.subscribe(two)).toStrictEqual(confirmed(two));
  });

  test("a frame beyond the limit closes an Action Cable connection with 1009", async () => {
    await using server = await startSmallServer({ channels }, [
      actionCableAt("/cable", { limits: { maxFrameBytes: 500 } }),
    ]);
    using client = await connectCable(`${server.url}/cable`);

    client.link.sendText("x".repeat(501));

    expect((await client.link.ending()).code).toBe(1009);
  });
});

describe("limits of long poll", () => {
  test("a body beyond the limit is refused with 413, and the session lives", async () => {
    await using server = await startSmallServer({ channels }, [
      phoenixAt("/socket", { longPoll: { maxBodyBytes: 1_000 } }),
    ]);
    const client = await openSession(`${server.url}/socket`);

    const refused = await fetch(client.address, { method: "POST", body: "x".repeat(1_001) });

    expect(refused.status).toBe(413);
    expect(await client.post([null, "1", "phoenix", "heartbeat", {}])).toStrictEqual({ status: 200 });
  });

  test("a frame beyond the limit ends the session", async () => {
    await using server = await startSmallServer({ channels }, [
      phoenixAt("/socket", { limits: { maxFrameBytes: 500 } }),
    ]);
    const client = await openSession(`${server.url}/socket`);

    expect(await client.post([null, "1", "phoenix", "heartbeat", "x".repeat(500)])).toStrictEqual({ status: 410 });
    expect(await client.post([null, "2", "phoenix", "heartbeat", {}])).toStrictEqual({ status: 410 });
  });

  test("long poll can be off", async () => {
    await using server = await startSmallServer({ channels }, [phoenixAt("/socket", { longPoll: false })]);

    expect((await fetch(`${server.url}/socket/longpoll?vsn=2.0.0`)).status).toBe(404);
  });
});

describe("a hook that fails after the join", () => {
  test("crashes the channel of a Phoenix client, which has been answered", async () => {
    await using server = await startSmallServer({ channels });
    using client = await connectPhoenix(`${server.url}/socket`);

    client.send("1", "1", "room:hook", "phx_join", {});

    expect(await client.take(2)).toStrictEqual([
      ok("1", "1", "room:hook"),
      ["1", "1", "room:hook", "phx_error", { reason: "channel_crash" }],
    ]);
  });

  test("rejects the subscription of an Action Cable client, once", async () => {
    await using server = await startSmallServer({ channels });
    using client: CableClient = await connectCable(`${server.url}/cable`);
    const identifier = identify("FailingChannel");

    expect(await client.subscribe(identifier)).toStrictEqual({ identifier, type: "reject_subscription" });
    expect(await client.subscribe(identify("RoomChannel"))).toStrictEqual(confirmed(identify("RoomChannel")));
  });
});
