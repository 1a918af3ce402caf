import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  connectExtended,
  departures,
  EXTENDED_SUBPROTOCOL,
  history,
  kept,
  roomOf,
  startAnycableServer,
} from "./support/anycable-server.ts";
import { CableClient, confirmed, delivered, identify } from "./support/cable-client.ts";
import type { SmallServer } from "./support/small-server.ts";
import { connect } from "./support/web-socket-client.ts";

// The scenarios of AnyCable's own suite about the connection and history, with raw frames.

let server: SmallServer;
beforeAll(async () => {
  server = await startAnycableServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const nowSeconds = () => Math.floor(Date.now() / 1000);

/** Publishes to a topic with history and gives its epoch, as a subscriber sees it. */
async function publish(id: string, ...messages: readonly number[]): Promise<unknown> {
  using reader = await connectExtended(server.url);
  await reader.subscribe(roomOf(id));
  for (const n of messages) server.server.broadcast(`room:${id}`, "said", { n });
  const frames = await reader.take(messages.length);
  return Reflect.get(frames[0] as object, "epoch");
}

function subscribeWith(client: CableClient, identifier: string, request: object): void {
  client.send({ command: "subscribe", identifier, history: request });
}

describe("the connection", () => {
  test("the dialect is echoed and the greeting carries a sid that no header chooses", async () => {
    const options = { subprotocols: [EXTENDED_SUBPROTOCOL], headers: { "x-request-id": "mine" } };
    using first = await connect(`${server.url}/cable`, options);
    using second = await connect(`${server.url}/cable`, options);

    const welcomes = [await first.next(), await second.next()];

    expect(first.headers["sec-websocket-protocol"]).toBe(EXTENDED_SUBPROTOCOL);
    expect(welcomes).toStrictEqual([
      { type: "welcome", sid: expect.stringMatching(/^[\da-f-]{36}$/) },
      { type: "welcome", sid: expect.stringMatching(/^[\da-f-]{36}$/) },
    ]);
    expect(welcomes[0]).not.toStrictEqual(welcomes[1]);
  });

  test("the best of several offers is taken", async () => {
    using client = await connect(`${server.url}/cable`, {
      subprotocols: ["actioncable-v1-json", EXTENDED_SUBPROTOCOL],
    });

    expect(client.headers["sec-websocket-protocol"]).toBe(EXTENDED_SUBPROTOCOL);
  });

  test("a plain client gets no sid, and its extended commands are ignored", async () => {
    using client = await connect(`${server.url}/cable`, { subprotocols: ["actioncable-v1-json"] });
    const plain = identify("PlainChannel");
    expect(await client.next()).toStrictEqual({ type: "welcome" });

    client.send({ command: "ping" });
    client.send({ command: "subscribe", identifier: plain, history: { since: 1 }, presence: { id: "1" } });
    client.send({ command: "history", identifier: plain, history: { since: 1 } });
    client.send({ command: "presence", identifier: plain });
    client.send({ command: "message", identifier: plain, data: '{"action":"echo"}' });

    const frames = [];
    while (frames.length < 3) {
      const frame = await client.next();
      if (Reflect.get(frame as object, "type") !== "ping") frames.push(frame);
    }
    expect(frames).toStrictEqual([delivered(plain, "hello"), confirmed(plain), delivered(plain, {})]);
  });

  test.each([
    ["the query", "?jid=abc", {}],
    ["a header", "", { headers: { "x-jid": "abc" } }],
    ["a subprotocol", "", { subprotocols: [EXTENDED_SUBPROTOCOL, "anycable-token.abc"] }],
  ])("a token may come in %s (any-12)", async (_name, query, options) => {
    const url = `${server.url}/cable${query}`;
    using client = new CableClient(await connect(url, { subprotocols: [EXTENDED_SUBPROTOCOL], ...options }));
    await client.next();
    await client.subscribe(roomOf("token"));

    client.perform(roomOf("token"), "whoami");

    expect(await client.next()).toStrictEqual(delivered(roomOf("token"), "abc"));
  });

  test("a bad token is told so (any-12)", async () => {
    using client = await connect(`${server.url}/cable?jid=bad`, { subprotocols: [EXTENDED_SUBPROTOCOL] });

    expect(await client.next()).toStrictEqual({ type: "disconnect", reason: "unauthorized", reconnect: false });
    expect(await client.ending()).toMatchObject({ code: 1000 });
  });

  test("a server that ends tells its clients and ends their channels (any-15)", async () => {
    const ending = await startAnycableServer();
    using client = await connectExtended(ending.url);
    await client.subscribe(roomOf("ending"));

    await ending[Symbol.asyncDispose]();

    expect(await client.next()).toStrictEqual({ type: "disconnect", reason: "server_restart", reconnect: true });
    expect(departures).toContain("room:ending closed");
  });

  test("a ping is answered by a pong, and a pong by nothing", async () => {
    using client = await connectExtended(server.url);

    client.send({ command: "pong" });
    client.send({ command: "ping" });

    expect(await client.next()).toStrictEqual({ type: "pong" });
  });

  test("pongs keep a connection alive, silence ends it with no_pong (any-11)", async () => {
    await using impatient = await startAnycableServer({ idleTimeoutMs: 300 });
    using client = await connectExtended(impatient.url);
    client.link.webSocket.pong = () => {};
    // More pings than fit into the idle timeout.
    for (let count = 0; count < 14; count++) {
      await client.ping();
      client.send({ command: "pong" });
    }

    expect(await client.next()).toStrictEqual({ type: "disconnect", reason: "no_pong", reconnect: true });
    expect(await client.link.ending()).toMatchObject({ code: 1000 });
  });
});

describe("history", () => {
  test("a kept broadcast carries its stream, epoch and offset", async () => {
    using client = await connectExtended(server.url);
    const room = roomOf("places");
    await client.subscribe(room);

    client.perform(room, "speak", { n: 1 });
    client.perform(room, "speak", { n: 2 });

    const frames = await client.take(2);
    const epoch = Reflect.get(frames[0] as object, "epoch");
    expect(epoch).toEqual(expect.any(String));
    expect(frames).toStrictEqual([
      kept(room, { n: 1 }, { topic: "room:places", epoch, offset: 1 }),
      kept(room, { n: 2 }, { topic: "room:places", epoch, offset: 2 }),
    ]);
  });

  test("by time: the command gives what was published since, then confirms (any-3)", async () => {
    using client = await connectExtended(server.url);
    const room = roomOf("since");
    const since = nowSeconds();
    const epoch = await publish("since", 1, 2);
    await client.subscribe(room);

    client.send({ command: "history", identifier: room, history: { since } });

    expect(await client.take(3)).toStrictEqual([
      kept(room, { n: 1 }, { topic: "room:since", epoch, offset: 1 }),
      kept(room, { n: 2 }, { topic: "room:since", epoch, offset: 2 }),
      history(room, "confirm"),
    ]);
  });

  test("by offset: the command gives everything after it, even what was sent before (any-4)", async () => {
    using client = await connectExtended(server.url);
    const room = roomOf("offset");
    await client.subscribe(room);
    client.perform(room, "speak", { n: 1 });
    client.perform(room, "speak", { n: 2 });
    const [, last] = await client.take(2);
    const { epoch, offset } = last as { epoch: string; offset: number };

    client.send({
      command: "history",
      identifier: room,
      history: { streams: { "room:offset": { offset: offset - 1, epoch } } },
    });

    expect(await client.take(2)).toStrictEqual([last, history(room, "confirm")]);
    client.perform(room, "speak", { n: 3 });
    expect(await client.next()).toStrictEqual(kept(room, { n: 3 }, { topic: "room:offset", epoch, offset: 3 }));
  });

  test("with a subscribe: first the confirmation, then what was missed, then the answer (any-5)", async () => {
    using client = await connectExtended(server.url);
    const room = roomOf("subscribe");
    const epoch = await publish("subscribe", 1, 2, 3);

    subscribeWith(client, room, { since: nowSeconds() - 60, streams: { "room:subscribe": { offset: 1, epoch } } });

    expect(await client.take(4)).toStrictEqual([
      confirmed(room),
      kept(room, { n: 2 }, { topic: "room:subscribe", epoch, offset: 2 }),
      kept(room, { n: 3 }, { topic: "room:subscribe", epoch, offset: 3 }),
      history(room, "confirm"),
    ]);
  });

  test("what is published while a client subscribes comes once, after what it missed", async () => {
    using client = await connectExtended(server.url);
    const room = roomOf("race");
    const epoch = await publish("race", 1, 2);

    subscribeWith(client, room, { streams: { "room:race": { offset: 0, epoch } } });
    server.server.broadcast("room:race", "said", { n: 3 });
    expect(await client.next()).toStrictEqual(confirmed(room));
    server.server.broadcast("room:race", "said", { n: 4 });

    const frames = await client.take(5);
    expect(frames.flatMap((frame) => Reflect.get(frame as object, "offset") ?? [])).toStrictEqual([1, 2, 3, 4]);
    expect(frames).toContainEqual(history(room, "confirm"));
  });

  test.each([
    ["a client that is up to date", { offset: 7 }],
    ["a client right before the oldest message", { offset: 2 }],
  ])("%s is confirmed", async (name, { offset }) => {
    using client = await connectExtended(server.url);
    const id = name.replaceAll(" ", "-");
    const epoch = await publish(id, 1, 2, 3, 4, 5, 6, 7);

    subscribeWith(client, roomOf(id), { streams: { [`room:${id}`]: { offset, epoch } } });

    const frames = await client.take(2 + 7 - offset);
    expect(frames.at(-1)).toStrictEqual(history(roomOf(id), "confirm"));
  });

  test.each([
    ["another epoch", { offset: 7, epoch: "other" }],
    ["an offset ahead", { offset: 8 }],
    ["an offset whose successor is gone", { offset: 1 }],
  ])("%s is rejected, and live messages go on", async (name, position) => {
    using client = await connectExtended(server.url);
    const id = name.replaceAll(" ", "-");
    const room = roomOf(id);
    const epoch = await publish(id, 1, 2, 3, 4, 5, 6, 7);

    subscribeWith(client, room, { streams: { [`room:${id}`]: { epoch, ...position } } });
    expect(await client.take(2)).toStrictEqual([confirmed(room), history(room, "reject")]);

    server.server.broadcast(`room:${id}`, "said", { n: 8 });
    expect(await client.next()).toStrictEqual(kept(room, { n: 8 }, { topic: `room:${id}`, epoch, offset: 8 }));
  });

  test("a rejected command leaves the live stream as it was", async () => {
    using client = await connectExtended(server.url);
    const room = roomOf("rejected");
    const epoch = await publish("rejected", 1);
    await client.subscribe(room);

    client.send({
      command: "history",
      identifier: room,
      history: { streams: { "room:rejected": { offset: 9, epoch } } },
    });
    expect(await client.next()).toStrictEqual(history(room, "reject"));
    server.server.broadcast("room:rejected", "said", { n: 2 });

    expect(await client.next()).toStrictEqual(kept(room, { n: 2 }, { topic: "room:rejected", epoch, offset: 2 }));
  });

  test("a clock that is ahead gets the last minute", async () => {
    using client = await connectExtended(server.url);
    const room = roomOf("ahead");
    const epoch = await publish("ahead", 1);

    subscribeWith(client, room, { since: nowSeconds() + 3_600 });

    expect(await client.take(3)).toStrictEqual([
      confirmed(room),
      kept(room, { n: 1 }, { topic: "room:ahead", epoch, offset: 1 }),
      history(room, "confirm"),
    ]);
  });

  test("streams that are not followed are ignored, and nothing asked is confirmed", async () => {
    using client = await connectExtended(server.url);
    const room = roomOf("others");
    await publish("others", 1);

    subscribeWith(client, room, { streams: { "room:elsewhere": { offset: 1, epoch: "x" } } });

    expect(await client.take(2)).toStrictEqual([confirmed(room), history(room, "confirm")]);
  });

  test.each([
    ["a topic without history", identify("PlainChannel"), { since: 1 }, delivered(identify("PlainChannel"), "hello")],
    ["a history that cannot be read", roomOf("unreadable"), "all", undefined],
  ])("%s is rejected after the confirmation", async (_name, identifier, request, pushed) => {
    using client = await connectExtended(server.url);

    client.send({ command: "subscribe", identifier, history: request });

    const frames = [...(pushed === undefined ? [] : [pushed]), confirmed(identifier), history(identifier, "reject")];
    expect(await client.take(frames.length)).toStrictEqual(frames);
  });

  test("history of an identifier that is not subscribed, or that asks for nothing, is not answered", async () => {
    using client = await connectExtended(server.url);
    await client.subscribe(roomOf("silent"));

    client.send({ command: "history", identifier: roomOf("unknown"), history: { since: 1 } });
    client.send({ command: "history", identifier: roomOf("silent"), history: {} });
    client.send({ command: "ping" });

    expect(await client.next()).toStrictEqual({ type: "pong" });
  });
});
