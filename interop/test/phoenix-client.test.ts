import type { Listener } from "@hutong/server/node";
import * as phoenix18 from "phoenix";
import * as phoenix16 from "phoenix-1.6";
import * as phoenix17 from "phoenix-1.7";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { startFixture } from "../fixture/fixture.ts";
import { Inbox } from "./support/inbox.ts";
import { within } from "./support/limits.ts";
import { PhoneWebSocket } from "./support/phone-web-socket.ts";

// The unmodified npm clients, driven as an application drives them.

type Phoenix = Pick<typeof phoenix18, "Presence" | "Socket">;
type SocketOptions = NonNullable<ConstructorParameters<typeof phoenix18.Socket>[1]>;

interface Client {
  readonly name: string;
  readonly phoenix: Phoenix;
  readonly transport: NonNullable<SocketOptions["transport"]>;
  /** Whether the client can be given an `authToken`. */
  readonly hasAuthToken: boolean;
}

const CLIENTS: readonly Client[] = [
  { name: "phoenix 1.8.16 over WebSocket", phoenix: phoenix18, transport: WebSocket, hasAuthToken: true },
  { name: "phoenix 1.8.16 over long poll", phoenix: phoenix18, transport: phoenix18.LongPoll, hasAuthToken: true },
  { name: "phoenix 1.8.16 in a mini-program", phoenix: phoenix18, transport: PhoneWebSocket, hasAuthToken: true },
  { name: "phoenix 1.7.23 over WebSocket", phoenix: phoenix17, transport: WebSocket, hasAuthToken: false },
  { name: "phoenix 1.6.16 over WebSocket", phoenix: phoenix16, transport: WebSocket, hasAuthToken: false },
];

let fixture: Listener;
beforeAll(async () => {
  fixture = await startFixture({ port: 0 });
});
afterAll(() => fixture.close());

