import { describe, expect, test } from "vitest";
import type { Channel } from "../../src/channel.ts";
import { durableOutbox } from "../../src/outbox/durable-outbox.ts";
import type { OutboxEntry } from "../../src/outbox/outbox.ts";
import type { Socket } from "../../src/socket.ts";
import type { KeyValueStorage } from "../../src/storage/key-value-storage.ts";
import { memoryStorage } from "../../src/storage/memory-storage.ts";
import { createWorld, type FakeClock, rejection, type ScriptedServer, turn } from "../support.ts";

const [ID_A, ID_B, ID_C] = ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc"];

interface OutboxWorld {
  readonly clock: FakeClock;
  readonly server: ScriptedServer;
  readonly socket: Socket;
  readonly channel: Channel;
  /** Every change, as `id:state`. */
  readonly changes: string[];
  readonly errors: unknown[];
}

const summaryOf = ({ id, state }: OutboxEntry): string => `${id[0]}:${state.kind}`;
const entriesOf = ({ outbox }: Socket): string[] => (outbox?.entries ?? []).map(summaryOf);

/** A socket with an outbox whose channel was asked to join. */
async function createJoining(
  storage?: KeyValueStorage,
  setup: { maxOutboxPushes?: number } = {},
): Promise<OutboxWorld> {
  let seed = 0;
  const { clock, server, socket } = createWorld({
    ...setup,
    random: () => ((seed += 1) % 36) / 36,
    outbox: durableOutbox(storage && { storage }),
  });
  const changes: string[] = [];
  const errors: unknown[] = [];
  socket.outbox?.on("change", (entry) => changes.push(summaryOf(entry)));
  socket.on("error", (error) => errors.push(error));
  socket.connect();
  await turn();
  const channel = socket.channel("room:a");
  channel.join().catch(() => undefined);
  return { clock, server, socket, channel, changes, errors };
}

async function createJoined(storage?: KeyValueStorage): Promise<OutboxWorld> {
  const world = await createJoining(storage);
  world.server.latest.reply("phx_join");
  return world;
}

const saysOf = (server: ScriptedServer): unknown[][] =>
  server.connections.flatMap(({ received }) => received.filter((frame) => frame[3] === "say"));

