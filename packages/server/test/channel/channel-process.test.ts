import { accept, type Channel, type ChannelDefinition, defineChannel, refuse, reply } from "@hutong/server";
import type { PhoenixClient } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { type Bench, createGate, startBench } from "../support.ts";

type Spec = Parameters<typeof defineChannel>[1];

function room(spec: Partial<Spec> = {}): readonly ChannelDefinition[] {
  return [defineChannel("room:*", { join: () => accept(), ...spec })];
}

async function join(bench: Bench, topic = "room:1"): Promise<PhoenixClient> {
  const client = bench.connect();
  client.join(topic);
  await bench.clock.settle();
  client.take();
  return client;
}

function ok(joinRef: string | null, ref: string, response: unknown = {}): unknown {
  return [joinRef, ref, "room:1", "phx_reply", { status: "ok", response }];
}

function closed(joinRef: string | null): unknown {
  return [joinRef, joinRef, "room:1", "phx_close", {}];
}

describe("joined", () => {
  test("runs before any message of the client, and its pushes follow the join's answer", async () => {
    const log: string[] = [];
    await using bench = await startBench(
      room({
        joined: async (channel) => {
          await Promise.resolve();
          log.push("joined");
          channel.push("presence_state", {});
        },
        handle: { add: () => void log.push("add") },
      }),
    );
    const client = bench.connect();

    client.join("room:1");
    client.push("room:1", "add");
    await bench.clock.settle();

    expect(log).toEqual(["joined", "add"]);
    expect(client.take()).toEqual([ok("1", "1"), ["1", null, "room:1", "presence_state", {}]]);
  });

  test("that fails crashes the channel after its answer", async () => {
    await using bench = await startBench(room({ joined: () => Promise.reject(new Error("broken")) }));
    const client = bench.connect();

    client.join("room:1");
    await bench.clock.settle();

    expect(client.take()).toEqual([ok("1", "1"), ["1", "1", "room:1", "phx_error", { reason: "channel_crash" }]]);
    expect(bench.recorder.of("handler_failed")).toMatchObject([{ event: "joined", cause: new Error("broken") }]);
    expect(bench.server.stats()).toMatchObject({ channels: 0, topics: 0 });
  });

  test("may end the channel", async () => {
    await using bench = await startBench(room({ joined: (channel) => channel.stop() }));
    const client = bench.connect();

    client.join("room:1");
    await bench.clock.settle();

    expect(client.take()).toEqual([ok("1", "1"), closed("1")]);
    expect(bench.recorder.of("channel_joined")).toEqual([]);
  });
});

describe("broadcasts around a join", () => {
  test("do not reach a client that is still joining", async () => {
    const gate = createGate();
    await using bench = await startBench(
      room({
        join: async () => {
          await gate.opened;
          return accept();
        },
      }),
    );
    const client = bench.connect();
    client.join("room:1");
    await bench.clock.settle();

    bench.server.broadcast("room:1", "news", { n: 1 });
    gate.open();
    await bench.clock.settle();
    bench.server.broadcast("room:1", "news", { n: 2 });
    await bench.clock.settle();

    expect(client.take()).toEqual([ok("1", "1"), [null, null, "room:1", "news", { n: 2 }]]);
  });

  test("that come once the handler has accepted follow the answer", async () => {
    const accepted = createGate();
    await using bench = await startBench(
      room({
        join: async () => {
          // The last turn of the handler: what follows is the subscription and then the answer.
          queueMicrotask(() => accepted.open());
          return accept();
        },
      }),
    );
    const client = bench.connect();
    client.join("room:1");

    await accepted.opened;
    for (let turn = 0; turn < 8; turn++) {
      bench.server.broadcast("room:1", "news", { turn });
      await Promise.resolve();
    }
    await bench.clock.settle();

    const [answer, ...broadcasts] = client.take();
    expect(answer).toEqual(ok("1", "1"));
    expect(broadcasts.length).toBeGreaterThan(0);
    const turns = broadcasts.map(([, , , , payload]) => (payload as { turn: number }).turn);
    expect(turns).toEqual(turns.toSorted((a, b) => a - b));
    expect(turns.at(-1)).toBe(7);
  });
});

