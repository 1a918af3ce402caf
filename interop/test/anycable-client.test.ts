import { Channel, type Cable, createCable } from "@anycable/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { EXTENDED_SUBPROTOCOL, signedStreams, startAnycableServer } from "./support/anycable-server.ts";
import { Inbox } from "./support/inbox.ts";
import { within } from "./support/limits.ts";
import type { SmallServer } from "./support/small-server.ts";

// `@anycable/core`, unmodified, with its extended protocol.

let server: SmallServer;
beforeAll(async () => {
  server = await startAnycableServer();
});
afterAll(() => server[Symbol.asyncDispose]());

class RoomChannel extends Channel<{ id: string }> {
  static override readonly identifier = "RoomChannel";
}

class PlainChannel extends Channel {
  static override readonly identifier = "PlainChannel";
}

/** A client whose link the test drops, and that comes back when the test lets it. */
interface Link extends Disposable {
  readonly cable: Cable;
  /** Breaks the link; the client does not connect again before `comeBack`. */
  drop(): Promise<void>;
  comeBack(): void;
}

function open(url = server.url): Link {
  const links: WebSocket[] = [];
  class Droppable extends WebSocket {
    constructor(...parameters: ConstructorParameters<typeof WebSocket>) {
      super(...parameters);
      links.push(this);
    }
  }
  let gate = Promise.resolve();
  let comeBack = (): void => {};
  const cable = createCable(`${url.replace(/^http/, "ws")}/cable`, {
    protocol: EXTENDED_SUBPROTOCOL,
    websocketImplementation: Droppable,
    // As in a browser, and unlike the default of `ws`: promises settle between two messages.
    websocketOptions: { allowSynchronousEvents: false },
    reconnectStrategy: () => 5,
    transportConfigurator: () => gate,
    logLevel: "error",
  });
  return {
    cable,
    async drop() {
      gate = new Promise((resolve) => (comeBack = resolve));
      const dropped = new Promise((resolve) => cable.once("disconnect", resolve));
      links.at(-1)?.terminate();
      await within(dropped, "the disconnect");
    },
    comeBack: () => comeBack(),
    [Symbol.dispose]: () => cable.disconnect(),
  };
}

/** All that happens to a channel, in order. */
function record<TParams extends Record<string, string>>(channel: Channel<TParams>): Inbox<unknown> {
  const happened = new Inbox<unknown>();
  channel.on("connect", ({ reconnect }) => happened.add(["connect", reconnect]));
  channel.on("message", (message) => happened.add(message));
  channel.on("info", ({ type }) => happened.add(type));
  channel.on("presence", (event) => happened.add([event.type, "id" in event ? event.id : undefined]));
  return happened;
}

/** A channel that is subscribed; what happened until its history was answered has been taken. */
async function enter<TParams extends Record<string, string>>(
  link: Link,
  channel: Channel<TParams>,
): Promise<Inbox<unknown>> {
  const happened = record(channel);
  link.cable.subscribe(channel);
  await channel.ensureSubscribed();
  await take(happened, "history_received");
  return happened;
}

/** Everything up to an item, that item included. */
async function take(happened: Inbox<unknown>, last: unknown): Promise<unknown[]> {
  const items: unknown[] = [];
  do items.push(await happened.next(JSON.stringify(last)));
  while (JSON.stringify(items.at(-1)) !== JSON.stringify(last));
  return items;
}

test("what was published while the link was down comes once, in order, before what follows", async () => {
  using link = open();
  const happened = await enter(link, new RoomChannel({ id: "drop" }));
  server.server.broadcast("room:drop", "said", 1);
  server.server.broadcast("room:drop", "said", 2);
  await take(happened, 2);

  await link.drop();
  for (const n of [3, 4, 5]) server.server.broadcast("room:drop", "said", n);
  link.comeBack();

  expect(await take(happened, "history_received")).toStrictEqual([["connect", true], 3, 4, 5, "history_received"]);
  server.server.broadcast("room:drop", "said", 6);
  expect(await happened.next()).toBe(6);
  expect(happened.pending).toStrictEqual([]);
});

test("drops amid a stream of messages lose nothing and repeat nothing", async () => {
  using link = open();
  const happened = await enter(link, new RoomChannel({ id: "stream" }));
  const received: unknown[] = [];
  let n = 0;
  const publish = (count: number): void => {
    for (let left = count; left > 0; left--) server.server.broadcast("room:stream", "said", ++n);
  };

  for (let round = 0; round < 5; round++) {
    publish(2);
    await link.drop();
    publish(2);
    link.comeBack();
    publish(1);
    received.push(...(await take(happened, "history_received")));
  }
  publish(1);
  received.push(...(await take(happened, n)));

  expect(received.filter((item) => typeof item === "number")).toStrictEqual(
    Array.from({ length: n }, (_, index) => index + 1),
  );
});

test("a client that never got a message recovers by time", async () => {
  using link = open();
  const happened = await enter(link, new RoomChannel({ id: "quiet" }));

  await link.drop();
  server.server.broadcast("room:quiet", "said", 1);
  link.comeBack();

  expect(await take(happened, "history_received")).toStrictEqual([["connect", true], 1, "history_received"]);
});