describe("a durable push", () => {
  test("goes out with its id and resolves with the reply", async () => {
    const { changes, channel, server, socket } = await createJoined();
    const pushed = channel.push("say", { body: 1 }, { durable: true, id: ID_A });

    expect(saysOf(server)).toEqual([["1", "2", "room:a", "say", { body: 1 }, ID_A]]);
    expect(socket.outbox?.entries).toEqual([
      { id: ID_A, topic: "room:a", event: "say", payload: { body: 1 }, state: { kind: "sent" } },
    ]);
    server.latest.reply("say", "ok", { count: 1 });

    expect(await pushed).toEqual({ count: 1 });
    expect(entriesOf(socket)).toEqual([]);
    expect(changes).toEqual(["a:queued", "a:sent", "a:accepted"]);
  });

  test("gets an id of 24 characters when none is given, and {} for no payload", async () => {
    const { channel, server } = await createJoined();
    void channel.push("say", undefined, { durable: true });

    expect(saysOf(server)[0]?.[4]).toEqual({});
    expect(saysOf(server)[0]?.[5]).toMatch(/^[\da-z]{24}$/);
  });

  test("has an id of its own, even where a test has taken chance away", () => {
    const { socket } = createWorld({ random: () => 0.5, outbox: durableOutbox() });
    const channel = socket.channel("room:a");

    channel.push("say", 1, { durable: true }).catch(() => undefined);
    channel.push("say", 2, { durable: true }).catch(() => undefined);

    expect(socket.outbox?.entries.map(({ payload }) => payload)).toEqual([1, 2]);
  });

  test("needs the option outbox", async () => {
    const { socket } = createWorld();

    expect(socket.outbox).toBeUndefined();
    expect(() => socket.channel("room:a").push("say", {}, { durable: true })).toThrow(TypeError);
  });

  test.each(["short", "x".repeat(65)])("throws for the id %s", async (id) => {
    const { channel } = await createJoined();

    expect(() => channel.push("say", {}, { durable: true, id })).toThrow(RangeError);
  });

  test("waits for the one before it", async () => {
    const { changes, channel, server } = await createJoined();
    const first = channel.push("say", 1, { durable: true, id: ID_A });
    const second = channel.push("say", 2, { durable: true, id: ID_B });
    expect(saysOf(server)).toHaveLength(1);

    server.latest.reply("say", "ok", "one");
    server.latest.reply("say", "ok", "two");

    expect([await first, await second]).toEqual(["one", "two"]);
    expect(changes).toEqual(["a:queued", "a:sent", "b:queued", "a:accepted", "b:sent", "b:accepted"]);
  });

  test("does not wait for another channel's", async () => {
    const { channel, server, socket } = await createJoined();
    const other = socket.channel("room:b");
    void other.join();
    server.latest.reply("phx_join");

    void channel.push("say", 1, { durable: true, id: ID_A });
    void other.push("say", 2, { durable: true, id: ID_B });

    expect(saysOf(server).map((frame) => frame[2])).toEqual(["room:a", "room:b"]);
  });

  test("is sent again under the same id after the link broke", async () => {
    const { channel, clock, server, socket } = await createJoined();
    const pushed = channel.push("say", 1, { durable: true, id: ID_A });
    server.latest.end();
    expect(entriesOf(socket)).toEqual(["a:queued"]);
    await clock.advance(250);
    server.latest.reply("phx_join");

    server.latest.reply("say", "ok", "done");

    expect(await pushed).toBe("done");
    expect(saysOf(server).map((frame) => frame[5])).toEqual([ID_A, ID_A]);
  });

  test("is sent again when no answer comes, and an answer to the first time counts for nothing", async () => {
    const { channel, clock, server, socket } = await createJoined();
    const pushed = channel.push("say", 1, { durable: true, id: ID_A });
    await clock.advance(10_000);
    expect(entriesOf(socket)).toEqual(["a:queued"]);
    server.latest.push("1", "2", "room:a", "phx_reply", { status: "ok", response: "late" });
    await clock.advance(1_000);

    server.latest.reply("say", "ok", "in time");

    expect(await pushed).toBe("in time");
    expect(saysOf(server)).toHaveLength(2);
  });

  test("is sent again after a refusal that passes", async () => {
    const { channel, clock, server } = await createJoined();
    const pushed = channel.push("say", 1, { durable: true, id: ID_A });
    server.latest.reply("say", "error", { reason: "overloaded" });
    const next = channel.push("say", 2, { durable: true, id: ID_B });
    expect(saysOf(server)).toHaveLength(1);

    await clock.advance(1_000);
    server.latest.reply("say", "ok", "one");
    server.latest.reply("say", "ok", "two");

    expect([await pushed, await next]).toEqual(["one", "two"]);
    expect(saysOf(server).map((frame) => frame[5])).toEqual([ID_A, ID_A, ID_B]);
  });

  test("that is refused for good fails, stays visible and lets the next one pass", async () => {
    const { channel, server, socket } = await createJoined();
    const pushed = rejection(channel.push("say", 1, { durable: true, id: ID_A }));
    void channel.push("say", 2, { durable: true, id: ID_B });

    server.latest.reply("say", "error", { reason: "too long" });

    expect(await pushed).toMatchObject({ code: "push_refused", reason: "too long" });
    expect(entriesOf(socket)).toEqual(["a:failed", "b:sent"]);
    expect(await rejection(channel.push("say", 1, { durable: true, id: ID_A }))).toBe(await pushed);
  });

  test("that failed is sent once more as the last, under a new id", async () => {
    const { channel, server, socket } = await createJoined();
    channel.push("say", 1, { durable: true, id: ID_A }).catch(() => undefined);
    server.latest.reply("say", "error", { reason: "too long" });
    void channel.push("say", 2, { durable: true, id: ID_B });

    socket.outbox?.retry(ID_B);
    socket.outbox?.retry("nobody's");
    socket.outbox?.retry(ID_A);

    expect(socket.outbox?.entries.map(({ payload, state }) => [payload, state.kind])).toEqual([
      [2, "sent"],
      [1, "queued"],
    ]);
    server.latest.reply("say");
    expect(saysOf(server)[2]?.[4]).toBe(1);
    expect(saysOf(server)[2]?.[5]).not.toBe(ID_A);
  });

  test("goes on when the server has lost the channel", async () => {
    const { channel, clock, server } = await createJoined();
    const pushed = channel.push("say", 1, { durable: true, id: ID_A });
    server.latest.reply("say", "error", { reason: "unmatched topic" });
    expect(channel.state.kind).toBe("waiting");
    await clock.advance(1_000);
    server.latest.reply("phx_join");

    server.latest.reply("say", "ok", "done");

    expect(await pushed).toBe("done");
  });

  test("that crashes the channel three times fails, and the next one has its turn", async () => {
    const { channel, clock, server, socket } = await createJoined();
    const pushed = rejection(channel.push("say", 1, { durable: true, id: ID_A }));
    void channel.push("say", 2, { durable: true, id: ID_B });
    for (const _ of [1, 2, 3]) {
      server.latest.push(server.latest.received.at(-1)?.[0], null, "room:a", "phx_error", {});
      await clock.advance(10_000);
      server.latest.reply("phx_join");
    }

    expect(await pushed).toMatchObject({ code: "channel_crash" });
    expect(entriesOf(socket)).toEqual(["a:failed", "b:sent"]);
  });

  test("keeps the payload as it was", async () => {
    const { channel, server } = await createJoining();
    const payload = { body: "before" };
    void channel.push("say", payload, { durable: true, id: ID_A });
    payload.body = "after";

    server.latest.reply("phx_join");

    expect(saysOf(server)[0]?.[4]).toEqual({ body: "before" });
  });

  test.each([[{ id: 1n }], [new Uint8Array(1)], [new ArrayBuffer(1)]])(
    "rejects a payload that JSON cannot carry: %o",
    async (payload) => {
      const { channel, socket } = await createJoined();

      expect(await rejection(channel.push("say", payload, { durable: true, id: ID_A }))).toMatchObject({
        code: "internal",
        cause: expect.any(TypeError),
      });
      expect(entriesOf(socket)).toEqual([]);
    },
  );

  test("beyond the limit of its channel rejects", async () => {
    const { channel, socket } = await createJoining(undefined, { maxOutboxPushes: 1 });
    void channel.push("say", 1, { durable: true, id: ID_A });

    expect(await rejection(channel.push("say", 2, { durable: true, id: ID_B }))).toMatchObject({ code: "outbox_full" });

    void socket.channel("room:b").push("say", 3, { durable: true, id: ID_C });
    expect(entriesOf(socket)).toEqual(["a:queued", "c:queued"]);
  });

  test("outlives its channel, and goes out on the next one of the topic", async () => {
    const { channel, server, socket } = await createJoined();
    const pushed = channel.push("say", 1, { durable: true, id: ID_A });
    void channel.leave();
    void socket.channel("room:a").join();
    server.latest.reply("phx_join");

    server.latest.reply("say", "ok", "done");

    expect(await pushed).toBe("done");
  });

  test("goes on when the server has lost the channel while the one before it is leaving", async () => {
    const { channel, clock, server, socket } = await createJoined();
    void channel.leave();
    const next = socket.channel("room:a");
    void next.join();
    server.latest.reply("phx_join");
    const pushed = next.push("say", 1, { durable: true, id: ID_A });
    const ref = saysOf(server)[0]?.[1];

    server.latest.push(null, ref, "room:a", "phx_reply", { status: "error", response: { reason: "unmatched topic" } });
    await clock.advance(1_000);
    server.latest.reply("phx_join");
    server.latest.reply("say", "ok", "done");

    expect(await pushed).toBe("done");
  });

  test("that is too big for the server fails with the link that it ended, and is no burden to the next page", async () => {
    const storage = memoryStorage();
    const { channel, server, socket } = await createJoined(storage);
    const pushed = rejection(channel.push("say", "much", { durable: true, id: ID_A }));
    await turn();

    server.latest.end(1009, "too_big");

    expect(await pushed).toMatchObject({ code: "push_refused", reason: "too_big", cause: { code: 1009 } });
    await socket.close();
    const next = await createJoined(storage);
    await turn();
    expect(entriesOf(next.socket)).toEqual(["a:failed"]);
    expect(saysOf(next.server)).toEqual([]);
  });

  test("waits when its join is refused", async () => {
    const { channel, server, socket } = await createJoining();
    void channel.push("say", 1, { durable: true, id: ID_A });
    server.latest.reply("phx_join", "error", { reason: "no" });
    expect(entriesOf(socket)).toEqual(["a:queued"]);

    channel.join().catch(() => undefined);
    server.latest.reply("phx_join");

    expect(entriesOf(socket)).toEqual(["a:sent"]);
  });

  test("rejects when the socket closes, and leaves no timer behind", async () => {
    const { channel, clock, server, socket } = await createJoined();
    const pushed = rejection(channel.push("say", 1, { durable: true, id: ID_A }));
    const waiting = rejection(channel.push("say", 2, { durable: true, id: ID_B, timeoutMs: 5_000 }));
    server.latest.reply("say", "error", { reason: "overloaded" });

    await socket.close();

    expect(await pushed).toMatchObject({ name: "ClosedError", code: 1000 });
    expect(await waiting).toMatchObject({ name: "ClosedError" });
    expect(entriesOf(socket)).toEqual(["a:queued", "b:queued"]);
    expect(clock.timerCount).toBe(0);
  });
});