describe("leave", () => {
  test("is answered, then the channel is closed", async () => {
    await using bench = await startBench(room());
    const client = await join(bench);

    client.leave("room:1");
    await bench.clock.settle();

    expect(client.take()).toEqual([ok("1", "2"), closed("1")]);
    expect(bench.server.stats()).toEqual({ connections: 1, channels: 0, topics: 0, subscriptions: 0 });
    expect(bench.recorder.of("channel_ended")).toMatchObject([{ topic: "room:1", reason: "left" }]);
  });

  test("comes after the pushes before it", async () => {
    const gate = createGate();
    await using bench = await startBench(
      room({
        handle: {
          work: async () => {
            await gate.opened;
            return reply({ done: true });
          },
        },
      }),
    );
    const client = await join(bench);

    client.push("room:1", "work");
    client.leave("room:1");
    gate.open();
    await bench.clock.settle();

    expect(client.take()).toEqual([ok("1", "2", { done: true }), ok("1", "3"), closed("1")]);
  });

  test("of a topic that is not joined is answered with ok", async () => {
    await using bench = await startBench(room());
    const client = bench.connect();

    client.sendJson(["5", "6", "room:1", "phx_leave", {}]);
    await bench.clock.settle();

    expect(client.take()).toEqual([ok("5", "6")]);
  });

  test("sent while joining is answered after the join", async () => {
    const gate = createGate();
    await using bench = await startBench(
      room({
        join: async () => {
          await gate.opened;
          return accept();
        },
      }),
    );
    const client = bench.connect();
    client.join("room:1");
    client.leave("room:1");
    await bench.clock.settle();

    gate.open();
    await bench.clock.settle();

    expect(client.take()).toEqual([ok("1", "1"), ok("1", "2"), closed("1")]);
  });
});

describe("messages without a channel", () => {
  const UNMATCHED = { status: "error", response: { reason: "unmatched topic" } };

  test("are answered without a join ref", async () => {
    await using bench = await startBench(room());
    const client = bench.connect();

    client.sendJson(["5", "6", "room:1", "add", {}]);
    await bench.clock.settle();

    expect(client.take()).toEqual([[null, "6", "room:1", "phx_reply", UNMATCHED]]);
  });

  test("that wait when the channel is refused are answered, too", async () => {
    const gate = createGate();
    await using bench = await startBench(
      room({
        join: async () => {
          await gate.opened;
          return refuse("full");
        },
      }),
    );
    const client = bench.connect();
    client.join("room:1");
    client.push("room:1", "add");
    client.leave("room:1");

    gate.open();
    await bench.clock.settle();

    expect(client.take()).toEqual([
      ["1", "1", "room:1", "phx_reply", { status: "error", response: { reason: "full" } }],
      [null, "2", "room:1", "phx_reply", UNMATCHED],
      [null, "3", "room:1", "phx_reply", { status: "ok", response: {} }],
    ]);
  });

  test("of a topic that no definition matches are refused with the join, without a join ref", async () => {
    await using bench = await startBench(room());
    const client = bench.connect();

    client.join("user:1");
    await bench.clock.settle();

    expect(client.take()).toEqual([[null, "1", "user:1", "phx_reply", UNMATCHED]]);
    expect(bench.recorder.of("join_refused")).toMatchObject([{ topic: "user:1", reason: "unmatched topic" }]);
  });
});