test("more than is kept is told as history_not_found", async () => {
  using link = open();
  const happened = await enter(link, new RoomChannel({ id: "trimmed" }));
  server.server.broadcast("room:trimmed", "said", 1);
  await take(happened, 1);

  await link.drop();
  for (const n of [2, 3, 4, 5, 6, 7]) server.server.broadcast("room:trimmed", "said", n);
  server.server.broadcast("room:trimmed", "said", 8);
  link.comeBack();

  expect(await happened.take(2)).toStrictEqual([["connect", true], "history_not_found"]);
  server.server.broadcast("room:trimmed", "said", 9);
  expect(await happened.next()).toBe(9);
});

test("another epoch is told as history_not_found, and the client goes on with it", async () => {
  const before = await startAnycableServer();
  using link = open(before.url);
  const happened = await enter(link, new RoomChannel({ id: "epoch" }));
  before.server.broadcast("room:epoch", "said", 1);
  await take(happened, 1);

  await link.drop();
  await using after = await startAnycableServer();
  link.cable.transport.setURL(`${after.url.replace(/^http/, "ws")}/cable`);
  await before[Symbol.asyncDispose]();
  link.comeBack();

  expect(await happened.take(2)).toStrictEqual([["connect", true], "history_not_found"]);
  after.server.broadcast("room:epoch", "said", 2);
  expect(await happened.next()).toBe(2);
});

test("a topic without history is told as history_not_found, and live messages come", async () => {
  using link = open();
  const channel = new PlainChannel();
  const happened = record(channel);
  link.cable.subscribe(channel);

  expect(await happened.take(3)).toStrictEqual(["hello", ["connect", false], "history_not_found"]);
  await channel.perform("echo", { n: 1 });
  expect(await happened.next()).toStrictEqual({ n: 1 });
});

test("two clients see each other come, by info, and go", async () => {
  using link = open();
  using other = open();
  const [here, there] = [new RoomChannel({ id: "presence" }), new RoomChannel({ id: "presence" })];
  const happened = await enter(link, here);
  await enter(other, there);

  await here.presence.join("1", { name: "Bo" });
  expect(await happened.next()).toStrictEqual(["join", "1"]);
  await there.presence.join("2", { name: "An" });
  expect(await happened.next()).toStrictEqual(["join", "2"]);
  expect(await here.presence.info()).toStrictEqual({ 1: { name: "Bo" }, 2: { name: "An" } });
  await there.presence.leave();

  expect(await take(happened, ["leave", "2"])).toStrictEqual([
    ["info", undefined],
    ["leave", "2"],
  ]);
  expect(await here.presence.info()).toStrictEqual({ 1: { name: "Bo" } });
});

test("a client that comes back soon is present all along", async () => {
  using link = open();
  using watcher = open();
  const [here, there] = [new RoomChannel({ id: "grace" }), new RoomChannel({ id: "grace" })];
  const happened = await enter(watcher, there);
  const own = await enter(link, here);
  await here.presence.join("1", { name: "Bo" });
  await take(happened, ["join", "1"]);

  await link.drop();
  link.comeBack();
  await take(own, "history_received");
  await there.presence.join("2", {});

  expect(await happened.next()).toStrictEqual(["join", "2"]);
  expect(await there.presence.info()).toStrictEqual({ 1: { name: "Bo" }, 2: {} });
});

test("presence that is not there is an error, not silence", async () => {
  using link = open();
  const channel = new PlainChannel();
  link.cable.subscribe(channel);
  await channel.ensureSubscribed();

  await expect(channel.presence.info()).rejects.toThrow("failed to retrieve presence");
});

test("a whisper reaches the others only", async () => {
  using link = open();
  using other = open();
  const [here, there] = [new RoomChannel({ id: "whisper" }), new RoomChannel({ id: "whisper" })];
  const own = await enter(link, here);
  const happened = await enter(other, there);

  await here.whisper({ typing: true });
  await here.perform("speak", { n: 1 });

  expect(await happened.take(2)).toStrictEqual([{ typing: true }, { n: 1 }]);
  expect(await own.next()).toStrictEqual({ n: 1 });
});

test("public and signed streams are followed, and recovered after a drop", async () => {
  using link = open();
  const signedName = await signedStreams.sign("signed:core");
  const [fromOpen, fromSigned] = [
    record(link.cable.streamFrom("chat/core")),
    record(link.cable.streamFromSigned(signedName)),
  ];
  await take(fromOpen, "history_received");
  await take(fromSigned, "history_received");
  server.server.broadcast("chat/core", "said", 1);
  server.server.broadcast("signed:core", "said", 10);
  await take(fromOpen, 1);
  await take(fromSigned, 10);

  await link.drop();
  server.server.broadcast("chat/core", "said", 2);
  server.server.broadcast("signed:core", "said", 20);
  link.comeBack();

  expect(await take(fromOpen, "history_received")).toStrictEqual([["connect", true], 2, "history_received"]);
  expect(await take(fromSigned, "history_received")).toStrictEqual([["connect", true], 20, "history_received"]);
});

test("a stream that is not public is rejected", async () => {
  using link = open();

  const channel = link.cable.streamFrom("room:secret");

  await expect(channel.ensureSubscribed()).rejects.toMatchObject({ name: "SubscriptionRejectedError" });
});
