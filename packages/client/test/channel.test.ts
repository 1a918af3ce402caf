import { ChannelError, ClosedError } from "@hutong/protocol";
import { describe, expect, test } from "vitest";
import type { Channel, ChannelState } from "../src/channel.ts";
import type { Socket } from "../src/socket.ts";
import { createWorld, type FakeClock, rejection, type ScriptedServer, turn } from "./support.ts";

interface JoinedWorld {
  readonly clock: FakeClock;
  readonly server: ScriptedServer;
  readonly socket: Socket;
  readonly channel: Channel;
}

async function createJoined(): Promise<JoinedWorld> {
  const world = createWorld();
  world.socket.connect();
  await turn();
  const channel = world.socket.channel("room:a", { nickname: "panda" });
  const joined = channel.join();
  world.server.latest.reply("phx_join");
  await joined;
  return { ...world, channel };
}

describe("join", () => {
  test("sends the parameters with equal refs and resolves with the response", async () => {
    const { server, socket } = createWorld();
    socket.connect();
    await turn();
    const channel = socket.channel("room:a", { nickname: "panda" });
    const joined = channel.join();

    expect(channel.state).toEqual({ kind: "joining" });
    expect(server.latest.received).toEqual([["1", "1", "room:a", "phx_join", { nickname: "panda" }]]);
    server.latest.reply("phx_join", "ok", { hello: 1 });

    expect(await joined).toEqual({ hello: 1 });
    expect(channel.state).toEqual({ kind: "joined", response: { hello: 1 } });
  });

  test("called twice returns the same promise, also when joined", async () => {
    const { channel, server } = await createJoined();

    expect(channel.join()).toBe(channel.join());
    expect(server.latest.received).toHaveLength(1);
  });

  test("before the link is up is sent when it is", async () => {
    const { server, socket } = createWorld();
    const joined = socket.channel("room:a").join();
    socket.connect();
    await turn();

    server.latest.reply("phx_join");

    expect(await joined).toEqual({});
  });

  test("is reported as one change, however long the link takes", async () => {
    const { server, socket } = createWorld();
    const channel = socket.channel("room:a");
    const states: string[] = [];
    const off = channel.onState(({ kind }) => states.push(kind));
    const joined = channel.join();
    socket.connect();
    await turn();
    server.latest.reply("phx_join");
    await joined;
    off();
    void channel.leave();

    expect(states).toEqual(["joining", "joined"]);
  });

  test("does not wait for another channel's join", async () => {
    const { server, socket } = createWorld();
    socket.connect();
    await turn();

    void socket.channel("room:a").join();
    void socket.channel("room:b").join();

    expect(server.latest.received.map((frame) => frame[2])).toEqual(["room:a", "room:b"]);
  });

  test("that is refused rejects with the server's reason and is not tried again", async () => {
    const { clock, server, socket } = createWorld();
    socket.connect();
    await turn();
    const channel = socket.channel("room:a");
    const joined = rejection(channel.join());
    const waiting = rejection(channel.push("early"));

    server.latest.reply("phx_join", "error", { reason: "unauthorized" });

    expect(await joined).toMatchObject({
      code: "join_refused",
      reason: "unauthorized",
      response: { reason: "unauthorized" },
      topic: "room:a",
    });
    expect(await waiting).toBe(await joined);
    expect(await rejection(channel.push("late"))).toBe(await joined);
    expect(channel.state).toMatchObject({ kind: "refused" });
    await clock.advance(20_000);
    server.latest.end();
    await clock.advance(1_000);
    expect(server.connections.map(({ received }) => received.length)).toEqual([1, 0]);
  });

  test("called again after a refusal tries again", async () => {
    const { server, socket } = createWorld();
    socket.connect();
    await turn();
    const channel = socket.channel("room:a");
    const refused = rejection(channel.join());
    server.latest.push(null, "1", "room:a", "phx_reply", { status: "error", response: { reason: "unmatched topic" } });
    expect(await refused).toMatchObject({ code: "unmatched_topic" });

    const joined = channel.join();
    server.latest.reply("phx_join");

    expect(await joined).toEqual({});
  });

  test("that crashes is tried again with growing waits, and the promise stays pending", async () => {
    const { clock, server, socket } = createWorld({ random: () => 0 });
    socket.connect();
    await turn();
    const channel = socket.channel("room:a");
    const waits: number[] = [];
    channel.onState((state) => state.kind === "waiting" && waits.push(state.retryAtMs - clock.now()));
    const joined = channel.join({ timeoutMs: 60_000 });

    for (let attempt = 0; attempt < 5; attempt++) {
      server.latest.reply("phx_join", "error", { reason: "join crashed" });
      await clock.advance(waits.at(-1) ?? 0);
    }
    server.latest.reply("phx_join");

    expect(await joined).toEqual({});
    expect(waits).toEqual([1_000, 2_000, 5_000, 10_000, 10_000]);
    expect(server.latest.received.map((frame) => frame[0])).toEqual(["1", "2", "3", "4", "5", "6"]);
  });

  test("that comes too fast for the server is tried again", async () => {
    const { clock, server, socket } = createWorld();
    socket.connect();
    await turn();
    const channel = socket.channel("room:a");
    const joined = channel.join();
    server.latest.reply("phx_join", "error", { reason: "rate_limited", retry_after_ms: 200 });
    expect(channel.state).toMatchObject({ kind: "waiting", error: { code: "rate_limited" } });

    await clock.advance(1_000);
    server.latest.reply("phx_join");

    expect(await joined).toEqual({});
  });

  test("without an answer is taken back and tried again; the promise rejects", async () => {
    const { clock, server, socket } = createWorld();
    socket.connect();
    await turn();
    const channel = socket.channel("room:a");
    const joined = rejection(channel.join());

    await clock.advance(10_000);

    expect(await joined).toMatchObject({ code: "join_timeout", retryable: true });
    expect(channel.state).toMatchObject({ kind: "waiting", error: { code: "join_timeout" } });
    expect(server.latest.received[1]).toEqual(["1", "2", "room:a", "phx_leave", {}]);
    const again = channel.join();
    await clock.advance(1_000);
    server.latest.reply("phx_join");
    expect(await again).toEqual({});
  });

  test("that is too late says what it waited for", async () => {
    const { clock, socket } = createWorld();
    const forgotten = rejection(socket.channel("room:a").join());
    await clock.advance(10_000);
    expect(await forgotten).toMatchObject({
      code: "join_timeout",
      cause: new Error("the channel is joining, its socket is idle"),
    });

    socket.connect();
    await turn();
    const pushed = rejection(socket.channel("room:b").push("say"));
    await clock.advance(10_000);

    expect(await pushed).toMatchObject({
      code: "reply_timeout",
      cause: new Error("the channel is idle, its socket is open"),
    });
  });

  test("called again after a refused rejoin tries again", async () => {
    const { channel, clock, server } = await createJoined();
    server.latest.end();
    await clock.advance(250);
    server.latest.reply("phx_join", "error", { reason: "full" });
    expect(channel.state.kind).toBe("refused");

    const joined = channel.join();
    server.latest.reply("phx_join", "ok", { again: true });

    expect(await joined).toEqual({ again: true });
  });

  test("a signal ends the wait and not the join", async () => {
    const { server, socket } = createWorld();
    socket.connect();
    await turn();
    const channel = socket.channel("room:a");
    const controller = new AbortController();
    const joined = rejection(channel.join({ signal: controller.signal }));

    controller.abort(new Error("enough"));
    expect(await joined).toEqual(new Error("enough"));
    server.latest.reply("phx_join", "ok", { late: true });

    expect(channel.state.kind).toBe("joined");
    expect(await channel.join()).toEqual({ late: true });
  });

  test("a signal that is aborted already starts nothing", async () => {
    const { server, socket } = createWorld();
    socket.connect();
    await turn();
    const channel = socket.channel("room:a");

    expect(await rejection(channel.join({ signal: AbortSignal.abort("no") }))).toBe("no");

    expect(channel.state.kind).toBe("idle");
    expect(server.latest.received).toEqual([]);
  });

  test("parameters that cannot be encoded refuse the join", async () => {
    const { socket } = createWorld();
    socket.connect();
    await turn();

    expect(await rejection(socket.channel("room:a", { id: 1n }).join())).toMatchObject({ code: "internal" });
  });
});

