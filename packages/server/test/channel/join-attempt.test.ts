import { accept, type ChannelDefinition, defineChannel, refuse } from "@hutong/server";
import type { Broker, Envelope } from "@hutong/server/plugin";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createGate, startBench } from "../support.ts";

const REFUSED_FRAME = ["1", "1", "room:1", "phx_reply"] as const;

function roomWith(join: Parameters<typeof defineChannel>[1]["join"]): readonly ChannelDefinition[] {
  return [defineChannel("room:*", { join })];
}

describe("a join", () => {
  test("that is accepted is answered with the response", async () => {
    await using bench = await startBench(roomWith(() => accept({ response: { seats: 3 } })));
    const client = bench.connect();

    client.join("room:1");
    await bench.clock.settle();

    expect(client.take()).toEqual([["1", "1", "room:1", "phx_reply", { status: "ok", response: { seats: 3 } }]]);
    expect(bench.recorder.of("channel_joined")).toMatchObject([{ topic: "room:1", durationMs: 0 }]);
  });

  test("whose handler answers at once is over within the call, and holds no timer", async () => {
    await using bench = await startBench(roomWith(() => accept()));
    const first = bench.connect();
    first.join("room:1");
    await bench.clock.settle();
    const timerCount = bench.clock.timerCount;

    bench.connect().join("room:1");

    expect(bench.recorder.of("channel_joined")).toHaveLength(2);
    expect(bench.clock.timerCount).toBe(timerCount + 1); // the second connection's heartbeat
  });

  test("that is refused is answered with the reason", async () => {
    await using bench = await startBench(roomWith(() => refuse("unauthorized")));
    const client = bench.connect();

    client.join("room:1");
    await bench.clock.settle();

    expect(client.take()).toEqual([[...REFUSED_FRAME, { status: "error", response: { reason: "unauthorized" } }]]);
    expect(bench.recorder.of("join_refused")).toMatchObject([{ topic: "room:1", reason: "unauthorized" }]);
    expect(bench.server.stats()).toMatchObject({ channels: 0, topics: 0 });
  });

  test("that is refused without a reason is reported as such", async () => {
    await using bench = await startBench(roomWith(() => refuse({ retryInMs: 5 })));
    const client = bench.connect();

    client.join("room:1");
    await bench.clock.settle();

    expect(client.take()).toEqual([[...REFUSED_FRAME, { status: "error", response: { retryInMs: 5 } }]]);
    expect(bench.recorder.of("join_refused")).toMatchObject([{ reason: "join_refused" }]);
  });

  test.each([
    ["throws", () => Promise.reject(new Error("database is down"))],
    [
      "throws at once",
      () => {
        throw new Error("database is down");
      },
    ],
  ])("whose handler %s is answered as crashed, with the cause in telemetry only", async (_how, join) => {
    await using bench = await startBench(roomWith(join));
    const client = bench.connect();

    client.join("room:1");
    await bench.clock.settle();

    expect(client.take()).toEqual([[...REFUSED_FRAME, { status: "error", response: { reason: "join crashed" } }]]);
    expect(bench.recorder.of("join_failed")).toMatchObject([{ topic: "room:1", cause: new Error("database is down") }]);
    expect(bench.server.stats().connections).toBe(1);
  });

  test.each([[undefined], [true], [{}], [{ kind: "reply" }], [null]])(
    "whose handler gives %j is answered as crashed",
    async (result) => {
      // A handler without types.
      const join = (() => result) as unknown as () => ReturnType<typeof accept>;
      await using bench = await startBench(roomWith(join));
      const client = bench.connect();

      client.join("room:1");
      await bench.clock.settle();

      expect(client.take()).toEqual([[...REFUSED_FRAME, { status: "error", response: { reason: "join crashed" } }]]);
    },
  );

  test.each([
    ["accepted", () => accept({ response: { n: 1n } })],
    ["refused", () => refuse({ n: 1n })],
  ])("that is %s with what JSON cannot carry is answered as crashed", async (_outcome, join) => {
    await using bench = await startBench(roomWith(join));
    const client = bench.connect();

    client.join("room:1");
    await bench.clock.settle();

    expect(client.take()).toEqual([[...REFUSED_FRAME, { status: "error", response: { reason: "join crashed" } }]]);
    expect(bench.recorder.of("join_failed")).toHaveLength(1);
    expect(bench.server.stats()).toMatchObject({ channels: 0, topics: 0 });
  });

  test("knows its topic, its parameters and its connection", async () => {
    const seen: unknown[] = [];
    await using bench = await startBench(
      roomWith(({ topic, params, connection }) => {
        seen.push(
          topic,
          params,
          connection.assigns,
          connection.socketId,
          connection.transport,
          connection.wireProtocol,
        );
        return accept();
      }),
    );
    const client = bench.connect({ admission: { id: "users:7", assigns: { user: 7 } } });

    client.join("room:1", { nickname: "panda" });
    await bench.clock.settle();

    expect(seen).toEqual(["room:1", { nickname: "panda" }, { user: 7 }, "users:7", "loopback", "phoenix-2"]);
  });
});

describe("parameters", () => {
  const room = defineChannel("room:*", {
    params: z.object({ seat: z.coerce.number() }),
    join: ({ params }) => accept({ response: { seat: params.seat } }),
  });

  test("reach the handler as the schema gives them out", async () => {
    await using bench = await startBench([room]);
    const client = bench.connect();

    client.join("room:1", { seat: "5" });
    await bench.clock.settle();

    expect(client.take()[0]?.[4]).toEqual({ status: "ok", response: { seat: 5 } });
  });

  test("that do not fit are refused, with what is wrong", async () => {
    await using bench = await startBench([room]);
    const client = bench.connect();

    client.join("room:1", { seat: "x" });
    await bench.clock.settle();

    expect(client.take()).toEqual([
      [
        ...REFUSED_FRAME,
        {
          status: "error",
          response: { reason: "invalid_params", issues: [{ path: "seat", message: expect.any(String) }] },
        },
      ],
    ]);
  });
});

