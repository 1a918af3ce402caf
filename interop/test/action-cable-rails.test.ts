import type { Listener } from "@hutong/server/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFixture } from "../fixture/fixture.ts";
import {
  CableClient,
  confirmed,
  connectCable,
  delivered,
  identify,
  RAILS_SUBPROTOCOLS,
  rejected,
} from "./support/cable-client.ts";
import { startPortedCableServer } from "./support/ported-cable-server.ts";
import { connect, connectRefused } from "./support/web-socket-client.ts";

// The rules of Rails' own suites for Action Cable, and the traps that servers which
// speak it are known to fall into. That nothing comes is proved by the answer to
// an action that was sent afterwards.

let fixture: Listener;
beforeAll(async () => {
  fixture = await startFixture({ port: 0 });
});
afterAll(() => fixture.close());

const CHAT = identify("ChatChannel");
const chat = (room: string) => identify("ChatChannel", { room });
const cableUrl = (query = "") => `${fixture.url}/cable${query}`;
const open = (query = "") => connectCable(cableUrl(query));

async function openChat(identifier = CHAT): Promise<CableClient> {
  const client = await open();
  expect(await client.subscribe(identifier)).toStrictEqual(confirmed(identifier));
  return client;
}

/** Expects that nothing has come, and that the subscription works. */
async function expectSilence(client: CableClient, identifier = CHAT): Promise<void> {
  client.perform(identifier, "echo", { probe: true });
  expect(await client.next()).toStrictEqual(delivered(identifier, { action: "echo", probe: true }));
}

async function post(path: string, body: object): Promise<void> {
  await fetch(`${fixture.url}${path}`, { method: "POST", body: JSON.stringify(body) });
}

describe("clients of a server", () => {
  test("one client is welcomed, confirmed and answered", async () => {
    using client = await openChat();

    client.perform(CHAT, "echo", { dong: 1 });

    expect(await client.next()).toStrictEqual(delivered(CHAT, { action: "echo", dong: 1 }));
  });

  test.each([10, 100])("each of %i clients gets what each of ten says, in one order", async (count) => {
    const identifier = chat(`crowd-${count}`);
    const clients = await Promise.all(Array.from({ length: count }, () => openChat(identifier)));

    for (const [index, client] of clients.slice(0, 10).entries()) client.perform(identifier, "speak", { index });
    const received = await Promise.all(clients.map((client) => client.take(10)));

    const [first = []] = received;
    const said = first.map((frame) => Reflect.get(Object(frame).message, "index"));
    expect(said.toSorted((a, b) => a - b)).toStrictEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(received.filter((frames) => JSON.stringify(frames) !== JSON.stringify(first))).toStrictEqual([]);
    for (const client of clients) client[Symbol.dispose]();
  });

  test("a client that disappears before its answer disturbs nobody", async () => {
    const gone = await openChat(chat("gone"));
    gone.perform(chat("gone"), "echo", { n: 1 });
    gone.link.webSocket.terminate();

    using next = await openChat(chat("gone"));

    await expectSilence(next, chat("gone"));
  });

  test("nothing of a closed connection stays behind", async () => {
    await using server = await startPortedCableServer();
    const client = await connectCable(`${server.url}/cable`);
    await client.subscribe(identify("StreamsChannel", { streams: ["a", "b"] }));
    expect(server.server.stats()).toStrictEqual({ connections: 1, channels: 1, subscriptions: 3, topics: 3 });

    await client.link.close();
    await server.nextEvent("channel_ended");

    expect(server.server.stats()).toStrictEqual({ connections: 0, channels: 0, subscriptions: 0, topics: 0 });
  });

  test.each([true, false])("a remote disconnect says whether to come back: %s", async (reconnect) => {
    using one = await open(`?uid=remote-${reconnect}`);
    using other = await open(`?uid=remote-${reconnect}`);

    await post("/_disconnect", { uid: `remote-${reconnect}`, reconnect });

    for (const client of [one, other]) {
      expect(await client.next()).toStrictEqual({ type: "disconnect", reason: "remote", reconnect });
      expect((await client.link.ending()).code).toBe(1000);
    }
  });
});