describe("rejoin", () => {
  test("follows a new link at once, with fresh refs, for every channel in order", async () => {
    const { channel, clock, server, socket } = await createJoined();
    void socket.channel("room:b").join();
    const states: ChannelState[] = [];
    channel.onState((state) => states.push(state));

    server.latest.end();
    await clock.advance(250);
    server.latest.push("3", "3", "room:a", "phx_reply", { status: "ok", response: { again: true } });

    expect(server.latest.received).toEqual([
      ["3", "3", "room:a", "phx_join", { nickname: "panda" }],
      ["4", "4", "room:b", "phx_join", {}],
    ]);
    expect(states).toEqual([{ kind: "joining" }, { kind: "joined", response: { again: true } }]);
  });

  test("follows a crash after a wait; what was sent rejects, what comes later waits", async () => {
    const { channel, clock, server } = await createJoined();
    const inFlight = rejection(channel.push("boom"));

    server.latest.push("1", "1", "room:a", "phx_error", { reason: "channel_crash" });
    const later = channel.push("hello");

    expect(await inFlight).toMatchObject({ code: "channel_crash" });
    expect(channel.state).toMatchObject({ kind: "waiting", error: { code: "channel_crash" } });
    await clock.advance(1_000);
    server.latest.reply("phx_join");
    server.latest.reply("hello", "ok", 1);
    expect(await later).toBe(1);
  });

  test("a channel that crashes right after each join waits longer each time, and one that lasted does not", async () => {
    const { channel, clock, server } = await createJoined();
    const waits: number[] = [];
    channel.onState(
      (state) => state.kind === "waiting" && waits.push(Math.round((state.retryAtMs - clock.now()) / 100)),
    );
    const crash = (): void => {
      const { received } = server.latest;
      server.latest.push(received.at(-1)?.[0], null, "room:a", "phx_error", {});
    };
    crash();
    await clock.advance(1_000);
    server.latest.reply("phx_join");
    crash();
    await clock.advance(2_000);
    server.latest.reply("phx_join");
    await clock.advance(5_000);

    crash();

    expect(waits).toEqual([5, 10, 5]);
  });

  test("follows an answer that says that the server has no such channel", async () => {
    const { channel, server } = await createJoined();
    const pushed = rejection(channel.push("hello"));

    server.latest.push(null, "2", "room:a", "phx_reply", { status: "error", response: { reason: "unmatched topic" } });

    expect(await pushed).toMatchObject({ code: "unmatched_topic" });
    expect(channel.state.kind).toBe("waiting");
  });

  test("a link that breaks during the wait replaces it by the join on the next link", async () => {
    const { channel, clock, server } = await createJoined();
    server.latest.push("1", "1", "room:a", "phx_error", {});
    server.latest.end();

    await clock.advance(250);

    expect(channel.state.kind).toBe("joining");
    expect(server.latest.received).toHaveLength(1);
  });
});