describe("a second join of a topic", () => {
  test("is answered, then the first channel is closed, then the new one speaks", async () => {
    await using bench = await startBench(room({ joined: (channel) => channel.push("greeting", {}) }));
    const client = await join(bench);

    client.join("room:1");
    await bench.clock.settle();

    expect(client.take()).toEqual([ok("2", "2"), closed("1"), ["2", null, "room:1", "greeting", {}]]);
    expect(bench.server.stats()).toMatchObject({ channels: 1, subscriptions: 1 });
  });

  test("makes what the first channel was still doing mute", async () => {
    const gate = createGate();
    await using bench = await startBench(
      room({
        handle: {
          work: async (_payload, channel) => {
            await gate.opened;
            channel.push("progress", {});
            return reply();
          },
        },
      }),
    );
    const client = await join(bench);
    client.push("room:1", "work");
    client.push("room:1", "work");

    client.join("room:1");
    await bench.clock.settle();
    const frames = client.take();
    gate.open();
    await bench.clock.settle();

    expect(frames).toEqual([ok("4", "4"), closed("1")]);
    expect(client.take()).toEqual([]);
  });

  test("while the first is still joining is answered once, then the first is closed", async () => {
    const gates = [createGate(), createGate()];
    let joins = 0;
    await using bench = await startBench(
      room({
        join: async () => {
          const gate = gates[joins++];
          await gate?.opened;
          return accept();
        },
      }),
    );
    const client = bench.connect();
    client.join("room:1");
    client.join("room:1");
    await bench.clock.settle();

    for (const gate of gates) gate.open();
    await bench.clock.settle();

    expect(client.take()).toEqual([ok("2", "2"), closed("1")]);
  });

  test("that is refused still closes the first channel", async () => {
    let joins = 0;
    await using bench = await startBench(room({ join: () => (joins++ === 0 ? accept() : refuse("banned")) }));
    const client = await join(bench);

    client.join("room:1");
    await bench.clock.settle();

    expect(client.take()).toEqual([
      ["2", "2", "room:1", "phx_reply", { status: "error", response: { reason: "banned" } }],
      closed("1"),
    ]);
    expect(bench.server.stats()).toMatchObject({ channels: 0, subscriptions: 0 });
  });

  test("three times in a row closes the two before it", async () => {
    const gate = createGate();
    await using bench = await startBench(
      room({
        join: async () => {
          await gate.opened;
          return accept();
        },
      }),
    );
    const client = bench.connect();
    for (let count = 0; count < 3; count++) client.join("room:1");

    gate.open();
    await bench.clock.settle();

    expect(client.take()).toEqual([ok("3", "3"), closed("1"), closed("2")]);
  });

  test("on another connection is independent", async () => {
    await using bench = await startBench(room());
    const first = await join(bench);

    const second = await join(bench);
    bench.server.broadcast("room:1", "news", {});
    await bench.clock.settle();

    expect(first.take()).toEqual([[null, null, "room:1", "news", {}]]);
    expect(second.take()).toEqual([[null, null, "room:1", "news", {}]]);
  });
});

