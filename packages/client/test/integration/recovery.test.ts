import { accept, createServer, defineChannel, reply, type Server } from "@hutong/server";
import { type Listener, listen } from "@hutong/server/node";
import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import {
  type Channel,
  type ChannelOptions,
  durableOutbox,
  memoryStorage,
  type Socket,
  type WebSocketConstructor,
} from "../../src/index.ts";
import { connect, LIMIT_MS, nextState, TRANSPORTS } from "./support.ts";

const TOPIC = "log:1";

/** A channel that keeps its latest ten broadcasts. `handling` runs before each push is answered. */
function createLog(handled: string[], handling: () => void) {
  const body = z.object({ body: z.string() });
  return defineChannel("log:*", {
    history: { maxCount: 10, except: ["typing"] },
    receives: {
      say: { payload: body, reply: z.object({ count: z.number() }) },
      tell_others: { payload: body, reply: z.object({}) },
    },
    sends: { said: body, typing: z.object({}) },
    join: () => accept(),
    handle: {
      say: (payload, channel) => {
        handled.push(payload.body);
        channel.broadcast("said", payload);
        handling();
        return reply({ count: handled.length });
      },
      tell_others: (payload, channel) => {
        channel.broadcastToOthers("said", payload);
        return reply({});
      },
    },
  });
}

type Log = ReturnType<typeof createLog>;

interface StartOptions {
  readonly port?: number;
  readonly handled?: string[];
  readonly handling?: () => void;
}

async function start({ port = 0, handled = [], handling = () => undefined }: StartOptions = {}): Promise<
  Listener & { readonly server: Server }
> {
  const server = createServer({
    channels: [createLog(handled, handling)],
    limits: { drainMs: 1 },
    connect: () => ({ id: "users:1" }),
  });
  return { ...(await listen(server, { port })), server };
}

/** A WebSocket constructor that remembers what it made, so that a test can cut the link. */
function createCutter(): { readonly webSocket: WebSocketConstructor; readonly cut: () => void } {
  const made: WebSocket[] = [];
  class Remembered extends WebSocket {
    constructor(...rest: ConstructorParameters<typeof WebSocket>) {
      super(...rest);
      made.push(this);
    }
  }
  return { webSocket: Remembered, cut: () => made.at(-1)?.terminate() };
}

interface Follower {
  readonly channel: Channel<Log>;
  readonly heard: string[];
}

async function follow(socket: Socket, options: ChannelOptions = {}): Promise<Follower> {
  const channel = socket.channel<Log>(TOPIC, undefined, options);
  const heard: string[] = [];
  channel.on("said", ({ body }) => heard.push(body));
  await channel.join();
  return { channel, heard };
}

const sayAll = (server: Server, ...bodies: readonly string[]): void =>
  bodies.forEach((body) => server.broadcast(TOPIC, "said", { body }));

const hears = (heard: readonly string[], ...bodies: readonly string[]): Promise<void> =>
  eventually(() => expect(heard).toEqual(bodies), { limitMs: LIMIT_MS });

describe.each(TRANSPORTS)("recovery over %s", (transport) => {
  test("a client that comes back is given exactly what it missed, in order, and what follows", async () => {
    await using server = await start();
    await using socket = connect(server, transport);
    let snapshots = 0;
    const { channel, heard } = await follow(socket, { snapshot: () => void (snapshots += 1) });
    sayAll(server.server, "one");
    await hears(heard, "one");

    const rejoined = nextState(channel, "joined");
    server.server.disconnect("users:1");
    sayAll(server.server, "two", "three");
    const { recovery } = await rejoined;
    sayAll(server.server, "four");
    await hears(heard, "one", "two", "three", "four");

    expect(recovery).toEqual({ recovered: true, reason: "ok" });
    expect(snapshots).toBe(1);
    expect(channel.position?.offset).toBe(4);
  });

  test("after a restart the history is another one: the snapshot is called, and nothing old comes twice", async () => {
    const first = await start();
    await using socket = connect(first, transport);
    let snapshots = 0;
    const { channel, heard } = await follow(socket, { snapshot: () => void (snapshots += 1) });
    sayAll(first.server, "one");
    await hears(heard, "one");

    const rejoined = nextState(channel, "joined");
    await first.close();
    await using second = await start({ port: first.port });
    const { recovery } = await rejoined;
    sayAll(second.server, "two");
    await hears(heard, "one", "two");

    expect(recovery).toEqual({ recovered: false, reason: "epoch" });
    expect(snapshots).toBe(2);
    expect(channel.position?.offset).toBe(1);
  });

  test("a durable push that was sent when the server went away is answered by the next one", async () => {
    const handled: string[] = [];
    const first = await start();
    await using socket = connect(first, transport, { outbox: durableOutbox({ storage: memoryStorage() }) });
    const { channel } = await follow(socket);
    const lost = nextState(channel, "joining");
    await first.close();
    await lost;

    const replies = ["one", "two"].map((body) => channel.push("say", { body }, { durable: true }));
    await using _second = await start({ port: first.port, handled });

    expect(await Promise.all(replies)).toEqual([{ count: 1 }, { count: 2 }]);
    expect(handled).toEqual(["one", "two"]);
    expect(socket.outbox?.entries).toEqual([]);
  });
});

