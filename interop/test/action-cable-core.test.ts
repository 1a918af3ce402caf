import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type CableClient,
  confirmed,
  connectCable,
  delivered,
  identify,
  RAILS_SUBPROTOCOLS,
  rejected,
} from "./support/cable-client.ts";
import { startPortedCableServer } from "./support/ported-cable-server.ts";
import type { SmallServer } from "./support/small-server.ts";
import { connect } from "./support/web-socket-client.ts";

// The core scenarios of AnyCable's suite anyt, each named by its id. That nothing
// comes is proved by the answer to an action that was sent afterwards.

let server: SmallServer;
beforeAll(async () => {
  server = await startPortedCableServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const open = (query = "") => connectCable(`${server.url}/cable${query}`);
const streams = (...names: readonly string[]) => identify("StreamsChannel", { streams: names });

/** A client with one subscription. */
async function openSubscribed(identifier: string): Promise<CableClient> {
  const client = await open();
  expect(await client.subscribe(identifier)).toStrictEqual(confirmed(identifier));
  return client;
}

/** Expects that nothing has come: the answer to a probe is the next frame. */
async function expectSilence(client: CableClient, identifier: string): Promise<void> {
  client.perform(identifier, "probe");
  expect(await client.next()).toStrictEqual(delivered(identifier, "probed"));
}

describe("connection", () => {
  test("pings come at intervals and count seconds (anyt-1)", async () => {
    using client = await open();

    const pings = [await client.ping(), await client.ping()];

    const [first, second] = pings.map((ping) => Reflect.get(Object(ping), "message"));
    expect(pings).toStrictEqual([
      { type: "ping", message: first },
      { type: "ping", message: second },
    ]);
    expect([Number.isInteger(first), Number.isInteger(second), second > first]).toStrictEqual([true, true, true]);
  });

  test("the first frame is the welcome (anyt-2)", async () => {
    using client = await connect(`${server.url}/cable`, { subprotocols: RAILS_SUBPROTOCOLS });

    expect(await client.next()).toStrictEqual({ type: "welcome" });
  });

  test("disconnecting an identity says so and closes its connection (anyt-5)", async () => {
    using client = await open("?uid=26");
    using other = await open("?uid=27");

    server.server.disconnect("26");

    expect(await client.next()).toStrictEqual({ type: "disconnect", reason: "remote", reconnect: true });
    expect((await client.link.ending()).code).toBe(1000);
    expect(await other.subscribe(streams("a"))).toStrictEqual(confirmed(streams("a")));
  });

  test("a server that ends tells its clients to come back (anyt-6)", async () => {
    await using ending = await startPortedCableServer();
    using client = await connectCable(`${ending.url}/cable`);

    await ending.server.drain();

    expect(await client.next()).toStrictEqual({ type: "disconnect", reason: "server_restart", reconnect: true });
    expect((await client.link.ending()).code).toBe(1012);
  });

  test("a channel can know the query of its connection (anyt-7)", async () => {
    expect(await describeRequest("?token=secret")).toMatchObject({ params: { token: "secret" }, token: "secret" });
  });

  test("address and host reach the connect handler (anyt-8)", async () => {
    expect(await describeRequest("")).toMatchObject({ host: new URL(server.url).host, path: "/cable" });
  });

  test.each([
    { need: "cookie", headers: {}, id: "anyt-9" },
    { need: "header", headers: {}, id: "anyt-11" },
  ])("a client without the $need is told that it is unauthorized ($id)", async ({ need, headers }) => {
    using client = await connect(`${server.url}/cable?need=${need}`, {
      subprotocols: RAILS_SUBPROTOCOLS,
      headers,
      origin: server.url,
    });

    expect(await client.next()).toStrictEqual({ type: "disconnect", reason: "unauthorized", reconnect: false });
  });

  test.each([
    { need: "cookie", headers: { cookie: "username=john green" }, id: "anyt-10" },
    { need: "header", headers: { "x-api-token": "abc" }, id: "anyt-12" },
  ])("a client with the $need is welcome ($id)", async ({ need, headers }) => {
    using client = await connect(`${server.url}/cable?need=${need}`, {
      subprotocols: RAILS_SUBPROTOCOLS,
      headers,
      origin: server.url,
    });

    expect(await client.next()).toStrictEqual({ type: "welcome" });
  });

  test("a refused client is told so after the upgrade, and closed (anyt-13)", async () => {
    using client = await connect(`${server.url}/cable?token=bad`, { subprotocols: RAILS_SUBPROTOCOLS });

    expect(await client.next()).toStrictEqual({ type: "disconnect", reason: "unauthorized", reconnect: false });
    expect((await client.ending()).code).toBe(1000);
  });
});

describe("subscription state", () => {
  test("what a subscription remembers is there for its actions (anyt-3)", async () => {
    const identifier = identify("StateChannel", { name: "chipollone" });
    using client = await openSubscribed(identifier);

    client.perform(identifier, "tick");

    expect(await client.next()).toStrictEqual(delivered(identifier, { name: "chipollone", count: 3 }));
  });

  test("a closed connection ends its subscription, which still remembers (anyt-4)", async () => {
    const watching = identify("StateChannel", { name: "watcher" });
    const leaving = identify("StateChannel", { name: "chipollone" });
    using watcher = await openSubscribed(watching);
    const client = await openSubscribed(leaving);

    await client.link.close();

    expect(await watcher.next()).toStrictEqual(delivered(watching, { message: "user left: chipollone" }));
  });

  test("a closed connection ends its subscriptions to different channels (anyt-14)", async () => {
    const watching = identify("WatchChannel");
    using watcher = await openSubscribed(watching);
    const client = await openSubscribed(identify("AlphaChannel"));
    expect(await client.subscribe(identify("BetaChannel"))).toStrictEqual(confirmed(identify("BetaChannel")));

    await client.link.close();

    expect(await watcher.take(2)).toStrictEqual([
      delivered(watching, { left: "AlphaChannel", id: null }),
      delivered(watching, { left: "BetaChannel", id: null }),
    ]);
  });

  test("a closed connection ends its subscriptions to one channel with different params (anyt-15)", async () => {
    const watching = identify("WatchChannel");
    using watcher = await openSubscribed(watching);
    const client = await openSubscribed(identify("AlphaChannel", { id: 1 }));
    await client.subscribe(identify("AlphaChannel", { id: 2 }));

    await client.link.close();

    expect(await watcher.take(2)).toStrictEqual([
      delivered(watching, { left: "AlphaChannel", id: 1 }),
      delivered(watching, { left: "AlphaChannel", id: 2 }),
    ]);
  });
});

describe("broadcasts", () => {
  test.each([
    { what: "a nested object (anyt-16)", value: { a: { b: [1, null, "二"] } } },
    { what: "a string (anyt-17)", value: "<script>alert('x')</script>" },
    { what: "a string that looks like JSON (anyt-18)", value: '{"a":1}' },
    { what: "null", value: null },
    { what: "zero", value: 0 },
    { what: "an array", value: [] },
  ])("$what is delivered as it is", async ({ value }) => {
    using client = await openSubscribed(streams("a"));

    server.server.broadcast("a", "message", value);

    expect(await client.next()).toStrictEqual(delivered(streams("a"), value));
  });

  test("everyone on a stream gets a broadcast (anyt-19)", async () => {
    using one = await openSubscribed(streams("a"));
    using other = await openSubscribed(streams("a"));

    server.server.broadcast("a", "message", { n: 1 });

    expect([await one.next(), await other.next()]).toStrictEqual([
      delivered(streams("a"), { n: 1 }),
      delivered(streams("a"), { n: 1 }),
    ]);
  });

  test("who unsubscribed gets nothing more, the others do (anyt-20)", async () => {
    using left = await openSubscribed(streams("a"));
    using stayed = await openSubscribed(streams("a"));
    await left.subscribe(streams("b"));

    left.unsubscribe(streams("a"));
    await expectSilence(left, streams("b"));
    server.server.broadcast("a", "message", { n: 1 });

    expect(await stayed.next()).toStrictEqual(delivered(streams("a"), { n: 1 }));
    await expectSilence(left, streams("b"));
  });

  test("a subscription may have several streams (anyt-21)", async () => {
    const identifier = streams("a", "b");
    using client = await openSubscribed(identifier);

    server.server.broadcast("a", "message", "of a");
    server.server.broadcast("b", "message", "of b");

    expect(await client.take(2)).toStrictEqual([delivered(identifier, "of a"), delivered(identifier, "of b")]);
  });

  test("after unsubscribing nothing comes of any stream (anyt-22, anyt-24)", async () => {
    using client = await openSubscribed(streams("a", "b"));
    await client.subscribe(streams("c"));

    client.unsubscribe(streams("a", "b"));
    await expectSilence(client, streams("c"));
    server.server.broadcast("a", "message", "of a");
    server.server.broadcast("b", "message", "of b");

    await expectSilence(client, streams("c"));
  });

  test("broadcasts of one stream keep their order (anyt-23)", async () => {
    using client = await openSubscribed(streams("a"));

    for (const n of [1, 2, 3]) server.server.broadcast("a", "message", { n });

    expect(await client.take(3)).toStrictEqual([1, 2, 3].map((n) => delivered(streams("a"), { n })));
  });

  test("two subscriptions to one stream get a copy each (anyt-25)", async () => {
    using client = await openSubscribed(streams("a"));
    await client.subscribe(streams("a", "b"));

    server.server.broadcast("a", "message", "copy");

    expect(await client.take(2)).toStrictEqual([delivered(streams("a"), "copy"), delivered(streams("a", "b"), "copy")]);
  });

  test("a stream that an action stopped is silent, the others are not (anyt-26)", async () => {
    const identifier = streams("a", "b");
    using client = await openSubscribed(identifier);

    client.perform(identifier, "unfollow", { stream: "a" });
    await expectSilence(client, identifier);
    server.server.broadcast("a", "message", "of a");
    server.server.broadcast("b", "message", "of b");

    expect(await client.next()).toStrictEqual(delivered(identifier, "of b"));
  });

  test("an action can start a stream", async () => {
    const identifier = streams();
    using client = await openSubscribed(identifier);

    client.perform(identifier, "follow", { stream: "late" });
    await expectSilence(client, identifier);
    server.server.broadcast("late", "message", "of late");

    expect(await client.next()).toStrictEqual(delivered(identifier, "of late"));
  });

  test("a broadcast that an action makes reaches everyone, the sender too", async () => {
    const identifier = streams();
    using one = await openSubscribed(identifier);
    using other = await openSubscribed(identifier);

    one.perform(identifier, "broadcast", { n: 1 });

    expect([await one.next(), await other.next()]).toStrictEqual([
      delivered(identifier, { n: 1 }),
      delivered(identifier, { n: 1 }),
    ]);
  });

  test("a broadcast to others leaves the sender out", async () => {
    const identifier = streams();
    using one = await openSubscribed(identifier);
    using other = await openSubscribed(identifier);

    one.perform(identifier, "others", { n: 1 });

    expect(await other.next()).toStrictEqual(delivered(identifier, { n: 1 }));
    await expectSilence(one, identifier);
  });
});

describe("commands", () => {
  test("a subscription is confirmed (anyt-27) or rejected (anyt-28)", async () => {
    using client = await open();

    expect(await client.subscribe(streams())).toStrictEqual(confirmed(streams()));
    expect(await client.subscribe(identify("RejectChannel"))).toStrictEqual(rejected(identify("RejectChannel")));
  });

  test("one channel with different params is two subscriptions (anyt-29)", async () => {
    using client = await open();
    const [one, two] = [identify("AlphaChannel", { id: 1 }), identify("AlphaChannel", { id: 2 })];

    expect([await client.subscribe(one), await client.subscribe(two)]).toStrictEqual([confirmed(one), confirmed(two)]);
  });

  test("an action runs without data (anyt-30) and with data (anyt-31)", async () => {
    const identifier = identify("TransmitChannel");
    using client = await open();
    client.send({ command: "subscribe", identifier });
    await client.take(3);

    client.perform(identifier, "tick");
    client.perform(identifier, "echo", { text: "panda" });

    expect(await client.take(2)).toStrictEqual([
      delivered(identifier, "tock"),
      delivered(identifier, { text: "panda" }),
    ]);
  });

  test("what is transmitted while subscribing comes before the confirmation (anyt-32)", async () => {
    const identifier = identify("TransmitChannel");
    using client = await open();

    client.send({ command: "subscribe", identifier });

    expect(await client.take(3)).toStrictEqual([
      delivered(identifier, "hello"),
      delivered(identifier, "world"),
      confirmed(identifier),
    ]);
  });

  test("a periodic timer runs at intervals, from its subscription on", async () => {
    const identifier = identify("TimerChannel");
    using client = await openSubscribed(identifier);

    expect(await client.take(2)).toStrictEqual([delivered(identifier, 1), delivered(identifier, 2)]);
  });
});

/** What the connect handler was told of a handshake with this query. */
async function describeRequest(query: string): Promise<unknown> {
  const identifier = identify("TransmitChannel");
  using client = await open(query);
  client.send({ command: "subscribe", identifier });
  await client.take(3);
  client.perform(identifier, "request");
  return Reflect.get(Object(await client.next()), "message");
}