describe("the handshake", () => {
  test.each([
    { offered: ["actioncable-v1-json", "actioncable-unsupported"], echoed: "actioncable-v1-json" },
    { offered: ["actioncable-v1-json"], echoed: "actioncable-v1-json" },
    { offered: ["actioncable-v1-msgpack", "actioncable-v1-json"], echoed: "actioncable-v1-json" },
    { offered: ["actioncable-unsupported"], echoed: "actioncable-unsupported" },
    { offered: [], echoed: undefined },
  ])("an offer of $offered is answered with $echoed", async ({ offered, echoed }) => {
    using client = await connect(cableUrl(), { subprotocols: offered });

    expect(client.headers["sec-websocket-protocol"]).toBe(echoed);
    expect(await client.next()).toStrictEqual({ type: "welcome" });
  });

  test("an offer of unknown names is answered without a name, which clients do not accept", async () => {
    await expect(connect(cableUrl(), { subprotocols: ["mqtt"] })).rejects.toThrow("Server sent no subprotocol");
  });

  test("compression is never agreed", async () => {
    using client = await connect(cableUrl());

    expect(client.headers["sec-websocket-extensions"]).toBeUndefined();
  });

  test.each([
    { origin: "http://localhost:3000", isAllowed: true },
    { origin: "https://example.com", isAllowed: true },
    { origin: "https://evil.example", isAllowed: false },
    { origin: "weapp://wechat-game-runtime", isAllowed: false },
  ])("the origin $origin is allowed: $isAllowed", async ({ origin, isAllowed }) => {
    if (!isAllowed) {
      expect((await connectRefused(cableUrl(), { origin })).status).toBe(403);
      return;
    }
    using client = await connect(cableUrl(), { origin });
    expect(await client.next()).toStrictEqual({ type: "welcome" });
  });

  test("a page of another host is refused by default, one of the same host is not", async () => {
    await using server = await startPortedCableServer();
    const url = `${server.url}/cable`;

    expect((await connectRefused(url, { origin: "https://example.com" })).status).toBe(403);
    using client = await connect(url, { origin: server.url });
    expect(await client.next()).toStrictEqual({ type: "welcome" });
  });

  test("a plain GET is told that the address speaks WebSocket", async () => {
    expect((await fetch(cableUrl())).status).toBe(400);
  });

  test.each([
    { place: "Authorization, bare", headers: { authorization: "bad" }, query: "", subprotocols: [] },
    { place: "Authorization, Bearer", headers: { authorization: "Bearer bad" }, query: "", subprotocols: [] },
    { place: "x-jid", headers: { "x-jid": "bad" }, query: "", subprotocols: [] },
    { place: "a subprotocol", headers: {}, query: "", subprotocols: ["actioncable-v1-json", "anycable-token.bad"] },
    { place: "token in the query", headers: {}, query: "?token=bad", subprotocols: [] },
    { place: "jid in the query", headers: {}, query: "?jid=bad", subprotocols: [] },
  ])("a token is read from $place", async ({ headers, query, subprotocols }) => {
    using client = await connect(cableUrl(query), { headers, subprotocols });

    expect(await client.next()).toStrictEqual({ type: "disconnect", reason: "unauthorized", reconnect: false });
    expect((await client.ending()).code).toBe(1000);
  });

  test("a connect handler that throws closes the connection, and the client may come back", async () => {
    await using server = await startPortedCableServer();
    using client = await connect(`${server.url}/cable?need=crash`, { subprotocols: RAILS_SUBPROTOCOLS });

    expect(await client.next()).toStrictEqual({ type: "disconnect", reason: "internal", reconnect: true });
    expect((await client.ending()).code).toBe(1011);
  });

  test("a mini-program speaks at once, without subprotocol and origin, with a bare token", async () => {
    const link = await connect(cableUrl(), {
      headers: { authorization: "header.payload.signature" },
      early: [
        JSON.stringify({ command: "subscribe", identifier: CHAT }),
        JSON.stringify({ command: "message", identifier: CHAT, data: JSON.stringify({ action: "echo", n: 1 }) }),
      ],
    });
    using client = new CableClient(link);

    expect(link.headers["sec-websocket-protocol"]).toBeUndefined();
    expect(await client.take(3)).toStrictEqual([
      { type: "welcome" },
      confirmed(CHAT),
      delivered(CHAT, { action: "echo", n: 1 }),
    ]);
  });
});