describe("join refs", () => {
  test("of an earlier join make a message stale: it is dropped in silence", async () => {
    const handled: unknown[] = [];
    await using bench = await startBench(room({ handle: { add: (payload) => void handled.push(payload) } }));
    const client = await join(bench);
    client.join("room:1");
    await bench.clock.settle();
    client.take();

    client.sendJson(["1", "8", "room:1", "add", "stale"]);
    client.sendJson(["1", "9", "room:1", "phx_leave", {}]);
    client.sendJson(["2", "10", "room:1", "add", "fresh"]);
    await bench.clock.settle();

    expect(handled).toEqual(["fresh"]);
    expect(client.take()).toEqual([]);
  });

  test("of null reach the current channel", async () => {
    await using bench = await startBench(room({ handle: { add: () => reply() } }));
    const client = await join(bench);

    client.sendJson([null, "8", "room:1", "add", {}]);
    await bench.clock.settle();

    expect(client.take()).toEqual([ok("1", "8")]);
  });

  test("are compared with their type", async () => {
    const handled: unknown[] = [];
    await using bench = await startBench(room({ handle: { add: (payload) => void handled.push(payload) } }));
    const client = bench.connect();
    client.sendJson([1, 1, "room:1", "phx_join", {}]);
    client.sendJson(["1", "2", "room:1", "add", "text"]);
    client.sendJson([1, 3, "room:1", "add", "number"]);
    await bench.clock.settle();

    expect(handled).toEqual(["number"]);
    expect(client.take()).toEqual([[1, 1, "room:1", "phx_reply", { status: "ok", response: {} }]]);
  });

  test("that a join left out are replaced by its ref in pushes and replies, not in the end", async () => {
    await using bench = await startBench(
      room({ joined: (channel) => channel.push("greeting", {}), handle: { add: () => reply() } }),
    );
    const client = bench.connect();

    client.sendJson([null, "4", "room:1", "phx_join", {}]);
    client.sendJson([null, "5", "room:1", "add", {}]);
    client.sendJson([null, "6", "room:1", "phx_leave", {}]);
    await bench.clock.settle();

    expect(client.take()).toEqual([
      ok(null, "4"),
      ["4", null, "room:1", "greeting", {}],
      ok("4", "5"),
      ok("4", "6"),
      closed(null),
    ]);
  });
});

describe("the limit of channels", () => {
  test("refuses one more, with the join ref", async () => {
    await using bench = await startBench(room());
    const client = bench.connect({ limits: { maxChannels: 2 } });

    for (const topic of ["room:1", "room:2", "room:3"]) client.join(topic);
    await bench.clock.settle();

    expect(client.take()).toContainEqual([
      "3",
      "3",
      "room:3",
      "phx_reply",
      { status: "error", response: { reason: "too many channels joined" } },
    ]);
    expect(bench.server.stats().channels).toBe(2);
  });

  test("lets a joined topic be joined again", async () => {
    await using bench = await startBench(room());
    const client = bench.connect({ limits: { maxChannels: 1 } });
    client.join("room:1");
    await bench.clock.settle();
    client.take();

    client.join("room:1");
    await bench.clock.settle();

    expect(client.take()).toEqual([ok("2", "2"), closed("1")]);
  });

  test("has room again after a leave", async () => {
    await using bench = await startBench(room());
    const client = bench.connect({ limits: { maxChannels: 1 } });
    client.join("room:1");
    await bench.clock.settle();
    client.leave("room:1");
    await bench.clock.settle();
    client.take();

    client.join("room:2");
    await bench.clock.settle();

    expect(client.take()).toEqual([["3", "3", "room:2", "phx_reply", { status: "ok", response: {} }]]);
  });
});