describe.each(CLIENTS)("$name", ({ phoenix, transport, hasAuthToken }) => {
  /** A socket that comes back at once, and is disconnected at the end of its scope. */
  function open(
    options: Partial<SocketOptions> = {},
    url = fixture.url,
  ): Disposable & { readonly socket: phoenix18.Socket } {
    const address = `${url.replace(/^http/, transport === phoenix18.LongPoll ? "http" : "ws")}/socket`;
    const socket = new phoenix.Socket(address, {
      transport,
      reconnectAfterMs: () => 20,
      rejoinAfterMs: () => 20,
      ...options,
    });
    socket.connect();
    return { socket, [Symbol.dispose]: () => socket.disconnect() };
  }

  test("a join is answered, with the reply of the channel", async () => {
    using client = open();

    const { channel, answer } = await join(client.socket, "room:a", { reply: { hello: "panda" } });

    expect(answer).toStrictEqual({ status: "ok", response: { hello: "panda" } });
    expect(channel.state).toBe("joined");
  });

  test("a refused join is told with its reason", async () => {
    using client = open();

    const { channel, answer } = await join(client.socket, "room:deny");
    channel.leave();

    expect(answer).toStrictEqual({ status: "error", response: { reason: "unauthorized" } });
  });

  test("a join that is not answered in time times out", async () => {
    using client = open();
    const channel = client.socket.channel("room:slow", { ms: 2_000 });
    const answer = await answerOf(channel.join(50));
    channel.leave();

    expect(answer.status).toBe("timeout");
  });

  test("a push is answered with ok, with error, or with a word of the application", async () => {
    using client = open();
    const { channel } = await join(client.socket, "room:a");

    const answers = [
      await answerOf(channel.push("echo", { x: [1, "二", null] })),
      await answerOf(channel.push("err", { why: "no" })),
      await answerOf(channel.push("custom_status", {})),
      await answerOf(channel.push("late", { ms: 1 })),
    ];

    expect(answers).toStrictEqual([
      { status: "ok", response: { x: [1, "二", null] } },
      { status: "error", response: { why: "no" } },
      { status: "weird", response: { a: 1 } },
      { status: "ok", response: { ms: 1 } },
    ]);
  });

  test("a push that nobody answers times out", async () => {
    using client = open();
    const { channel } = await join(client.socket, "room:a");

    expect((await answerOf(channel.push("new_msg", {}, 50))).status).toBe("timeout");
  });

  test("a broadcast reaches everyone, and one from a sender everyone else", async () => {
    using one = open();
    using other = open();
    const sender = await join(one.socket, "room:both");
    const receiver = await join(other.socket, "room:both");
    const atSender = collect(sender.channel, ["new_msg", "from"]);
    const atReceiver = collect(receiver.channel, ["new_msg", "from"]);

    await answerOf(sender.channel.push("from", { n: 1 }));
    sender.channel.push("new_msg", { n: 2 });

    expect(await atReceiver.take(2)).toStrictEqual([
      ["from", { n: 1 }],
      ["new_msg", { n: 2 }],
    ]);
    expect(await atSender.next()).toStrictEqual(["new_msg", { n: 2 }]);
  });

  test("an intercepted broadcast arrives as each subscriber's own", async () => {
    using client = open({ params: { user_id: "7" } });
    const { channel } = await join(client.socket, "room:a");
    const events = collect(channel, ["intercepted"]);

    channel.push("intercepted", { z: 1 });

    expect(await events.next()).toStrictEqual(["intercepted", { z: 1, for: "7" }]);
  });

  test.runIf(transport !== phoenix18.LongPoll)("bytes come back as a push, a broadcast and a reply", async () => {
    using client = open();
    const { channel } = await join(client.socket, "room:bytes");
    const events = collect(channel, ["bin_push", "bin_bcast"]);

    const { status, response } = await answerOf(channel.push("bin", Uint8Array.of(1, 2, 3).buffer));

    const received = (await events.take(2)).map(([event, payload]) => [event, bytesOf(payload)]);
    expect([status, bytesOf(response)]).toStrictEqual(["ok", [1, 2, 3]]);
    expect(received).toStrictEqual([
      ["bin_push", [1, 2, 3]],
      ["bin_bcast", [1, 2, 3]],
    ]);
  });

  test("a channel that was left is closed and hears nothing more", async () => {
    using one = open();
    using other = open();
    const left = await join(one.socket, "room:leave");
    const stayed = await join(other.socket, "room:leave");
    const atLeft = collect(left.channel, ["new_msg"]);
    const atStayed = collect(stayed.channel, ["new_msg"]);

    const answer = await answerOf(left.channel.leave());
    const probe = await join(one.socket, "room:leave-probe");
    await answerOf(stayed.channel.push("new_msg_ack", { n: 1 }));
    await answerOf(probe.channel.push("echo", {}));

    expect(answer.status).toBe("ok");
    expect(left.channel.state).toBe("closed");
    expect(await atStayed.next()).toStrictEqual(["new_msg", { n: 1 }]);
    expect(atLeft.pending).toStrictEqual([]);
  });

  test("a second channel of a topic takes the place of the first", async () => {
    using client = open();
    const first = await join(client.socket, "room:greet");
    const closed = new Promise<void>((resolve) => first.channel.onClose(() => resolve()));
    const second = client.socket.channel("room:greet");
    const greetings = collect(second, ["greeting"]);

    const answer = await answerOf(second.join());
    await within(closed, "the close of the first channel");

    expect(answer.status).toBe("ok");
    expect(await greetings.next()).toStrictEqual(["greeting", { hi: true }]);
    expect(await answerOf(second.push("echo", { n: 1 }))).toStrictEqual({ status: "ok", response: { n: 1 } });
  });

  test("a channel that was left while it was busy, and a new one at once, do not disturb each other", async () => {
    using client = open();
    const first = await join(client.socket, "room:greet");
    first.channel.push("sleep", { ms: 50 });
    first.channel.leave();
    const second = client.socket.channel("room:greet");
    const greetings = collect(second, ["greeting"]);

    const answer = await answerOf(second.join());

    expect(answer.status).toBe("ok");
    expect(await greetings.next()).toStrictEqual(["greeting", { hi: true }]);
    expect(await answerOf(second.push("echo", { n: 1 }))).toStrictEqual({ status: "ok", response: { n: 1 } });
    expect(second.state).toBe("joined");
  });

  test("a channel whose handler failed is joined again", async () => {
    using client = open();
    const channel = client.socket.channel("room:greet");
    const greetings = collect(channel, ["greeting"]);
    const failed = new Promise<void>((resolve) => channel.onError(() => resolve()));
    await answerOf(channel.join());
    await greetings.next();

    channel.push("boom", {});

    await within(failed, "the error of the channel");
    expect(await greetings.next()).toStrictEqual(["greeting", { hi: true }]);
    expect(channel.state).toBe("joined");
  });

  test("a channel that the server stopped is closed and stays so", async () => {
    using client = open();
    const { channel } = await join(client.socket, "room:a");
    const closed = new Promise<void>((resolve) => channel.onClose(() => resolve()));

    const answer = await answerOf(channel.push("stop", { how: "reply" }));
    await within(closed, "the close of the channel");

    expect(answer).toStrictEqual({ status: "ok", response: { bye: 1 } });
    expect(channel.state).toBe("closed");
  });

  test("a client that was disconnected by its socket id comes back and joins again", async () => {
    using client = open({ params: { user_id: "back" } });
    const channel = client.socket.channel("room:greet");
    const greetings = collect(channel, ["greeting"]);
    await answerOf(channel.join());
    await greetings.next();

    await fetch(`${fixture.url}/_disconnect`, { method: "POST", body: JSON.stringify({ uid: "users:back" }) });

    expect(await greetings.next()).toStrictEqual(["greeting", { hi: true }]);
  });

  test("a client joins again when its server has been started anew on the same port", async () => {
    const before = await startFixture({ port: 0 });
    using client = open({}, before.url);
    const channel = client.socket.channel("room:greet");
    const greetings = collect(channel, ["greeting"]);
    await answerOf(channel.join());
    await greetings.next();

    await before.close();
    await using _after = await startFixture({ port: before.port });

    expect(await greetings.next()).toStrictEqual(["greeting", { hi: true }]);
    expect(await answerOf(channel.push("echo", { n: 1 }))).toStrictEqual({ status: "ok", response: { n: 1 } });
  });

  test("presence tells who is there, who changed and who went", async () => {
    using one = open();
    using other = open();
    const topic = `room:presence-${crypto.randomUUID()}`;
    const watcher = one.socket.channel(topic, { user: "u1", meta: { status: "on" } });
    const presence = new phoenix.Presence(watcher);
    const events = new Inbox<readonly [string, string | undefined, unknown]>();
    presence.onJoin((key, _current, joined) => events.add(["join", key, statusesOf(joined)]));
    presence.onLeave((key, _current, left) => events.add(["leave", key, statusesOf(left)]));
    await answerOf(watcher.join());
    // The client's own diff comes before its first state; the helper applies it afterwards, as with Phoenix.
    expect(await events.take(2)).toStrictEqual([
      ["join", "u1", ["on"]],
      ["join", "u1", ["on"]],
    ]);

    const joiner = await join(other.socket, topic, { user: "u2", meta: { status: "on" } });
    expect(await events.next()).toStrictEqual(["join", "u2", ["on"]]);
    expect(presence.list((key) => key)).toStrictEqual(["u1", "u2"]);

    await answerOf(joiner.channel.push("presence_update", { meta: { status: "away" } }));
    expect(await events.take(2)).toStrictEqual([
      ["join", "u2", ["away"]],
      ["leave", "u2", ["on"]],
    ]);

    joiner.channel.leave();
    expect(await events.next()).toStrictEqual(["leave", "u2", ["away"]]);
    expect(presence.list((key) => key)).toStrictEqual(["u1"]);
  });

  test.runIf(hasAuthToken)("the authToken reaches the connect handler", async () => {
    using client = open({ authToken: "a?token>with/odd~letters" });
    const { channel } = await join(client.socket, "room:a");

    const { response } = await answerOf(channel.push("whoami", {}));

    expect(response).toMatchObject({ auth_token: "a?token>with/odd~letters" });
  });

  test("connect parameters reach the connect handler, nested ones too", async () => {
    using client = open({ params: { name: "熊猫 & co", a: { b: 1 }, l: [1, 2] } });
    const { channel } = await join(client.socket, "room:a");

    const { response } = await answerOf(channel.push("whoami", {}));

    expect(response).toMatchObject({
      params: { name: "熊猫 & co", a: { b: "1" }, l: { 0: "1", 1: "2" }, vsn: "2.0.0" },
    });
  });

  test.runIf(transport !== phoenix18.LongPoll)("every heartbeat is answered", async () => {
    using client = open({ heartbeatIntervalMs: 20 });
    const replies = new Inbox<unknown>();
    client.socket.onMessage((message) => {
      if (Reflect.get(message, "topic") === "phoenix") replies.add(message);
    });

    await replies.take(3);

    expect(client.socket.isConnected()).toBe(true);
  });
});