describe("subscriptions", () => {
  test("an unknown channel is rejected, and the connection lives", async () => {
    using client = await openChat();

    expect(await client.subscribe(identify("NoSuchChannel"))).toStrictEqual(rejected(identify("NoSuchChannel")));
    await expectSilence(client);
  });

  test.each(["constructor", "__proto__", "toString", ""])("a channel named %j is rejected", async (name) => {
    using client = await open();

    expect(await client.subscribe(identify(name))).toStrictEqual(rejected(identify(name)));
  });

  test("a second subscribe of the same identifier is silent, and delivers no second copy", async () => {
    using client = await openChat();

    client.send({ command: "subscribe", identifier: CHAT });
    await expectSilence(client);
    client.perform(CHAT, "speak", { n: 1 });

    expect(await client.next()).toStrictEqual(delivered(CHAT, { n: 1 }));
    await expectSilence(client);
  });

  test("identifiers are strings, kept byte for byte", async () => {
    using client = await open();
    const identifiers = [
      '{"channel":"ChatChannel","room":"bytes"}',
      '{"room":"bytes","channel":"ChatChannel"}',
      '{ "channel": "ChatChannel",\t"room": "bytes" }',
      '{"channel":"ChatChannel","room":"bytes","name":"\\u718a猫 \\/"}',
    ];

    for (const identifier of identifiers)
      expect(await client.subscribe(identifier)).toStrictEqual(confirmed(identifier));
    await post("/_broadcast", { stream: "room:bytes", data: "once each" });

    expect(await client.take(4)).toStrictEqual(identifiers.map((identifier) => delivered(identifier, "once each")));
  });

  test("a subscription that was ended is confirmed again", async () => {
    using client = await openChat();

    client.unsubscribe(CHAT);

    expect(await client.subscribe(CHAT)).toStrictEqual(confirmed(CHAT));
  });

  test("subscribe, unsubscribe and subscribe, sent together, end in a subscription", async () => {
    using client = await openChat();

    client.send({ command: "subscribe", identifier: chat("strict") });
    client.unsubscribe(chat("strict"));
    client.send({ command: "subscribe", identifier: chat("strict") });
    client.perform(chat("strict"), "echo", { n: 1 });

    expect(await client.take(3)).toStrictEqual([
      confirmed(chat("strict")),
      confirmed(chat("strict")),
      delivered(chat("strict"), { action: "echo", n: 1 }),
    ]);
  });

  test("a subscribe behind an unsubscribe that waits for a slow action is no duplicate", async () => {
    await using server = await startPortedCableServer();
    using client = await connectCable(`${server.url}/cable`);
    const identifier = identify("StreamsChannel");
    await client.subscribe(identifier);

    client.perform(identifier, "slow", { ms: 50 });
    client.unsubscribe(identifier);
    client.send({ command: "subscribe", identifier });
    client.perform(identifier, "probe");

    expect(await client.take(3)).toStrictEqual([
      delivered(identifier, { ms: 50 }),
      confirmed(identifier),
      delivered(identifier, "probed"),
    ]);
  });

  test("a subscription that was rejected takes no actions, and may be tried again", async () => {
    const identifier = identify("ChatChannel", { reject: true });
    using client = await openChat();

    expect(await client.subscribe(identifier)).toStrictEqual(rejected(identifier));
    client.perform(identifier, "echo", { n: 1 });
    await expectSilence(client);
    expect(await client.subscribe(identifier)).toStrictEqual(rejected(identifier));
  });

  test("a subscription with several streams is confirmed once", async () => {
    await using server = await startPortedCableServer();
    using client = await connectCable(`${server.url}/cable`);
    const identifier = identify("StreamsChannel", { streams: ["a", "b", "c"] });

    expect(await client.subscribe(identifier)).toStrictEqual(confirmed(identifier));
    client.perform(identifier, "probe");
    expect(await client.next()).toStrictEqual(delivered(identifier, "probed"));
  });

  test("a channel whose join throws is rejected", async () => {
    await using server = await startPortedCableServer();
    using client = await connectCable(`${server.url}/cable`);

    expect(await client.subscribe(identify("CrashChannel"))).toStrictEqual(rejected(identify("CrashChannel")));
  });

  test("a topic that the parameters do not make is rejected", async () => {
    const identifier = identify("ChatChannel", { room: "not a topic" });
    using client = await open();

    expect(await client.subscribe(identifier)).toStrictEqual(rejected(identifier));
  });
});

describe("actions", () => {
  test("twenty actions run in their order, also behind a slow one", async () => {
    await using server = await startPortedCableServer();
    using client = await connectCable(`${server.url}/cable`);
    const identifier = identify("StreamsChannel");

    // The first action comes before the confirmation, and the handlers before the last take the longest.
    client.send({ command: "subscribe", identifier });
    const numbers = Array.from({ length: 20 }, (_, index) => index);
    for (const n of numbers) client.perform(identifier, "slow", { n, ms: n % 2 });

    expect(await client.take(21)).toStrictEqual([
      confirmed(identifier),
      ...numbers.map((n) => delivered(identifier, { n, ms: n % 2 })),
    ]);
  });

  test.each([{ n: 1 }, { n: 1, action: null }, { n: 1, action: "" }, { n: 1, action: " " }])(
    "%j is for receive",
    async (data) => {
      using client = await openChat();

      client.send({ command: "message", identifier: CHAT, data: JSON.stringify(data) });

      expect(await client.next()).toStrictEqual(delivered(CHAT, { received: { n: 1 } }));
    },
  );

  test.each(["no_such_action", "subscribed", "unsubscribed", "transmit", "constructor", "__proto__", "toString"])(
    "the action %s, which the channel does not have, is ignored",
    async (action) => {
      using client = await openChat();

      client.perform(CHAT, action, { n: 1 });

      await expectSilence(client);
    },
  );

  test("an action that throws costs nothing but its message", async () => {
    using client = await openChat();

    client.perform(CHAT, "boom");

    await expectSilence(client);
  });

  test("speak is broadcast without its action", async () => {
    using client = await openChat(chat("speak"));

    client.perform(chat("speak"), "speak", { body: "hi" });

    expect(await client.next()).toStrictEqual(delivered(chat("speak"), { body: "hi" }));
  });

  test("unfollow stops the streams and keeps the subscription", async () => {
    using client = await openChat(chat("unfollow"));

    client.perform(chat("unfollow"), "unfollow");
    client.perform(chat("unfollow"), "speak", { body: "hi" });

    await expectSilence(client, chat("unfollow"));
  });
});

