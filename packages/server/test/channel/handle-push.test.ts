import {
  accept,
  type Channel,
  type ChannelDefinition,
  crash,
  defineChannel,
  refuse,
  reply,
  stop,
} from "@hutong/server";
import type { PhoenixClient } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type Bench, type BenchOptions, createGate, startBench } from "../support.ts";

type Handle = NonNullable<Parameters<typeof defineChannel>[1]["handle"]>;

interface Joined extends AsyncDisposable {
  readonly bench: Bench;
  readonly client: PhoenixClient;
  /** Pushes to the joined channel and gives what the client received. */
  push(event: string, payload?: unknown): Promise<readonly unknown[]>;
}

async function joinRoom(handle: Handle, options: BenchOptions = {}): Promise<Joined> {
  return joinWith(defineChannel("room:*", { join: () => accept(), handle }), options);
}

async function joinWith(definition: ChannelDefinition, options: BenchOptions = {}): Promise<Joined> {
  const bench = await startBench([definition], options);
  const client = bench.connect();
  client.join("room:1");
  await bench.clock.settle();
  client.take();
  return {
    bench,
    client,
    push: async (event, payload) => {
      client.push("room:1", event, payload);
      await bench.clock.settle();
      return client.take();
    },
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

const CRASHED = ["1", "1", "room:1", "phx_error", { reason: "channel_crash" }];
const CLOSED = ["1", "1", "room:1", "phx_close", {}];

function replied(ref: string, status: string, response: unknown): unknown {
  return ["1", ref, "room:1", "phx_reply", { status, response }];
}

function unmatched(ref: string): unknown {
  return [null, ref, "room:1", "phx_reply", { status: "error", response: { reason: "unmatched topic" } }];
}

test("a handler whose presence update comes too fast answers with the wait, and the channel lives on", async () => {
  const update = (_payload: unknown, { presence }: Channel): void => void presence.update("me", {});
  const definition = defineChannel("room:*", {
    join: () => accept(),
    joined: ({ presence }) => void presence.track("me"),
    handle: { update, ping: () => reply() },
  });
  await using room = await joinWith(definition, { presence: { maxUpdates: 1, updateWindowMs: 1_000 } });
  await room.push("update");

  const answers = await room.push("update");

  expect(answers).toEqual([replied("3", "error", { reason: "rate_limited", retry_after_ms: 1_000 })]);
  expect(await room.push("ping")).toEqual([replied("4", "ok", {})]);
});

describe("a handler that gives", () => {
  test("nothing sends nothing", async () => {
    await using room = await joinRoom({ note: () => {} });

    expect(await room.push("note")).toEqual([]);
  });

  test("a reply answers the push", async () => {
    await using room = await joinRoom({ add: () => reply({ id: 7 }) });

    expect(await room.push("add")).toEqual([replied("2", "ok", { id: 7 })]);
  });

  test("a reply with a word of its own answers with it", async () => {
    await using room = await joinRoom({ add: () => reply({ id: 7 }, "queued") });

    expect(await room.push("add")).toEqual([replied("2", "queued", { id: 7 })]);
  });

  test("a refusal answers with an error", async () => {
    await using room = await joinRoom({ add: () => refuse("full") });

    expect(await room.push("add")).toEqual([replied("2", "error", { reason: "full" })]);
  });

  test("stop ends the channel as intended", async () => {
    await using room = await joinRoom({ quit: () => stop() });

    expect(await room.push("quit")).toEqual([CLOSED]);
    expect(await room.push("quit")).toEqual([unmatched("3")]);
    expect(room.bench.recorder.of("channel_ended")).toMatchObject([{ reason: "normal" }]);
  });

  test("stop with an answer answers first", async () => {
    await using room = await joinRoom({ quit: () => stop("moved", reply({ to: "room:2" })) });

    expect(await room.push("quit")).toEqual([replied("2", "ok", { to: "room:2" }), CLOSED]);
  });

  test("crash ends the channel so that the client joins again", async () => {
    await using room = await joinRoom({ fail: () => crash("stale", refuse("stale")) });

    expect(await room.push("fail")).toEqual([replied("2", "error", { reason: "stale" }), CRASHED]);
    expect(room.bench.recorder.of("channel_ended")).toMatchObject([{ reason: "stale" }]);
  });

  test("bytes answers with a binary frame", async () => {
    await using room = await joinRoom({ add: () => reply(Uint8Array.of(1, 2, 255)) });

    expect(await room.push("add")).toEqual([replied("2", "ok", Uint8Array.of(1, 2, 255))]);
  });

  test("what is no result crashes the channel", async () => {
    // A handler without types.
    const untyped = (() => "ok") as unknown as () => void;
    await using room = await joinRoom({ add: untyped });

    expect(await room.push("add")).toEqual([CRASHED]);
    expect(room.bench.recorder.of("handler_failed")).toMatchObject([
      {
        event: "add",
        cause: new TypeError('the handler of "add" must return nothing, reply(…), refuse(…), stop(…) or crash(…)'),
      },
    ]);
  });

  test("a reply that JSON cannot carry crashes the channel", async () => {
    await using room = await joinRoom({ add: () => reply({ n: 1n }) });

    expect(await room.push("add")).toEqual([CRASHED]);
  });
});

describe("a handler that fails", () => {
  test.each([
    [
      "throws",
      () => {
        throw new Error("broken");
      },
    ],
    ["rejects", () => Promise.reject(new Error("broken"))],
  ])("because it %s crashes its channel and leaves the connection and the other channels", async (_how, broken) => {
    await using room = await joinRoom({ fail: broken, add: () => reply() });
    room.client.join("room:2");
    await room.bench.clock.settle();
    room.client.take();

    const frames = await room.push("fail");
    room.client.push("room:2", "add");
    await room.bench.clock.settle();

    expect(frames).toEqual([CRASHED]);
    expect(room.bench.recorder.of("handler_failed")).toMatchObject([
      { topic: "room:1", event: "fail", cause: new Error("broken") },
    ]);
    expect(room.client.take()).toEqual([["2", "4", "room:2", "phx_reply", { status: "ok", response: {} }]]);
  });

  test("says nothing of the cause to the client", async () => {
    await using room = await joinRoom({
      fail: () => {
        throw new Error("password is hunter2");
      },
    });

    expect(JSON.stringify(await room.push("fail"))).not.toContain("hunter2");
  });
});

describe("an event without a handler", () => {
  test("crashes the channel, as in Phoenix", async () => {
    await using room = await joinRoom({});

    expect(await room.push("nonsense")).toEqual([CRASHED]);
    expect(room.bench.recorder.of("message_refused")).toMatchObject([{ event: "nonsense", code: "unknown_event" }]);
  });

  test.each(["__proto__", "constructor", "toString"])("named %s is no handler either", async (event) => {
    await using room = await joinRoom({ add: () => reply() });

    expect(await room.push(event)).toEqual([CRASHED]);
  });

  test("is named in telemetry by 80 characters at most", async () => {
    await using room = await joinRoom({});

    await room.push("x".repeat(1_000));

    expect(room.bench.recorder.of("message_refused")[0]?.event).toHaveLength(80);
  });
});

describe("a payload", () => {
  const say = defineChannel("room:*", {
    receives: {
      say: { payload: z.object({ body: z.string().trim().min(1) }), reply: z.object({ heard: z.string() }) },
    },
    join: () => accept(),
    handle: { say: ({ body }) => reply({ heard: body }) },
  });

  test("reaches the handler as the schema gives it out", async () => {
    await using room = await joinWith(say);

    expect(await room.push("say", { body: "  hi " })).toEqual([replied("2", "ok", { heard: "hi" })]);
  });

  test("that does not fit is refused with what is wrong, and the channel goes on", async () => {
    await using room = await joinWith(say);

    expect(await room.push("say", { body: "" })).toEqual([
      replied("2", "error", { reason: "invalid_payload", issues: [{ path: "body", message: expect.any(String) }] }),
    ]);
    expect(await room.push("say", { body: "hi" })).toEqual([replied("3", "ok", { heard: "hi" })]);
    expect(room.bench.recorder.of("message_refused")).toMatchObject([{ event: "say", code: "invalid_payload" }]);
  });

  test("that a schema fails on crashes the channel", async () => {
    const broken = z.string().refine(() => {
      throw new Error("broken schema");
    });
    const definition = defineChannel("room:*", {
      receives: { say: { payload: broken } },
      join: () => accept(),
      handle: { say: () => {} },
    });
    await using room = await joinWith(definition);

    expect(await room.push("say", "hi")).toEqual([CRASHED]);
  });

  test("of bytes reaches the handler as bytes", async () => {
    const seen: unknown[] = [];
    await using room = await joinRoom({ upload: (payload) => void seen.push(payload) });

    await room.push("upload", Uint8Array.of(9, 8, 7));

    expect(seen.map((payload) => payload instanceof Uint8Array && [...payload])).toEqual([[9, 8, 7]]);
  });

  test.each([[null], [[1, 2]], ["text"], [5], [false]])("of %j reaches the handler as it is", async (payload) => {
    const seen: unknown[] = [];
    await using room = await joinRoom({ take: (value) => void seen.push(value) });

    await room.push("take", payload);

    expect(seen).toEqual([payload]);
  });
});

describe("handlers of one channel", () => {
  test("run one at a time, in the order of the pushes", async () => {
    const gate = createGate();
    const log: string[] = [];
    await using room = await joinRoom({
      slow: async () => {
        log.push("slow begins");
        await gate.opened;
        log.push("slow ends");
      },
      fast: () => void log.push("fast"),
    });

    room.client.push("room:1", "slow");
    room.client.push("room:1", "fast");
    await room.bench.clock.settle();
    gate.open();
    await room.bench.clock.settle();

    expect(log).toEqual(["slow begins", "slow ends", "fast"]);
  });

  test("hold up no other channel and no heartbeat", async () => {
    const gate = createGate();
    await using room = await joinRoom({ slow: () => gate.opened, fast: () => reply() });
    room.client.join("room:2");
    await room.bench.clock.settle();
    room.client.take();

    room.client.push("room:1", "slow");
    room.client.push("room:2", "fast");
    room.client.sendJson([null, "9", "phoenix", "heartbeat", {}]);
    await room.bench.clock.settle();
    gate.open();

    expect(room.client.take().map(([, ref]) => ref)).toEqual(["4", "9"]);
  });

  test("answer in the order of the pushes", async () => {
    await using room = await joinRoom({
      slow: async () => {
        await Promise.resolve();
        return reply({ n: "slow" });
      },
      fast: () => reply({ n: "fast" }),
    });

    room.client.push("room:1", "slow");
    room.client.push("room:1", "fast");
    await room.bench.clock.settle();

    expect(room.client.take()).toEqual([replied("2", "ok", { n: "slow" }), replied("3", "ok", { n: "fast" })]);
  });

  test("send what they push before their reply", async () => {
    await using room = await joinRoom({
      add: (_payload, channel) => {
        channel.push("added", { n: 1 });
        channel.broadcast("all", { n: 2 });
        return reply();
      },
    });

    expect(await room.push("add")).toEqual([
      ["1", null, "room:1", "added", { n: 1 }],
      [null, null, "room:1", "all", { n: 2 }],
      replied("2", "ok", {}),
    ]);
  });
});

describe("an answer outside the handler", () => {
  test("goes to the push that it was given for", async () => {
    const gate = createGate();
    await using room = await joinRoom({
      later: (_payload, _channel, answer) => void gate.opened.then(() => answer(reply({ late: true }))),
      add: () => reply(),
    });
    room.client.push("room:1", "later");
    room.client.push("room:1", "add");
    await room.bench.clock.settle();
    const before = room.client.take();

    gate.open();
    await room.bench.clock.settle();

    expect(before).toEqual([replied("3", "ok", {})]);
    expect(room.client.take()).toEqual([replied("2", "ok", { late: true })]);
  });

  test("may come more than once, in order", async () => {
    await using room = await joinRoom({
      steps: (_payload, _channel, answer) => {
        answer(reply({ step: 1 }, "progress"));
        answer(refuse("gave up"));
      },
    });

    expect(await room.push("steps")).toEqual([
      replied("2", "progress", { step: 1 }),
      replied("2", "error", { reason: "gave up" }),
    ]);
  });

  test("is dropped when the channel has ended", async () => {
    const gate = createGate();
    await using room = await joinRoom({
      later: (_payload, _channel, answer) => void gate.opened.then(() => answer(reply())),
    });
    await room.push("later");
    room.client.leave("room:1");
    await room.bench.clock.settle();
    room.client.take();

    gate.open();
    await room.bench.clock.settle();

    expect(room.client.take()).toEqual([]);
  });
});

describe("too many waiting messages", () => {
  test("are refused, and those that wait are handled", async () => {
    const gate = createGate();
    const handled: unknown[] = [];
    await using room = await joinRoom(
      {
        work: async (payload) => {
          await gate.opened;
          handled.push(payload);
        },
      },
      { limits: { maxPendingMessages: 2 } },
    );

    for (const n of [1, 2, 3, 4]) room.client.push("room:1", "work", n);
    await room.bench.clock.settle();
    const refused = room.client.take();
    gate.open();
    await room.bench.clock.settle();

    expect(refused).toEqual([replied("5", "error", { reason: "overloaded" })]);
    expect(handled).toEqual([1, 2, 3]);
    expect(room.bench.recorder.of("message_refused")).toMatchObject([{ event: "work", code: "overloaded" }]);
  });

  test("do not keep a client from leaving", async () => {
    const gate = createGate();
    await using room = await joinRoom({ work: () => gate.opened }, { limits: { maxPendingMessages: 1 } });
    for (let count = 0; count < 2; count++) room.client.push("room:1", "work");

    room.client.leave("room:1");
    gate.open();
    await room.bench.clock.settle();

    expect(room.client.take()).toEqual([replied("4", "ok", {}), CLOSED]);
  });
});