describe("terminate", () => {
  interface Ended {
    readonly reasons: string[];
    readonly definitions: readonly ChannelDefinition[];
  }

  function recording(spec: Partial<Spec> = {}): Ended {
    const reasons: string[] = [];
    return { reasons, definitions: room({ terminate: (_channel, reason) => void reasons.push(reason), ...spec }) };
  }

  test.each([
    ["left", (client: PhoenixClient) => void client.leave("room:1")],
    ["closed", (client: PhoenixClient) => client.close()],
    ["replaced", (client: PhoenixClient) => void client.join("room:1")],
    ["crashed", (client: PhoenixClient) => void client.push("room:1", "fail")],
    ["enough", (client: PhoenixClient) => void client.push("room:1", "quit")],
    ["unknown_event", (client: PhoenixClient) => void client.push("room:1", "nonsense")],
  ])("runs once with the reason %s", async (reason, act) => {
    const { reasons, definitions } = recording({
      handle: {
        fail: () => Promise.reject(new Error("broken")),
        quit: (_payload, channel) => channel.stop("enough"),
      },
    });
    await using bench = await startBench(definitions);
    const client = await join(bench);

    act(client);
    await bench.clock.settle();

    expect(reasons).toEqual([reason]);
    expect(bench.recorder.of("channel_ended")).toMatchObject([{ reason }]);
  });

  test("does not run for a join that was refused", async () => {
    const { reasons, definitions } = recording({ join: () => refuse("no") });
    await using bench = await startBench(definitions);

    await join(bench);

    expect(reasons).toEqual([]);
  });

  test("runs after a handler that is still at work", async () => {
    const gate = createGate();
    const log: string[] = [];
    await using bench = await startBench(
      room({
        handle: {
          work: async () => {
            await gate.opened;
            log.push("work ends");
          },
        },
        terminate: () => void log.push("terminate"),
      }),
    );
    const client = await join(bench);
    client.push("room:1", "work");

    client.close();
    gate.open();
    await bench.clock.settle();

    expect(log).toEqual(["work ends", "terminate"]);
  });

  test("pushes after the message that ended the channel", async () => {
    await using bench = await startBench(room({ terminate: (channel) => channel.push("bye", {}) }));
    const client = await join(bench);

    client.leave("room:1");
    await bench.clock.settle();

    expect(client.take()).toEqual([ok("1", "2"), closed("1"), ["1", null, "room:1", "bye", {}]]);
  });

  test("that fails is reported and harms nothing", async () => {
    await using bench = await startBench(room({ terminate: () => Promise.reject(new Error("broken")) }));
    const client = await join(bench);

    client.leave("room:1");
    await bench.clock.settle();

    expect(client.take()).toEqual([ok("1", "2"), closed("1")]);
    expect(bench.recorder.of("handler_failed")).toMatchObject([{ event: "terminate", cause: new Error("broken") }]);
  });
});

describe("timers", () => {
  const ticking = room({ timers: [{ everyMs: 1_000, run: (channel) => channel.push("tick", {}) }] });
  const TICK = ["1", null, "room:1", "tick", {}];

  test("run at their interval while the channel is joined", async () => {
    await using bench = await startBench(ticking);
    const client = await join(bench);

    await bench.clock.advance(999);
    const early = client.take();
    await bench.clock.advance(2_001);

    expect(early).toEqual([]);
    expect(client.take()).toEqual([TICK, TICK, TICK]);
  });

  test("end with the channel", async () => {
    await using bench = await startBench(ticking);
    const client = await join(bench);
    const timersBefore = bench.clock.timerCount;

    client.leave("room:1");
    await bench.clock.settle();
    client.take();
    await bench.clock.advance(2_000);

    expect(client.take()).toEqual([]);
    expect(timersBefore - bench.clock.timerCount).toBe(1);
  });

  test("wait for a handler that is at work", async () => {
    const gate = createGate();
    const log: string[] = [];
    await using bench = await startBench(
      room({
        handle: {
          work: async () => {
            await gate.opened;
            log.push("work ends");
          },
        },
        timers: [{ everyMs: 1_000, run: () => void log.push("tick") }],
      }),
    );
    const client = await join(bench);
    client.push("room:1", "work");

    await bench.clock.advance(1_000);
    gate.open();
    await bench.clock.settle();

    expect(log).toEqual(["work ends", "tick"]);
  });

  test("that fall due while they wait run once, and leave room for pushes", async () => {
    const gate = createGate();
    const log: string[] = [];
    await using bench = await startBench(
      room({
        handle: { work: () => gate.opened, rest: () => void log.push("rest") },
        timers: [{ everyMs: 1_000, run: () => void log.push("tick") }],
      }),
      { limits: { maxPendingMessages: 2 } },
    );
    const client = await join(bench);
    client.push("room:1", "work");

    await bench.clock.advance(5_000);
    client.push("room:1", "rest");
    gate.open();
    await bench.clock.settle();

    expect(log).toEqual(["tick", "rest"]);
  });

  test("that fail crash the channel", async () => {
    await using bench = await startBench(
      room({
        timers: [
          {
            everyMs: 1_000,
            run: () => {
              throw new Error("broken");
            },
          },
        ],
      }),
    );
    const client = await join(bench);

    await bench.clock.advance(1_000);

    expect(client.take()).toEqual([["1", "1", "room:1", "phx_error", { reason: "channel_crash" }]]);
    expect(bench.recorder.of("handler_failed")).toHaveLength(1);
  });
});