describe("a link that is cut", () => {
  test("loses no message, however often it is cut", async () => {
    await using server = await start();
    const { cut, webSocket } = createCutter();
    await using socket = connect(server, "websocket", { webSocket });
    const { channel, heard } = await follow(socket);
    const bodies = Array.from({ length: 20 }, (_, index) => `message ${index}`);

    for (const body of bodies) {
      const rejoined = nextState(channel, "joined");
      cut();
      sayAll(server.server, body);
      expect((await rejoined).recovery).toEqual({ recovered: true, reason: "ok" });
    }

    await hears(heard, ...bodies);
  });

  test("beyond what the history keeps, the application is told to load anew", async () => {
    await using server = await start();
    const { cut, webSocket } = createCutter();
    await using socket = connect(server, "websocket", { webSocket });
    const { channel, heard } = await follow(socket);

    const rejoined = nextState(channel, "joined");
    cut();
    sayAll(server.server, ...Array.from({ length: 11 }, (_, index) => `message ${index}`));
    const { recovery } = await rejoined;
    sayAll(server.server, "last");
    await hears(heard, "last");

    expect(recovery).toEqual({ recovered: false, reason: "trimmed" });
    expect(channel.position?.offset).toBe(12);
  });

  test("a message to the others moves its sender on, who neither hears it nor is given it later", async () => {
    await using server = await start();
    const { cut, webSocket } = createCutter();
    await using socket = connect(server, "websocket", { webSocket });
    await using other = connect(server, "websocket");
    const [{ channel, heard }, bystander] = [await follow(socket), await follow(other)];

    await channel.push("tell_others", { body: "mine" });
    await hears(bystander.heard, "mine");
    server.server.broadcast(TOPIC, "typing", {});
    const rejoined = nextState(channel, "joined");
    cut();
    sayAll(server.server, "theirs");

    expect((await rejoined).recovery).toEqual({ recovered: true, reason: "ok" });
    await hears(heard, "theirs");
    await hears(bystander.heard, "mine", "theirs");
  });

  test("before the answer to a durable push has it answered later, and handled once", async () => {
    const handled: string[] = [];
    const { cut, webSocket } = createCutter();
    await using server = await start({ handled, handling: () => handled.length === 1 && cut() });
    await using socket = connect(server, "websocket", { webSocket, outbox: durableOutbox() });
    const { channel, heard } = await follow(socket);
    const states: string[] = [];
    socket.outbox?.on("change", ({ state }) => states.push(state.kind));

    const pushed = await channel.push("say", { body: "once" }, { durable: true });

    expect(pushed).toEqual({ count: 1 });
    expect(handled).toEqual(["once"]);
    expect(states).toEqual(["queued", "sent", "queued", "sent", "accepted"]);
    await hears(heard, "once");
  });

  test("a new page goes on from the position that the last one kept", async () => {
    await using server = await start();
    const first = connect(server, "websocket");
    const { channel } = await follow(first);
    const { position } = channel;
    await first.close();
    sayAll(server.server, "between");

    await using second = connect(server, "websocket");
    const { heard } = await follow(second, position === undefined ? {} : { position });

    await hears(heard, "between");
  });
});