describe("a join that takes too long", () => {
  test("is refused after the join timeout, and its signal is aborted", async () => {
    let signal: AbortSignal | undefined;
    const gate = createGate();
    await using bench = await startBench(
      roomWith(async (context) => {
        signal = context.signal;
        await gate.opened;
        return accept();
      }),
      { limits: { joinTimeoutMs: 3_000 } },
    );
    const client = bench.connect();
    client.join("room:1");

    await bench.clock.advance(2_999);
    const before = [client.take(), signal?.aborted];
    await bench.clock.advance(1);

    expect(before).toEqual([[], false]);
    expect(client.take()).toEqual([[...REFUSED_FRAME, { status: "error", response: { reason: "join_timeout" } }]]);
    expect(signal?.aborted).toBe(true);
  });

  test("changes nothing when it is accepted later", async () => {
    const gate = createGate();
    await using bench = await startBench(
      roomWith(async () => {
        await gate.opened;
        return accept();
      }),
    );
    const client = bench.connect();
    client.join("room:1");
    await bench.clock.advance(8_000);
    client.take();

    gate.open();
    await bench.clock.settle();

    expect(client.take()).toEqual([]);
    expect(bench.server.stats()).toMatchObject({ channels: 0, topics: 0 });
  });

  test("does not hold up heartbeats or other joins", async () => {
    const gate = createGate();
    await using bench = await startBench(
      roomWith(async ({ topic }) => {
        if (topic === "room:slow") await gate.opened;
        return accept();
      }),
    );
    const client = bench.connect();

    client.join("room:slow");
    client.join("room:fast");
    client.sendJson([null, "9", "phoenix", "heartbeat", {}]);
    await bench.clock.settle();
    const before = client.take();
    gate.open();
    await bench.clock.settle();

    expect(before.map(([, ref]) => ref)).toEqual(["9", "2"]);
    expect(client.take().map(([, ref]) => ref)).toEqual(["1"]);
  });

  test("leaves no timer behind once it is answered", async () => {
    await using bench = await startBench(roomWith(() => accept()));
    const client = bench.connect();
    const timersBefore = bench.clock.timerCount;

    client.join("room:1");
    await bench.clock.settle();

    expect(bench.clock.timerCount).toBe(timersBefore);
  });

  test("because the broker hangs is refused, too", async () => {
    await using bench = await startBench(
      roomWith(() => accept()),
      { broker: new HangingBroker() },
    );
    const client = bench.connect();

    client.join("room:1");
    await bench.clock.advance(8_000);

    expect(client.take()).toEqual([[...REFUSED_FRAME, { status: "error", response: { reason: "join_timeout" } }]]);
    expect(bench.server.stats()).toMatchObject({ channels: 0, topics: 0 });
  });
});

describe("a join whose connection goes away", () => {
  test("has its signal aborted, and nobody is joined", async () => {
    let signal: AbortSignal | undefined;
    const gate = createGate();
    await using bench = await startBench(
      roomWith(async (context) => {
        signal = context.signal;
        await gate.opened;
        return accept();
      }),
    );
    const client = bench.connect();
    client.join("room:1");
    await bench.clock.settle();

    client.close();
    const isAborted = signal?.aborted;
    gate.open();
    await bench.clock.settle();

    expect(isAborted).toBe(true);
    expect(bench.server.stats()).toEqual({ connections: 0, channels: 0, topics: 0, subscriptions: 0 });
    expect(bench.recorder.of("channel_joined")).toEqual([]);
  });

  test("gives an aborted signal to a handler that asks for it late", async () => {
    const gate = createGate();
    const aborted: boolean[] = [];
    await using bench = await startBench(
      roomWith(async (context) => {
        await gate.opened;
        aborted.push(context.signal.aborted);
        return accept();
      }),
    );
    const client = bench.connect();
    client.join("room:1");
    client.close();

    gate.open();
    await bench.clock.settle();

    expect(aborted).toEqual([true]);
  });
});

test("a join that the broker refuses is answered as crashed", async () => {
  await using bench = await startBench(
    roomWith(() => accept()),
    { broker: new RefusingBroker() },
  );
  const client = bench.connect();

  client.join("room:1");
  await bench.clock.settle();

  expect(client.take()).toEqual([[...REFUSED_FRAME, { status: "error", response: { reason: "join crashed" } }]]);
  expect(bench.recorder.of("join_failed")).toMatchObject([{ cause: new Error("out of reach") }]);
  expect(bench.server.stats()).toMatchObject({ channels: 0, topics: 0 });
});

/** A broker that takes subscriptions of rooms and says nothing. */
class HangingBroker implements Broker {
  async start(): Promise<void> {}

  subscribe(topic: string): Promise<void> {
    return topic.startsWith("room:") ? this.subscribing(topic) : Promise.resolve();
  }

  async unsubscribe(_topic: string): Promise<void> {}

  async publish(_topic: string, _envelope: Envelope): Promise<void> {}

  async close(): Promise<void> {}

  protected subscribing(_topic: string): Promise<void> {
    return new Promise(() => {});
  }
}

/** A broker that refuses subscriptions of rooms. */
class RefusingBroker extends HangingBroker {
  protected override subscribing(_topic: string): Promise<void> {
    return Promise.reject(new Error("out of reach"));
  }
}