describe("intercept", () => {
  test("is called for each subscriber instead of sending", async () => {
    await using bench = await startBench(
      room({
        join: ({ params }) => accept({ assigns: { name: (params as { name: string }).name } }),
        intercept: {
          secret: (payload, channel) => {
            if (channel.assigns["name"] === "ann") channel.push("secret", payload);
          },
        },
      }),
    );
    const [ann, bob] = [bench.connect(), bench.connect()];
    ann.join("room:1", { name: "ann" });
    bob.join("room:1", { name: "bob" });
    await bench.clock.settle();
    ann.take();
    bob.take();

    bench.server.broadcast("room:1", "secret", { n: 1 });
    bench.server.broadcast("room:1", "open", { n: 2 });
    await bench.clock.settle();

    expect(ann.take()).toEqual([
      ["1", null, "room:1", "secret", { n: 1 }],
      [null, null, "room:1", "open", { n: 2 }],
    ]);
    expect(bob.take()).toEqual([[null, null, "room:1", "open", { n: 2 }]]);
  });

  test("that fails crashes only its own channel", async () => {
    await using bench = await startBench(
      room({
        intercept: {
          secret: (_payload, channel) => {
            if (channel.connection.socketId === "ann") throw new Error("broken");
            channel.push("secret", {});
          },
        },
      }),
    );
    const [ann, bob] = [bench.connect({ admission: { id: "ann" } }), bench.connect({ admission: { id: "bob" } })];
    for (const client of [ann, bob]) client.join("room:1");
    await bench.clock.settle();
    for (const client of [ann, bob]) client.take();

    bench.server.broadcast("room:1", "secret", {});
    await bench.clock.settle();

    expect(ann.take()).toEqual([["1", "1", "room:1", "phx_error", { reason: "channel_crash" }]]);
    expect(bob.take()).toEqual([["1", null, "room:1", "secret", {}]]);
  });
});

describe("assigns", () => {
  test("are those of the connection and those of the join", async () => {
    const seen: unknown[] = [];
    await using bench = await startBench(
      room({ join: () => accept({ assigns: { role: "host" } }), joined: (channel) => void seen.push(channel.assigns) }),
    );
    const client = bench.connect({ admission: { assigns: { user: 7, role: "guest" } } });

    client.join("room:1");
    await bench.clock.settle();

    expect(seen).toEqual([{ user: 7, role: "host" }]);
  });

  test("of one channel change neither the connection's nor another channel's", async () => {
    const channels: Channel[] = [];
    await using bench = await startBench(room({ joined: (channel) => void channels.push(channel) }));
    const admission = { assigns: { user: 7 } };
    const client = bench.connect({ admission });
    for (const topic of ["room:1", "room:2"]) client.join(topic);
    await bench.clock.settle();

    const [first, second] = channels;
    if (first !== undefined) first.assigns["user"] = 8;

    expect([second?.assigns["user"], second?.connection.assigns["user"], admission.assigns.user]).toEqual([7, 7, 7]);
    expect(first?.assigns["user"]).toBe(8);
  });
});

describe("a payload that is left out", () => {
  test("goes out as an empty object", async () => {
    await using bench = await startBench(
      room({
        handle: {
          go: (_payload, channel) => {
            channel.push("pushed", undefined);
            channel.broadcast("told", undefined);
          },
        },
      }),
    );
    const client = await join(bench);

    client.push("room:1", "go");
    await bench.clock.settle();

    expect(client.take()).toEqual([
      ["1", null, "room:1", "pushed", {}],
      [null, null, "room:1", "told", {}],
    ]);
  });
});