describe("push", () => {
  test("resolves with the response of its own reply", async () => {
    const { channel, server } = await createJoined();
    const first = channel.push("a", { n: 1 });
    const second = channel.push("b");

    expect(server.latest.received.slice(1)).toEqual([
      ["1", "2", "room:a", "a", { n: 1 }],
      ["1", "3", "room:a", "b", {}],
    ]);
    server.latest.reply("b", "ok", "second");
    server.latest.reply("a", "ok", "first");

    expect(await first).toBe("first");
    expect(await second).toBe("second");
  });

  test.each([
    [
      "error",
      { reason: "too long", max: 5 },
      { code: "push_refused", reason: "too long", response: { reason: "too long", max: 5 } },
    ],
    ["error", { reason: "invalid_payload" }, { code: "invalid_payload", reason: "invalid_payload" }],
    ["error", { reason: "connection_lost" }, { code: "push_refused", reason: "connection_lost" }],
    ["error", "text", { code: "push_refused", reason: "push_refused", response: "text" }],
    ["weird", {}, { code: "push_refused", reason: "weird" }],
  ])("a reply with status %s and response %j rejects", async (status, response, expected) => {
    const { channel, server } = await createJoined();
    const pushed = rejection(channel.push("a"));

    server.latest.reply("a", status, response);

    expect(await pushed).toBeInstanceOf(ChannelError);
    expect(await pushed).toMatchObject(expected);
  });

  test("before the join waits, in order", async () => {
    const { server, socket } = createWorld();
    const channel = socket.channel("room:a");
    void channel.push("a");
    void channel.join();
    void channel.push("b");
    socket.connect();
    await turn();
    void channel.push("c");
    expect(server.latest.received).toHaveLength(1);

    server.latest.reply("phx_join");
    void channel.push("d");

    expect(server.latest.received.map((frame) => frame[3])).toEqual(["phx_join", "a", "b", "c", "d"]);
  });

  test("that ran out of time while waiting is never sent", async () => {
    const { clock, server, socket } = createWorld();
    socket.connect();
    await turn();
    const channel = socket.channel("room:a");
    const short = rejection(channel.push("short", {}, { timeoutMs: 50 }));
    void channel.push("long");
    void channel.join();

    await clock.advance(50);
    server.latest.reply("phx_join");

    expect(await short).toMatchObject({ code: "reply_timeout" });
    expect(server.latest.received.map((frame) => frame[3])).toEqual(["phx_join", "long"]);
  });

  test("without a reply rejects after its timeout, and the late reply is ignored", async () => {
    const { channel, clock, server } = await createJoined();
    const pushed = rejection(channel.push("a"));

    await clock.advance(10_000);
    server.latest.reply("a");

    expect(await pushed).toMatchObject({ code: "reply_timeout", topic: "room:a" });
  });

  test("in flight when the link breaks rejects at once", async () => {
    const { channel, server } = await createJoined();
    const pushed = rejection(channel.push("a"));

    server.latest.end();

    expect(await pushed).toMatchObject({ code: "connection_lost", retryable: true });
  });

  test("beyond the outbox's limit rejects", async () => {
    const { socket } = createWorld({ maxOutboxPushes: 1 });
    const channel = socket.channel("room:a");
    const first = rejection(channel.push("a"));

    expect(await rejection(channel.push("b"))).toMatchObject({ code: "outbox_full" });

    await socket.close();
    expect(await first).toBeInstanceOf(ClosedError);
  });

  test("a signal ends the wait, before and after sending", async () => {
    const { channel, server } = await createJoined();
    const controller = new AbortController();
    const sent = rejection(channel.push("a", {}, { signal: controller.signal }));

    controller.abort("enough");
    server.latest.reply("a");

    expect(await sent).toBe("enough");
    expect(await rejection(channel.push("b", {}, { signal: controller.signal }))).toBe("enough");
    expect(server.latest.received.map((frame) => frame[3])).toEqual(["phx_join", "a"]);
  });

  test("with a payload that cannot be encoded rejects and leaves the others alone", async () => {
    const { channel, server } = await createJoined();
    const wrong = rejection(channel.push("a", { id: 1n }));
    const right = channel.push("b");

    server.latest.reply("b");

    expect(await wrong).toMatchObject({ code: "internal" });
    expect(await right).toEqual({});
  });
});

