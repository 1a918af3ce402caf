import { refuse } from "@hutong/server";
import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { ClosedError, createPresence, createSocket } from "../../src/index.ts";
import { connect, LIMIT_MS, nextSocketState, nextState, roomOf, startServer, TRANSPORTS } from "./support.ts";

describe.each(TRANSPORTS)("the client and the server over %s", (transport) => {
  test("a join resolves with the server's response", async () => {
    await using server = await startServer();
    await using socket = connect(server, transport);

    expect(await roomOf(socket).join()).toEqual({ welcome: "Ada" });
    expect(socket.state).toEqual({ kind: "open", transport });
  });

  test("a push resolves with its reply, and the broadcast reaches everyone on the topic and nobody else", async () => {
    await using server = await startServer();
    await using socket = connect(server, transport);
    await using other = connect(server, transport);
    const heard: string[] = [];
    const [ada, bo] = [roomOf(socket), roomOf(other, "room:den", "Bo")];
    const elsewhere = roomOf(other, "room:loft");
    ada.on("said", ({ from, body }) => heard.push(`Ada hears ${from}: ${body}`));
    bo.on("said", ({ from, body }) => heard.push(`Bo hears ${from}: ${body}`));
    elsewhere.on("said", () => heard.push("the loft hears"));
    await Promise.all([ada.join(), bo.join(), elsewhere.join()]);

    const reply = await ada.push("say", { body: "你好" });
    await eventually(() => expect(heard).toHaveLength(2), { limitMs: LIMIT_MS });
    // The loft's own broadcast comes last: had it heard Ada, it would have been before.
    await elsewhere.push("say", { body: "up here" });
    await eventually(() => expect(heard).toHaveLength(3), { limitMs: LIMIT_MS });

    expect(reply).toEqual({ count: 1 });
    expect(heard.toSorted()).toEqual(["Ada hears Ada: 你好", "Bo hears Ada: 你好", "the loft hears"]);
  });

  test("a hundred pushes arrive in the order of the calls", async () => {
    const heard: string[] = [];
    await using server = await startServer({ heard });
    await using socket = connect(server, transport);
    const room = roomOf(socket);
    const bodies = Array.from({ length: 100 }, (_, index) => `message ${index}`);
    await room.join();

    const replies = await Promise.all(bodies.map((body) => room.push("say", { body })));

    expect(heard).toEqual(bodies);
    expect(replies.at(-1)).toEqual({ count: 100 });
  });

  test("pushes that are made before the link is up are sent in order after the join", async () => {
    const heard: string[] = [];
    await using server = await startServer({ heard });
    await using socket = connect(server, transport);
    const room = roomOf(socket);

    const replies = [room.push("say", { body: "one" }), room.push("say", { body: "two" }), room.join()];
    await Promise.all(replies);

    expect(heard).toEqual(["one", "two"]);
  });

  test("a refused join rejects with the server's word and response, and is not repeated", async () => {
    await using server = await startServer();
    await using socket = connect(server, transport);
    const room = roomOf(socket, "room:shut");

    await expect(room.join()).rejects.toMatchObject({
      name: "ChannelError",
      code: "join_refused",
      reason: "shut",
      response: { reason: "shut", until: "tomorrow" },
    });

    expect(room.state.kind).toBe("refused");
    await expect(room.push("say", { body: "in vain" })).rejects.toMatchObject({ reason: "shut" });
  });

  test("a join of a topic that nobody serves rejects as unmatched", async () => {
    await using server = await startServer();
    await using socket = connect(server, transport);

    await expect(socket.channel("garden:1").join()).rejects.toMatchObject({ code: "unmatched_topic" });
  });

  test("a join with parameters that the schema refuses rejects with the issues", async () => {
    await using server = await startServer();
    await using socket = connect(server, transport);

    await expect(roomOf(socket, "room:den", "x".repeat(31)).join()).rejects.toMatchObject({
      code: "invalid_params",
      cause: [{ path: "nickname", message: "Too big: expected string to have <=30 characters" }],
      response: { issues: [{ path: "nickname" }] },
    });
  });

  test("a refused push rejects with the handler's word, and the channel goes on", async () => {
    await using server = await startServer();
    await using socket = connect(server, transport);
    const room = roomOf(socket);
    await room.join();

    await expect(room.push("no")).rejects.toMatchObject({ code: "push_refused", reason: "not today" });
    expect(await room.push("say", { body: "still here" })).toEqual({ count: 1 });
  });

  test("a payload that the schema refuses rejects as invalid", async () => {
    await using server = await startServer();
    await using socket = connect(server, transport);
    const room = socket.channel("room:den");
    await room.join();

    await expect(room.push("say", { body: 7 })).rejects.toMatchObject({ code: "invalid_payload" });
  });

  test("a crash of the channel rejects its pushes, and it joins again by itself", async () => {
    await using server = await startServer();
    await using socket = connect(server, transport);
    const room = roomOf(socket);
    await room.join();

    const rejoined = nextState(room, "joined");
    await expect(room.push("crash")).rejects.toMatchObject({ code: "channel_crash", retryable: true });
    const waitsInTheOutbox = room.push("say", { body: "after the crash" });

    expect((await rejoined).response).toEqual({ welcome: "Ada" });
    expect(await waitsInTheOutbox).toEqual({ count: 1 });
    expect(socket.state.kind).toBe("open");
  });

  test("a channel that the server ends is closed and does not come back", async () => {
    await using server = await startServer();
    await using socket = connect(server, transport);
    const room = roomOf(socket);
    await room.join();

    const closed = nextState(room, "closed");
    await expect(room.push("end")).rejects.toBeInstanceOf(Error);

    expect(await closed).toEqual({ kind: "closed", cause: "ended" });
    await expect(room.join()).rejects.toBeInstanceOf(ClosedError);
  });

  test("after a leave the topic can be joined anew", async () => {
    await using server = await startServer();
    await using socket = connect(server, transport);
    const first = roomOf(socket);
    await first.join();

    await first.leave();
    const second = roomOf(socket, "room:den", "Bo");

    expect(first.state).toEqual({ kind: "closed", cause: "left" });
    expect(await second.join()).toEqual({ welcome: "Bo" });
    expect(server.server.stats().channels).toBe(1);
  });

  test("a push without a reply ends at its own deadline", async () => {
    await using server = await startServer();
    await using socket = connect(server, transport);
    const room = roomOf(socket);
    await room.join();

    await expect(room.push("silence", {}, { timeoutMs: 1 })).rejects.toMatchObject({ code: "reply_timeout" });
  });

  test("closing the socket ends its channels here and on the server", async () => {
    await using server = await startServer();
    const socket = connect(server, transport);
    const room = roomOf(socket);
    await room.join();

    const pending = room.push("silence");
    const closed = socket.close();
    await expect(pending).rejects.toBeInstanceOf(ClosedError);
    await closed;

    expect(room.state).toEqual({ kind: "closed", cause: "socket_closed" });
    expect(socket.state).toEqual({ kind: "closed", code: 1000, reason: "" });
  });

  test("presence follows two clients as they come and go", async () => {
    await using server = await startServer();
    await using socket = connect(server, transport);
    const other = connect(server, transport);
    const ada = roomOf(socket);
    const presence = createPresence(ada);
    const changes: string[] = [];
    presence.on("change", ({ joined, left }) =>
      changes.push([...joined.keys()].map((key) => `+${key}`).join() + [...left.keys()].map((key) => `-${key}`).join()),
    );
    await ada.join();
    await eventually(() => expect([...presence.entries.keys()]).toEqual(["Ada"]), { limitMs: LIMIT_MS });

    const bo = roomOf(other, "room:den", "Bo");
    const boSees = createPresence(bo);
    await bo.join();
    await eventually(() => expect([...presence.entries.keys()]).toEqual(["Ada", "Bo"]), { limitMs: LIMIT_MS });
    await eventually(() => expect([...boSees.entries.keys()]).toEqual(["Ada", "Bo"]), { limitMs: LIMIT_MS });
    await bo.leave();
    await eventually(() => expect([...presence.entries.keys()]).toEqual(["Ada"]), { limitMs: LIMIT_MS });

    // The diff of its own coming repeats what the state has said.
    expect([...new Set(changes)]).toEqual(["+Ada", "+Bo", "-Bo"]);
    await other.close();
  });

  test("the token and the parameters reach the connect handler, and no address holds the token", async () => {
    const seen: unknown[] = [];
    await using server = await startServer({
      connect: ({ token, params, url }) => {
        seen.push({ token, device: params["device"], isInAddress: url.href.includes("a.b-c_d~e") });
        return {};
      },
    });
    await using socket = connect(server, transport, { token: "a.b-c_d~e+/=", params: { device: "tests & more" } });

    await roomOf(socket).join();

    expect(seen).toEqual([{ token: "a.b-c_d~e+/=", device: "tests & more", isInAddress: false }]);
  });
});

describe("falling back", () => {
  test("the socket opens over long poll where WebSocket is blocked", async () => {
    await using server = await startServer();
    class Blocked extends WebSocket {
      constructor(url: string, subprotocols?: string[]) {
        super(url.replace("/socket/websocket", "/blocked"), subprotocols);
      }
    }
    await using socket = createSocket(`${server.url}/socket`, { webSocket: Blocked });
    socket.connect();

    expect(await roomOf(socket).join()).toEqual({ welcome: "Ada" });
    expect(socket.state).toEqual({ kind: "open", transport: "longpoll" });
  });

  test("a connection that the server refuses is tried again", async () => {
    let isOpen = false;
    await using server = await startServer({ connect: () => (isOpen ? {} : refuse("not yet")) });
    await using socket = connect(server, "websocket");
    const room = roomOf(socket);

    await nextSocketState(socket, "waiting");
    isOpen = true;

    expect(await room.join()).toEqual({ welcome: "Ada" });
  });
});