describe("garbage", () => {
  test.each([
    ["no JSON", "{nope"],
    ["an empty frame", ""],
    ["an empty object", "{}"],
    ["an array", "[]"],
    ["a string", '"x"'],
    ["null", "null"],
    ["a number", "42"],
    ["an unknown command", JSON.stringify({ command: "whisper", identifier: CHAT })],
    ["a subscribe without identifier", '{"command":"subscribe"}'],
    ["an identifier that is an object", '{"command":"subscribe","identifier":{"channel":"ChatChannel"}}'],
    ["an identifier that is no JSON", '{"command":"subscribe","identifier":"ChatChannel"}'],
    ["an identifier without channel", '{"command":"subscribe","identifier":"{}"}'],
    ["an unsubscribe of nothing", JSON.stringify({ command: "unsubscribe", identifier: chat("never") })],
    [
      "a message for nothing",
      JSON.stringify({ command: "message", identifier: chat("never"), data: '{"action":"echo"}' }),
    ],
    ["data that is an object", JSON.stringify({ command: "message", identifier: CHAT, data: { action: "echo" } })],
    ["no data", JSON.stringify({ command: "message", identifier: CHAT })],
    ["data that is no JSON", JSON.stringify({ command: "message", identifier: CHAT, data: "echo" })],
    ["data that is an array", JSON.stringify({ command: "message", identifier: CHAT, data: "[]" })],
    ["data that is a number", JSON.stringify({ command: "message", identifier: CHAT, data: "1" })],
  ])("%s is ignored, and the connection lives", async (_what, frame) => {
    using client = await openChat();

    client.link.sendText(frame);

    await expectSilence(client);
  });

  test("a binary frame is ignored, even one that holds a command", async () => {
    using client = await openChat();

    client.link.sendBytes(Buffer.from(JSON.stringify({ command: "subscribe", identifier: chat("binary") })));

    await expectSilence(client);
  });

  test("more garbage than anyone sends by mistake closes the connection for good", async () => {
    using client = await open();

    for (let count = 0; count <= 100; count++) client.link.sendText("{nope");

    expect(await client.next()).toMatchObject({ type: "disconnect", reconnect: false });
    expect((await client.link.ending()).code).toBe(1008);
  });
});

describe("the other channels of the fixture", () => {
  test("a topic that is streamed twice is delivered once", async () => {
    const identifier = identify("DupChannel");
    using client = await openChat();
    await client.subscribe(identifier);

    await post("/_broadcast", { stream: "dup", data: { n: 1 } });

    expect(await client.next()).toStrictEqual(delivered(identifier, { n: 1 }));
    await expectSilence(client);
  });

  test("the timer ticks every second", async () => {
    const identifier = identify("TimerChannel");
    using client = await open();

    expect(await client.subscribe(identifier)).toStrictEqual(confirmed(identifier));
    expect(await client.take(2)).toStrictEqual([
      delivered(identifier, { tick: 1 }),
      delivered(identifier, { tick: 2 }),
    ]);
  });

  test("the benchmark's channel echoes and broadcasts", async () => {
    const identifier = identify("BenchmarkChannel");
    using client = await open();
    await client.subscribe(identifier);

    client.perform(identifier, "echo", { n: 1 });
    client.perform(identifier, "broadcast", { n: 2 });

    expect(await client.take(3)).toStrictEqual([
      delivered(identifier, { action: "echo", n: 1 }),
      delivered(identifier, { action: "broadcast", n: 2 }),
      delivered(identifier, { action: "broadcastResult", n: 2 }),
    ]);
  });

  test("the helpers count connections and channels, and refuse what they do not know", async () => {
    using client = await openChat(chat("stats"));
    await client.subscribe(identify("DupChannel"));

    const stats: unknown = await (await fetch(`${fixture.url}/_stats`)).json();
    const unknown = await fetch(`${fixture.url}/_nothing`);

    expect(stats).toMatchObject({
      connections: expect.any(Number),
      channels: expect.any(Number),
      subscriptions: expect.any(Number),
      rss: expect.any(Number),
    });
    expect(unknown.status).toBe(404);
  });
});