describe("events", () => {
  test("reach every handler in order until it is removed", async () => {
    const { channel, server } = await createJoined();
    const heard: unknown[] = [];
    const off = channel.on("new_msg", (payload) => heard.push(["first", payload]));
    channel.on("new_msg", (payload) => heard.push(["second", payload]));

    server.latest.push(null, null, "room:a", "new_msg", 1);
    off();
    server.latest.push("1", null, "room:a", "new_msg", 2);
    server.latest.push("1", null, "room:a", "other", 3);

    expect(heard).toEqual([
      ["first", 1],
      ["second", 1],
      ["second", 2],
    ]);
  });

  test("of another topic or an earlier join are dropped", async () => {
    const { channel, server } = await createJoined();
    const heard: unknown[] = [];
    channel.on("new_msg", (payload) => heard.push(payload));

    server.latest.push(null, null, "room:b", "new_msg", 1);
    server.latest.push("0", null, "room:a", "new_msg", 2);
    server.latest.push("0", "0", "room:a", "phx_close", {});
    server.latest.push("0", "0", "room:a", "phx_error", {});

    expect(heard).toEqual([]);
    expect(channel.state.kind).toBe("joined");
  });

  test("broadcasts before the join's answer are dropped", async () => {
    const { server, socket } = createWorld();
    socket.connect();
    await turn();
    const channel = socket.channel("room:a");
    const heard: unknown[] = [];
    channel.on("new_msg", (payload) => heard.push(payload));
    void channel.join();

    server.latest.push(null, null, "room:a", "new_msg", 1);
    server.latest.push("1", null, "room:a", "new_msg", 2);

    expect(heard).toEqual([2]);
  });

  test("a handler that throws is reported and stops nobody", async () => {
    const { channel, clock, server } = await createJoined();
    const heard: unknown[] = [];
    channel.on("new_msg", () => {
      throw new Error("bug");
    });
    channel.on("new_msg", (payload) => heard.push(payload));

    server.latest.push(null, null, "room:a", "new_msg", 1);

    expect(heard).toEqual([1]);
    await expect(clock.advance(0)).rejects.toThrow("bug");
  });

  test("replies that are not replies are ignored", async () => {
    const { channel, server } = await createJoined();

    server.latest.push("1", "1", "room:a", "phx_reply", null);
    server.latest.push("1", null, "room:a", "phx_reply", { status: "ok" });
    server.latest.push("1", "77", "room:a", "phx_reply", { status: "ok", response: {} });

    expect(channel.state.kind).toBe("joined");
  });
});

