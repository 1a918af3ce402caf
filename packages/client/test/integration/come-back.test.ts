import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { ClosedError, createPresence } from "../../src/index.ts";
import { connect, LIMIT_MS, nextSocketState, nextState, roomOf, startServer, TRANSPORTS } from "./support.ts";

describe.each(TRANSPORTS)("coming back over %s", (transport) => {
  test("after a restart on the same port the channel joins again with its parameters", async () => {
    const first = await startServer();
    await using socket = connect(first, transport);
    const room = roomOf(socket);
    await room.join();

    const lost = nextState(room, "joining");
    const rejoined = nextState(room, "joined");
    await first.close();
    await lost;
    await using second = await startServer({ port: first.port });

    expect((await rejoined).response).toEqual({ welcome: "Ada" });
    expect(second.server.stats().channels).toBe(1);
    expect(await room.push("say", { body: "again" })).toEqual({ count: 1 });
  });

  test("what is pushed while the server is away goes out after the rejoin, in order and once", async () => {
    const heard: string[] = [];
    const first = await startServer();
    await using socket = connect(first, transport);
    const room = roomOf(socket);
    await room.join();
    const lost = nextState(room, "joining");
    await first.close();
    await lost;

    const replies = ["one", "two", "three"].map((body) => room.push("say", { body }));
    await using _second = await startServer({ port: first.port, heard });

    expect(await Promise.all(replies)).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }]);
    expect(heard).toEqual(["one", "two", "three"]);
  });

  test("a push that was sent when the server went away rejects at once, and is not sent again", async () => {
    const heard: string[] = [];
    const first = await startServer();
    await using socket = connect(first, transport);
    const room = roomOf(socket);
    await room.join();
    const pending = room.push("silence");
    // Its reply shows that the server has the push before it, too.
    await room.push("say", { body: "before" });

    const rejoined = nextState(room, "joined");
    const rejection = expect(pending).rejects.toMatchObject({ code: "connection_lost", retryable: true });
    await first.close();
    await rejection;
    await using _second = await startServer({ port: first.port, heard });
    await rejoined;
    await room.push("say", { body: "after" });

    expect(heard).toEqual(["after"]);
  });

  test("the token function is asked again for each attempt that reaches a server", async () => {
    const tokens: (string | undefined)[] = [];
    const note = ({ token }: { readonly token: string | undefined }): object => {
      tokens.push(token);
      return {};
    };
    let count = 0;
    const first = await startServer({ connect: note });
    await using socket = connect(first, transport, { token: async () => `token-${(count += 1)}` });
    const room = roomOf(socket);
    await room.join();

    const rejoined = nextState(room, "joined");
    await first.close();
    await using _second = await startServer({ port: first.port, connect: note });
    await rejoined;

    expect(tokens).toEqual(["token-1", `token-${count}`]);
    expect(count).toBeGreaterThanOrEqual(2);
  });

  test("a token function that fails is reported, and asked again", async () => {
    const errors: unknown[] = [];
    const failure = new Error("no token today");
    let count = 0;
    await using server = await startServer();
    await using socket = connect(server, transport, {
      token: () => {
        count += 1;
        if (count === 1) throw failure;
        return "token";
      },
    });
    socket.on("error", (error) => errors.push(error));

    await roomOf(socket).join();

    expect(errors).toEqual([failure]);
    expect(count).toBe(2);
  });

  test("presence is right again after a restart", async () => {
    const first = await startServer();
    await using socket = connect(first, transport);
    await using other = connect(first, transport);
    const [ada, bo] = [roomOf(socket), roomOf(other, "room:den", "Bo")];
    const presence = createPresence(ada);
    await ada.join();
    await bo.join();
    await eventually(() => expect([...presence.entries.keys()]).toEqual(["Ada", "Bo"]), { limitMs: LIMIT_MS });

    const rejoined = Promise.all([nextState(ada, "joined"), nextState(bo, "joined")]);
    await first.close();
    await using _second = await startServer({ port: first.port });
    await rejoined;

    await eventually(() => expect([...presence.entries.keys()].toSorted()).toEqual(["Ada", "Bo"]), {
      limitMs: LIMIT_MS,
    });
    const metas = [...presence.entries.values()].map((entries) => entries.length);
    expect(metas).toEqual([1, 1]);
  });

  test("a drain makes the client wait and come back", async () => {
    const first = await startServer();
    await using socket = connect(first, transport);
    const room = roomOf(socket);
    await room.join();

    const waiting = nextSocketState(socket, "waiting");
    await first.drain();
    await waiting;
    const rejoined = nextState(room, "joined");
    await using second = await startServer({ port: first.port });
    await rejoined;

    expect(second.server.stats().connections).toBe(1);
  });

  test("a disconnect that allows it makes the client come back at once", async () => {
    await using server = await startServer({ connect: () => ({ id: "users:1" }) });
    await using socket = connect(server, transport);
    const room = roomOf(socket);
    await room.join();

    const rejoined = nextState(room, "joined");
    server.server.disconnect("users:1");

    await rejoined;
  });
});

describe("what a close says", () => {
  test("a drain over WebSocket is named, and asks for a second of patience at least", async () => {
    const server = await startServer();
    await using socket = connect(server, "websocket", { random: () => 0, clock: { ...systemClock, now: () => 5_000 } });
    await roomOf(socket).join();

    const waiting = nextSocketState(socket, "waiting");
    await server.drain();

    expect(await waiting).toEqual({ kind: "waiting", attempt: 2, retryAtMs: 6_000, reason: "drained" });
  });

  test.each(TRANSPORTS)("a kicked client over %s is closed for good, with its promises", async (transport) => {
    await using server = await startServer({ connect: () => ({ id: "users:1" }) });
    await using socket = connect(server, transport);
    const room = roomOf(socket);
    await room.join();

    const closed = nextSocketState(socket, "closed");
    const rejection = expect(room.push("silence")).rejects.toMatchObject({ name: "ClosedError", code: 4503 });
    // Its reply shows that no frame is on its way any more.
    await room.push("say", { body: "before" });
    server.server.disconnect("users:1", { reconnect: false });

    expect(await closed).toEqual({ kind: "closed", code: 4503, reason: "kicked" });
    await rejection;
    expect(room.state).toEqual({ kind: "closed", cause: "socket_closed" });
    expect(() => socket.connect()).toThrow(ClosedError);
    await eventually(() => expect(server.server.stats()).toMatchObject({ connections: 0, channels: 0, topics: 0 }), {
      limitMs: LIMIT_MS,
    });
  });
});