describe("giving up", () => {
  test("by a signal takes the push out, before and after it was sent", async () => {
    const { changes, channel, server, socket } = await createJoined();
    const [sent, queued] = [new AbortController(), new AbortController()];
    const pushes = [
      rejection(channel.push("say", 1, { durable: true, id: ID_A, signal: sent.signal })),
      rejection(channel.push("say", 2, { durable: true, id: ID_B, signal: queued.signal })),
    ];
    void channel.push("say", 3, { durable: true, id: ID_C });

    queued.abort("not this one");
    sent.abort("enough");

    expect(await Promise.all(pushes)).toEqual(["enough", "not this one"]);
    expect(entriesOf(socket)).toEqual(["c:sent"]);
    expect(changes.slice(-3)).toEqual(["b:failed", "a:failed", "c:sent"]);
    expect(saysOf(server).map((frame) => frame[5])).toEqual([ID_A, ID_C]);
  });

  test("by a signal that is aborted already starts nothing", async () => {
    const { channel, server, socket } = await createJoined(memoryStorage());

    const pushed = channel.push("say", 1, { durable: true, id: ID_A, signal: AbortSignal.abort("no") });

    expect(await rejection(pushed)).toBe("no");
    await turn();
    expect(entriesOf(socket)).toEqual([]);
    expect(saysOf(server)).toEqual([]);
  });

  test("by a deadline rejects with reply_timeout", async () => {
    const { channel, clock, socket } = await createJoining();
    const pushed = rejection(channel.push("say", 1, { durable: true, id: ID_A, timeoutMs: 50 }));

    await clock.advance(50);

    expect(await pushed).toMatchObject({ code: "reply_timeout" });
    expect(entriesOf(socket)).toEqual([]);
  });

  test("by discard rejects with closed; what nobody knows is ignored", async () => {
    const { channel, socket } = await createJoined();
    const pushed = rejection(channel.push("say", 1, { durable: true, id: ID_A }));

    socket.outbox?.discard(ID_A);
    socket.outbox?.discard(ID_A);

    expect(await pushed).toMatchObject({ code: "closed" });
    expect(entriesOf(socket)).toEqual([]);
  });
});