interface PushAnswer {
  readonly status: string;
  readonly response: unknown;
}

/** The words that the fixture answers with, and the client's own. */
const STATUSES = ["ok", "error", "timeout", "weird"];

function answerOf(push: phoenix18.Push): Promise<PushAnswer> {
  const answered = new Promise<PushAnswer>((resolve) => {
    for (const status of STATUSES) {
      // The types know three statuses; the client takes any.
      push.receive(status as "ok", (response: unknown) => resolve({ status, response }));
    }
  });
  return within(answered, "the answer to a push");
}

async function join(
  socket: phoenix18.Socket,
  topic: string,
  params: object = {},
): Promise<{ readonly channel: phoenix18.Channel; readonly answer: PushAnswer }> {
  const channel = socket.channel(topic, params);
  return { channel, answer: await answerOf(channel.join()) };
}

/** Collects events of a channel as `[event, payload]`. */
function collect(channel: phoenix18.Channel, events: readonly string[]): Inbox<readonly [string, unknown]> {
  const inbox = new Inbox<readonly [string, unknown]>();
  for (const event of events) channel.on(event, (payload: unknown) => inbox.add([event, payload]));
  return inbox;
}

function bytesOf(value: unknown): unknown {
  return value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value;
}

function statusesOf(presence: { readonly metas: readonly { readonly status?: string }[] }): unknown {
  return presence.metas.map(({ status }) => status);
}
