import { ClosedError } from "@hutong/protocol";
import { describe, expect, test } from "vitest";
import type { SocketState } from "../src/link/socket-state.ts";
import { createWorld, rejection, ScriptedServer, turn } from "./support.ts";

describe("socket", () => {
  test("does nothing before connect", async () => {
    const { clock, server, socket } = createWorld();
    await turn();

    expect(socket.state).toEqual({ kind: "idle" });
    expect(server.connections).toEqual([]);
    expect(clock.timerCount).toBe(0);
  });

  test("reports connecting and open", async () => {
    const { socket } = createWorld();
    const states: SocketState[] = [];
    socket.on("state", (state) => states.push(state));

    socket.connect();
    await turn();

    expect(states).toEqual([
      { kind: "connecting", attempt: 1 },
      { kind: "open", transport: "scripted" },
    ]);
  });

  test("sends vsn, parameters and token, asked anew for each attempt", async () => {
    let count = 0;
    const { clock, server, socket } = createWorld({
      token: () => Promise.resolve(`token-${++count}`),
      params: () => ({ lang: `zh-${count}` }),
    });
    socket.connect();
    await turn();
    server.latest.end();
    await clock.advance(1_000);

    expect(server.connections.map(({ request }) => request.token)).toEqual(["token-1", "token-2"]);
    expect(server.connections[0]?.request.params).toEqual({ vsn: "2.0.0+hutong.1", lang: "zh-1" });
  });

  test("a failing token function fails the attempt, is reported, and is asked again", async () => {
    let count = 0;
    const { clock, server, socket } = createWorld({
      token: () => {
        count += 1;
        if (count === 1) throw new Error("no session");
        return "token";
      },
    });
    const errors: unknown[] = [];
    socket.on("error", (error) => errors.push(error));
    socket.connect();
    await turn();

    expect(errors).toEqual([new Error("no session")]);
    expect(socket.state.kind).toBe("waiting");

    await clock.advance(250);
    expect(server.latest.request.token).toBe("token");
    expect(socket.state.kind).toBe("open");
  });

  test("waits longer after each refused handshake", async () => {
    const { clock, server, socket } = createWorld();
    server.accepts = false;
    const waits: number[] = [];
    socket.on("state", (state) => state.kind === "waiting" && waits.push(Math.round(state.retryAtMs - clock.now())));

    socket.connect();
    for (let attempt = 0; attempt < 9; attempt++) {
      await turn();
      server.latest.end(1006);
      await clock.advance(waits.at(-1) ?? 0);
    }

    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  test("a server that accepts and closes at once is not hammered", async () => {
    const { clock, server, socket } = createWorld();
    const waits: number[] = [];
    socket.on("state", (state) => state.kind === "waiting" && waits.push(Math.round(state.retryAtMs - clock.now())));

    socket.connect();
    for (let attempt = 0; attempt < 3; attempt++) {
      await turn();
      server.latest.end(1011);
      await clock.advance(1_000);
    }

    expect(waits).toEqual([250, 500, 1_000]);
  });

  test("a link that lasted for five seconds starts the count of attempts anew", async () => {
    const { clock, server, socket } = createWorld();
    socket.connect();
    await turn();
    server.latest.end();
    await clock.advance(300);
    await clock.advance(5_000);

    server.latest.end();

    expect(socket.state).toMatchObject({ kind: "waiting", attempt: 2 });
  });

  test.each([4500, 4503, 1008, 1000])("a close with %i is final and says why", async (code) => {
    const { clock, server, socket } = createWorld();
    socket.connect();
    await turn();
    const channel = socket.channel("room:a");
    const joined = channel.join();

    server.latest.end(code, "because");

    expect(socket.state).toEqual({ kind: "closed", code, reason: "because" });
    expect(await rejection(joined)).toMatchObject({ name: "ClosedError", code });
    expect(clock.timerCount).toBe(0);
    expect(() => socket.channel("room:a")).toThrow(ClosedError);
  });

  test.each([1001, 1005, 1006, 1011, 4000, 4499])("a close with %i is followed by another attempt", async (code) => {
    const { clock, server, socket } = createWorld();
    socket.connect();
    await turn();

    server.latest.end(code);
    await clock.advance(250);

    expect(server.connections).toHaveLength(2);
    expect(socket.state.kind).toBe("open");
  });

  test.each([1012, 1013])("a close with %i is given at least a second", async (code) => {
    const { clock, server, socket } = createWorld({ random: () => 0 });
    socket.connect();
    await turn();

    server.latest.end(code);

    expect(socket.state).toMatchObject({ kind: "waiting", retryAtMs: clock.now() + 1_000 });
  });

  test("an attempt that hangs ends after the timeout", async () => {
    const { clock, server, socket } = createWorld();
    server.accepts = false;
    socket.connect();
    await clock.advance(10_000);

    expect(socket.state).toMatchObject({ kind: "waiting", reason: "timeout" });
    expect(server.latest.closedWith).toBeDefined();
  });

  test("a transport that cannot be made fails the attempt, and the reason is reported", async () => {
    const { server, socket } = createWorld();
    const errors: unknown[] = [];
    socket.on("error", (error) => errors.push(error));
    server.throws = true;
    socket.connect();
    await turn();

    expect(socket.state).toMatchObject({ kind: "waiting", reason: "not allowed here" });
    expect(errors).toEqual([new Error("not allowed here")]);
  });

  test("a frame that cannot be read is reported and the link stays", async () => {
    const { server, socket } = createWorld();
    const errors: unknown[] = [];
    socket.on("error", (error) => errors.push(error));
    socket.connect();
    await turn();

    server.latest.pushRaw("nonsense");

    expect(errors).toMatchObject([{ name: "ProtocolError" }]);
    expect(socket.state.kind).toBe("open");
  });

  test("reconnectNow skips the wait", async () => {
    const { server, socket } = createWorld();
    socket.connect();
    await turn();
    server.latest.end();

    socket.reconnectNow();
    await turn();

    expect(socket.state.kind).toBe("open");
  });

  test("reconnectNow connects when nobody did", async () => {
    const { socket } = createWorld();

    socket.reconnectNow();
    await turn();

    expect(socket.state.kind).toBe("open");
  });

  test("every frame can be looked at, in its order", async () => {
    const { server, socket } = createWorld();
    const frames: unknown[] = [];
    const off = socket.on("frame", ({ direction, frame }) => frames.push([direction, frame]));
    socket.connect();
    await turn();

    void socket.channel("room:a").join();
    server.latest.reply("phx_join");
    socket.reconnectNow();
    await turn();
    off();
    server.latest.push(null, null, "room:a", "said", {});
    await turn();

    expect(frames).toEqual([
      ["sent", '["1","1","room:a","phx_join",{}]'],
      ["received", '["1","1","room:a","phx_reply",{"status":"ok","response":{}}]'],
      ["sent", '[null,"2","phoenix","heartbeat",{}]'],
    ]);
  });

  test("a state that a handler causes comes after the one that it was told of, for all handlers", async () => {
    const { server, socket } = createWorld();
    const states: string[] = [];
    socket.on("state", ({ kind }) => {
      if (kind === "waiting") socket.reconnectNow();
    });
    socket.on("state", ({ kind }) => states.push(kind));
    socket.connect();
    await turn();

    server.latest.end();
    await turn();

    expect(states).toEqual(["connecting", "open", "waiting", "connecting", "open"]);
  });

  test("a removed handler is not called", async () => {
    const { socket } = createWorld();
    const states: SocketState[] = [];
    const off = socket.on("state", (state) => states.push(state));

    off();
    socket.connect();
    await turn();

    expect(states).toEqual([]);
  });
});

describe("fallback", () => {
  test("the next transport is tried when the first fails before it opened, and is kept", async () => {
    const webSocket = new ScriptedServer("websocket");
    webSocket.accepts = false;
    const longPoll = new ScriptedServer("longpoll");
    const { clock, socket } = createWorld({ transports: [webSocket, longPoll] });
    socket.connect();
    await turn();
    webSocket.latest.end(1006);
    await turn();

    expect(socket.state).toEqual({ kind: "open", transport: "longpoll" });

    longPoll.latest.end(1006);
    await clock.advance(250);

    expect(socket.state).toEqual({ kind: "open", transport: "longpoll" });
    expect(webSocket.connections).toHaveLength(1);
  });

  test("the next transport is tried when the first is slow", async () => {
    const webSocket = new ScriptedServer("websocket");
    webSocket.accepts = false;
    const longPoll = new ScriptedServer("longpoll");
    const { clock, socket } = createWorld({ transports: [webSocket, longPoll] });
    socket.connect();
    await clock.advance(2_499);
    expect(longPoll.connections).toHaveLength(0);

    await clock.advance(1);

    expect(socket.state).toEqual({ kind: "open", transport: "longpoll" });
    expect(webSocket.latest.closedWith).toEqual({ code: 1000, reason: "" });
  });

  test("a transport that has worked is not given up for a refused handshake", async () => {
    const webSocket = new ScriptedServer("websocket");
    const longPoll = new ScriptedServer("longpoll");
    const { clock, socket } = createWorld({ transports: [webSocket, longPoll] });
    socket.connect();
    await turn();
    webSocket.accepts = false;
    webSocket.latest.end();
    await clock.advance(250);
    webSocket.latest.end();
    await turn();

    expect(socket.state.kind).toBe("waiting");
    expect(longPoll.connections).toEqual([]);
  });

  test("an attempt in which every transport fails ends in a wait", async () => {
    const servers = [new ScriptedServer("websocket"), new ScriptedServer("longpoll")];
    for (const server of servers) server.throws = true;
    const { socket } = createWorld({ transports: servers });
    socket.connect();
    await turn();

    expect(socket.state).toMatchObject({ kind: "waiting", attempt: 2 });
  });
});

describe("heartbeat of a socket", () => {
  test("goes out every interval with its own ref and no join ref", async () => {
    const { clock, server, socket } = createWorld();
    socket.connect();
    await clock.advance(30_000);

    expect(server.latest.received).toEqual([[null, "1", "phoenix", "heartbeat", {}]]);
  });

  test("a heartbeat without an answer closes the link with 4000 and connects again", async () => {
    const { clock, server, socket } = createWorld();
    socket.connect();
    await turn();
    const first = server.latest;
    first.answersClose = false;

    await clock.advance(40_000);

    expect(first.closedWith).toEqual({ code: 4000, reason: "heartbeat timeout" });
    await clock.advance(250);
    expect(server.connections).toHaveLength(2);
    expect(socket.state.kind).toBe("open");
  });

  test("an answered heartbeat keeps the link", async () => {
    const { clock, server, socket } = createWorld();
    socket.connect();
    for (let beat = 0; beat < 3; beat++) {
      await clock.advance(30_000);
      server.latest.reply("heartbeat");
    }
    await clock.advance(10_000);

    expect(server.connections).toHaveLength(1);
    expect(server.latest.received).toHaveLength(3);
  });
});

describe("page", () => {
  test("coming online connects at once", async () => {
    const { page, server, socket } = createWorld();
    socket.connect();
    await turn();
    page.change({ online: false });
    server.latest.end();
    expect(socket.state.kind).toBe("offline");

    page.change({ online: true });
    await turn();

    expect(socket.state.kind).toBe("open");
  });

  test("going offline while waiting shows, and attempts go on", async () => {
    const { clock, page, server, socket } = createWorld();
    socket.connect();
    await turn();
    server.latest.end();

    page.change({ online: false });
    expect(socket.state).toMatchObject({ kind: "offline", attempt: 2 });

    await clock.advance(250);
    expect(socket.state.kind).toBe("open");
  });

  test("coming online connects at once, though nobody sees the page", async () => {
    const { page, server, socket } = createWorld();
    socket.connect();
    await turn();
    page.change({ online: false, visible: false });
    server.latest.end();

    page.change({ online: true });
    await turn();

    expect(socket.state.kind).toBe("open");
  });

  test("becoming visible probes an open link", async () => {
    const { page, server, socket } = createWorld();
    socket.connect();
    await turn();

    page.change({ visible: false });
    expect(server.latest.received).toEqual([]);
    page.change({ visible: true });

    expect(server.latest.received).toEqual([[null, "1", "phoenix", "heartbeat", {}]]);
  });

  test("is not watched before connect nor after close", async () => {
    const { page, socket } = createWorld();
    expect(page.watchers.size).toBe(0);
    socket.connect();
    expect(page.watchers.size).toBe(1);

    await socket.close();

    expect(page.watchers.size).toBe(0);
  });
});

describe("close", () => {
  test("resolves when the transport is gone, and not before", async () => {
    const { clock, server, socket } = createWorld();
    socket.connect();
    await turn();
    server.latest.answersClose = false;
    const states: string[] = [];

    const closed = socket.close().then(() => states.push("resolved"));
    await turn();
    expect(socket.state).toEqual({ kind: "closing" });
    expect(states).toEqual([]);

    server.latest.end(1000);
    await closed;
    expect(socket.state).toEqual({ kind: "closed", code: 1000, reason: "" });
    expect(clock.timerCount).toBe(0);
  });

  test("resolves after two seconds when the server does not answer", async () => {
    const { clock, server, socket } = createWorld();
    socket.connect();
    await turn();
    server.latest.answersClose = false;

    const closed = socket.close();
    await clock.advance(2_000);
    await closed;

    expect(socket.state.kind).toBe("closed");
  });

  test("returns the same promise and works in every state", async () => {
    const idle = createWorld().socket;
    expect(idle.close()).toBe(idle.close());
    await idle.close();

    const { clock, server, socket: connecting } = createWorld();
    server.accepts = false;
    connecting.connect();
    await turn();
    await connecting.close();
    expect(server.latest.closedWith).toEqual({ code: 1000, reason: "" });
    expect(clock.timerCount).toBe(0);

    const waiting = createWorld();
    waiting.socket.connect();
    await turn();
    waiting.server.latest.end();
    await waiting.socket.close();
    expect(waiting.clock.timerCount).toBe(0);

    const ended = createWorld();
    ended.socket.connect();
    await turn();
    ended.server.latest.end(4500);
    await ended.socket.close();
    expect(ended.socket.state).toMatchObject({ kind: "closed", code: 4500 });
  });

  test("rejects what waits and what comes later with ClosedError", async () => {
    const { server, socket } = createWorld();
    socket.connect();
    await turn();
    const channel = socket.channel("room:a");
    void channel.join();
    server.latest.reply("phx_join");
    const inFlight = rejection(channel.push("a"));
    const other = socket.channel("room:b");
    const joining = rejection(other.join());
    const waiting = rejection(other.push("b"));

    await socket.close();

    for (const error of [
      await inFlight,
      await joining,
      await waiting,
      await rejection(channel.join()),
      await rejection(channel.push("c")),
    ]) {
      expect(error).toBeInstanceOf(ClosedError);
    }
    expect(channel.state).toEqual({ kind: "closed", cause: "socket_closed" });
    expect(() => socket.connect()).toThrow(ClosedError);
    expect(() => socket.reconnectNow()).toThrow(ClosedError);
  });

  test("await using closes", async () => {
    const { server, socket } = createWorld();
    {
      await using scoped = socket;
      scoped.connect();
      await turn();
    }

    expect(server.latest.closedWith).toEqual({ code: 1000, reason: "" });
  });
});