describe("a stored outbox", () => {
  test("sends a push only when it is kept, and deletes it when it is answered", async () => {
    const storage = memoryStorage();
    const { channel, server } = await createJoined(storage);
    const pushed = channel.push("say", { body: 1 }, { durable: true, id: ID_A });
    expect(saysOf(server)).toEqual([]);
    await turn();
    expect(await storage.get(`hutong:push:${ID_A}`)).toBe(
      '{"order":1,"id":"aaaaaaaaaaaaaaaa","topic":"room:a","event":"say","payload":{"body":1}}',
    );

    server.latest.reply("say", "ok", "done");

    expect(await pushed).toBe("done");
    await turn();
    expect(await storage.keys("")).toEqual([]);
  });

  test("goes on where an earlier page ended, in its order, before what is new", async () => {
    const storage = memoryStorage();
    const first = await createJoining(storage);
    for (const [index, id] of [ID_C, ID_A].entries())
      first.channel.push("say", index, { durable: true, id }).catch(() => undefined);
    await first.socket.close();

    const { channel, server, socket } = await createJoined(storage);
    void channel.push("say", 2, { durable: true, id: ID_B });
    await turn();

    expect(entriesOf(socket)).toEqual(["c:sent", "a:queued", "b:queued"]);
    for (const _ of [1, 2, 3]) {
      server.latest.reply("say");
      await turn();
    }
    expect(saysOf(server).map((frame) => frame[4])).toEqual([0, 1, 2]);
    expect(await storage.keys("")).toEqual([]);
  });

  test("gives the promise of a push of an earlier page for its id", async () => {
    const storage = memoryStorage();
    const first = await createJoining(storage);
    first.channel.push("say", 1, { durable: true, id: ID_A }).catch(() => undefined);
    await first.socket.close();
    const { channel, server } = await createJoined(storage);
    await turn();

    const pushed = channel.push("say", "ignored", { durable: true, id: ID_A });
    server.latest.reply("say", "ok", "done");

    expect(await pushed).toBe("done");
    expect(saysOf(server)).toHaveLength(1);
  });

  test("takes a push that is made before the load for the stored one of the same id", async () => {
    const storage = memoryStorage();
    const first = await createJoining(storage);
    first.channel.push("say", 1, { durable: true, id: ID_A }).catch(() => undefined);
    await first.socket.close();
    const { server, socket } = createWorld({ outbox: durableOutbox({ storage }) });
    const pushed = socket.channel("room:a").push("say", 1, { durable: true, id: ID_A });
    void socket.channel("room:a").join();
    socket.connect();
    await turn();
    server.latest.reply("phx_join");
    server.latest.reply("say", "ok", "done");

    expect(await pushed).toBe("done");
    await turn();
    expect(saysOf(server)).toHaveLength(1);
    expect(await storage.keys("")).toEqual([]);
  });

  test("shows what failed on an earlier page, with its error", async () => {
    const storage = memoryStorage();
    const first = await createJoined(storage);
    first.channel.push("say", 1, { durable: true, id: ID_A }).catch(() => undefined);
    await turn();
    first.server.latest.reply("say", "error", { reason: "too long", max: 5 });
    await first.socket.close();

    const { server, socket } = await createJoined(storage);
    await turn();

    expect(saysOf(server)).toEqual([]);
    expect(socket.outbox?.entries).toMatchObject([
      {
        id: ID_A,
        state: {
          kind: "failed",
          error: { code: "push_refused", reason: "too long", response: { reason: "too long", max: 5 } },
        },
      },
    ]);
    socket.outbox?.discard(ID_A);
    await turn();
    expect(await storage.keys("")).toEqual([]);
  });

  test.each([
    ["not JSON", "{"],
    ["another value", "7"],
    ["a row without an order", '{"id":"aaaaaaaaaaaaaaaa","topic":"t","event":"e"}'],
    ["a row without an event", '{"order":1,"id":"aaaaaaaaaaaaaaaa","topic":"t"}'],
    ["another push's row", '{"order":1,"id":"bbbbbbbbbbbbbbbb","topic":"t","event":"e"}'],
  ])("drops %s and reports it", async (_name, text) => {
    const storage = memoryStorage();
    await storage.set(`hutong:push:${ID_A}`, text);
    await storage.set("other", "stays");

    const { errors, socket } = await createJoined(storage);
    await turn();

    expect(entriesOf(socket)).toEqual([]);
    expect(errors).toEqual([new Error(`the stored push "hutong:push:${ID_A}" cannot be read and is dropped`)]);
    expect(await storage.keys("")).toEqual(["other"]);
  });

  test("takes no offence at a push that another page has just finished with", async () => {
    const storage = memoryStorage();
    await storage.set(`hutong:push:${ID_A}`, "gone in a moment");

    const { errors, socket } = await createJoined({ ...storage, get: async () => undefined });
    await turn();

    expect(entriesOf(socket)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test("is loaded also when the first call is reconnectNow", async () => {
    const storage = memoryStorage();
    const first = await createJoining(storage);
    first.channel.push("say", 1, { durable: true, id: ID_A }).catch(() => undefined);
    await first.socket.close();
    const { socket } = createWorld({ outbox: durableOutbox({ storage }) });

    socket.reconnectNow();
    await turn();

    expect(entriesOf(socket)).toEqual(["a:queued"]);
  });

  test("that cannot be read or written is reported, and the pushes go out from memory", async () => {
    const broken = new Error("quota");
    const fail = (): Promise<never> => Promise.reject(broken);
    const { channel, errors, server } = await createJoined({ get: fail, set: fail, delete: fail, keys: fail });

    const pushed = channel.push("say", 1, { durable: true, id: ID_A });
    await turn();
    server.latest.reply("say", "ok", "done");

    expect(await pushed).toBe("done");
    await turn();
    expect(errors).toEqual([broken, broken, broken]);
  });
});