describe("end", () => {
  test("by the server closes the channel for good and frees the topic", async () => {
    const { channel, clock, server, socket } = await createJoined();
    const pushed = rejection(channel.push("a"));

    server.latest.push("1", "1", "room:a", "phx_close", {});

    expect(channel.state).toEqual({ kind: "closed", cause: "ended" });
    expect(await pushed).toMatchObject({ code: "closed" });
    expect(await rejection(channel.join())).toBeInstanceOf(ClosedError);
    expect(socket.channel("room:a")).not.toBe(channel);
    await clock.advance(25_000);
    expect(server.latest.received.filter((frame) => frame[3] === "phx_join")).toHaveLength(1);
  });

  test("the same topic gives the same channel until it is left", async () => {
    const { channel, socket } = await createJoined();
    expect(socket.channel("room:a", { nickname: "other" })).toBe(channel);

    void channel.leave();

    expect(socket.channel("room:a")).not.toBe(channel);
  });

  test("an empty topic is a mistake", () => {
    expect(() => createWorld().socket.channel("")).toThrow(TypeError);
  });
});

describe("leave", () => {
  test("resolves when the server has answered; what was in flight may still be answered", async () => {
    const { channel, clock, server } = await createJoined();
    const pushed = channel.push("a");
    const left = channel.leave();

    expect(channel.leave()).toBe(left);
    expect(channel.state).toEqual({ kind: "leaving" });
    expect(await rejection(channel.push("b"))).toBeInstanceOf(ClosedError);
    server.latest.reply("a", "ok", 1);
    server.latest.reply("phx_leave");
    server.latest.push("1", "1", "room:a", "phx_close", {});

    await left;
    expect(await pushed).toBe(1);
    expect(channel.state).toEqual({ kind: "closed", cause: "left" });
    await channel.leave();
    await clock.advance(5_000);
    expect(channel.state).toEqual({ kind: "closed", cause: "left" });
  });

  test("resolves when only phx_close comes, when the link breaks, or after the timeout", async () => {
    const closing = await createJoined();
    const closed = closing.channel.leave();
    closing.server.latest.push("1", "1", "room:a", "phx_close", {});
    await closed;

    const breaking = await createJoined();
    const broken = breaking.channel.leave();
    breaking.server.latest.end();
    await broken;

    const silent = await createJoined();
    const timedOut = silent.channel.leave();
    await silent.clock.advance(10_000);
    await timedOut;

    for (const { channel } of [closing, breaking, silent])
      expect(channel.state).toEqual({ kind: "closed", cause: "left" });
  });

  test("takes back a join that is on its way", async () => {
    const { server, socket } = createWorld();
    socket.connect();
    await turn();
    const channel = socket.channel("room:a");
    const joined = rejection(channel.join());

    void channel.leave();

    expect(await joined).toMatchObject({ code: "closed" });
    expect(server.latest.received.map((frame) => frame[3])).toEqual(["phx_join", "phx_leave"]);
  });

  test("of a channel that is not joined resolves at once", async () => {
    const { server, socket } = createWorld();
    const channel = socket.channel("room:a");
    await channel.leave();
    socket.connect();
    await turn();
    const waiting = socket.channel("room:a");
    const joined = rejection(waiting.join());
    server.latest.reply("phx_join", "error", { reason: "join crashed" });
    await waiting.leave();
    const refused = socket.channel("room:a");
    const refusal = rejection(refused.join());
    server.latest.reply("phx_join", "error", {});
    await refused.leave();

    expect(await joined).toMatchObject({ code: "closed" });
    expect(await refusal).toMatchObject({ code: "join_refused" });
    for (const { state } of [channel, waiting, refused]) expect(state).toEqual({ kind: "closed", cause: "left" });
  });

  test("followed by a join of the same topic keeps the two apart", async () => {
    const { channel, server, socket } = await createJoined();
    const left = channel.leave();
    const next = socket.channel("room:a");
    const joined = next.join();

    server.latest.push("1", "2", "room:a", "phx_reply", { status: "ok", response: {} });
    server.latest.push("1", "1", "room:a", "phx_close", {});
    server.latest.push("3", "3", "room:a", "phx_reply", { status: "ok", response: {} });

    await left;
    await joined;
    expect(server.latest.received.map((frame) => frame.slice(0, 4))).toEqual([
      ["1", "1", "room:a", "phx_join"],
      ["1", "2", "room:a", "phx_leave"],
      ["3", "3", "room:a", "phx_join"],
    ]);
    expect(next.state.kind).toBe("joined");
  });

  test("leaves no timer behind", async () => {
    const { channel, clock, server, socket } = await createJoined();
    const left = channel.leave();
    server.latest.reply("phx_leave");
    await left;
    await socket.close();

    expect(clock.timerCount).toBe(0);
  });
});
