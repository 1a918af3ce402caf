import { actionCable } from "@hutong/protocol";
import {
  accept,
  type CableOptions,
  type ChannelDefinition,
  type ConnectionLimits,
  defineChannel,
} from "@hutong/server";
import { type Awaitable, type HistorySlice, MemoryHistoryStore } from "@hutong/server/plugin";
import { FakeClock, ScriptedTransport } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { type Bench, createGate, startBench } from "../support.ts";

type Spec = Parameters<typeof defineChannel>[1];

const ROOM = '{"channel":"Room"}';
const CONFIRMED = { identifier: ROOM, type: "confirm_subscription" };
const HISTORY = {
  kept: { identifier: ROOM, type: "confirm_history" },
  lost: { identifier: ROOM, type: "reject_history" },
};

function rooms(spec: Partial<Spec> = {}, cable: Partial<CableOptions> = {}): readonly ChannelDefinition[] {
  const options: CableOptions = { name: "Room", topic: () => "room:1", presence: "open", whisper: true, ...cable };
  return [defineChannel("room:*", { join: () => accept(), history: { maxCount: 3 }, cable: options, ...spec })];
}

/** A client of the dialect, on a link that the test can stall. */
class ExtendedClient {
  readonly transport = new ScriptedTransport();
  #taken = 0;

  send(command: object): void {
    this.transport.receive(JSON.stringify({ identifier: ROOM, ...command }));
  }

  /** What was sent since the last call, without positions. */
  take(): readonly unknown[] {
    const frames = this.transport.sent.slice(this.#taken);
    this.#taken = this.transport.sent.length;
    return frames.map((frame) => {
      const {
        epoch: _epoch,
        stream_id: _stream,
        ...rest
      } = JSON.parse(String(frame)) as Readonly<Record<string, unknown>>; // every frame is an object
      return rest;
    });
  }
}

async function connect(bench: Bench, limits: ConnectionLimits = {}): Promise<ExtendedClient> {
  const negotiation = actionCable.negotiate({ vsn: undefined, subprotocols: ["actioncable-v1-ext-json"] });
  if (negotiation.kind === "disagreed") throw new TypeError(negotiation.reason);
  const client = new ExtendedClient();
  const mount = bench.server.mount({ grammar: actionCable, path: "/cable", limits });
  bench.server.open(mount, client.transport, negotiation.wireProtocol, {});
  await bench.clock.settle();
  client.take();
  return client;
}

async function subscribe(bench: Bench, request: object = {}, limits: ConnectionLimits = {}): Promise<ExtendedClient> {
  const client = await connect(bench, limits);
  client.send({ command: "subscribe", ...request });
  await bench.clock.settle();
  return client;
}

const message = (n: number) => ({ identifier: ROOM, message: n, offset: n });

describe("a subscribe", () => {
  test("is confirmed after what its hook pushes, and before what is broadcast meanwhile", async () => {
    const gate = createGate();
    await using bench = await startBench(
      rooms({
        joined: async (channel) => {
          await gate.opened;
          channel.push("hello", "hello");
        },
      }),
    );
    const client = await subscribe(bench, { history: { since: 1 } });
    bench.server.broadcast("room:1", "said", 1);
    gate.open();
    await bench.clock.settle();

    expect(client.take()).toEqual([{ identifier: ROOM, message: "hello" }, CONFIRMED, message(1), HISTORY.kept]);
  });

  test("without history is not told of history", async () => {
    await using bench = await startBench(rooms());

    expect((await subscribe(bench)).take()).toEqual([CONFIRMED]);
  });

  test("whose hook fails is rejected and gets neither history nor a place among the others", async () => {
    await using bench = await startBench(
      rooms({
        joined: () => {
          throw new Error("hook");
        },
      }),
    );

    const client = await subscribe(bench, { history: { since: 1 }, presence: { id: "1" } });

    expect(client.take()).toEqual([{ identifier: ROOM, type: "reject_subscription" }]);
    expect(bench.server.presence("room:1")).toEqual({});
  });
});

describe("a client that reads too slowly", () => {
  const limits = { softQueuedBytes: 100, lagQueuedBytes: 200, resumeQueuedBytes: 50 };

  async function stalled(bench: Bench): Promise<ExtendedClient> {
    const client = await subscribe(bench, {}, limits);
    bench.server.broadcast("room:1", "said", 1);
    await bench.clock.settle();
    client.transport.stall();
    bench.server.broadcast("room:1", "said", 2);
    await bench.clock.settle();
    for (const n of [3, 4]) bench.server.broadcast("room:1", "said", n);
    await bench.clock.settle();
    return client;
  }

  test("gets what it missed when it reads again, each once", async () => {
    await using bench = await startBench(rooms({ history: { maxCount: 9 } }));
    const client = await stalled(bench);

    client.transport.resume();
    await bench.clock.settle();
    bench.server.broadcast("room:1", "said", 5);
    await bench.clock.settle();

    expect(client.take()).toEqual([CONFIRMED, message(1), message(2), message(3), message(4), message(5)]);
  });

  test("is told when history no longer reaches it, and goes on with what is live", async () => {
    await using bench = await startBench(rooms({ history: { maxCount: 1 } }));
    const client = await stalled(bench);
    bench.server.broadcast("room:1", "said", 5);

    client.transport.resume();
    await bench.clock.settle();
    bench.server.broadcast("room:1", "said", 6);
    await bench.clock.settle();

    const frames = client.take();
    expect(frames.slice(-2)).toEqual([HISTORY.lost, message(6)]);
    expect(frames).not.toContainEqual(message(5));
  });
});

describe("a history command", () => {
  /** A store whose reads wait, once they are told to. */
  class SlowStore extends MemoryHistoryStore {
    gate: Promise<void> | undefined;

    override read(...parameters: Parameters<MemoryHistoryStore["read"]>): HistorySlice {
      const slice = super.read(...parameters);
      const { gate } = this;
      // The contract lets a store answer later; this class only narrows what its parent gives.
      return (gate === undefined ? slice : gate.then(() => slice)) satisfies Awaitable<HistorySlice> as HistorySlice;
    }
  }

  test("holds live messages back while it reads, and gives each once", async () => {
    const clock = new FakeClock();
    const store = new SlowStore({ clock });
    await using bench = await startBench(rooms(), { historyStore: store });
    const client = await subscribe(bench);
    bench.server.broadcast("room:1", "said", 1);
    await bench.clock.settle();
    client.take();
    const gate = createGate();
    store.gate = gate.opened;

    client.send({ command: "history", history: { since: 1 } });
    await bench.clock.settle();
    bench.server.broadcast("room:1", "said", 2);
    await bench.clock.settle();
    expect(client.take()).toEqual([]);
    gate.open();
    await bench.clock.settle();

    expect(client.take()).toEqual([message(1), message(2), HISTORY.kept]);
  });

  test("waits for one that is under way", async () => {
    await using bench = await startBench(rooms());
    const client = await subscribe(bench);
    bench.server.broadcast("room:1", "said", 1);
    await bench.clock.settle();
    client.take();

    client.send({ command: "history", history: { since: 1 } });
    client.send({ command: "history", history: "all" });
    await bench.clock.settle();

    expect(client.take()).toEqual([message(1), HISTORY.kept, HISTORY.lost]);
  });

  test("whose store fails ends the subscription", async () => {
    const store = new SlowStore({ clock: new FakeClock() });
    await using bench = await startBench(rooms(), { historyStore: store });
    const client = await subscribe(bench);
    client.take();
    store.gate = Promise.reject(new Error("store"));

    client.send({ command: "history", history: { since: 1 } });
    await bench.clock.settle();

    expect(client.take()).toEqual([{ identifier: ROOM, type: "reject_subscription" }]);
    expect(bench.recorder.of("handler_failed")).toMatchObject([{ event: "history", topic: "room:1" }]);
  });
});

describe("presence and whispers", () => {
  test("what comes and goes is encoded once for all with one identifier", async () => {
    await using bench = await startBench(rooms());
    const clients = [await subscribe(bench), await subscribe(bench)];

    clients[0]?.send({ command: "join", presence: { id: "1", info: { n: 1 } } });
    await bench.clock.settle();

    const frames = clients.map(({ transport }) => transport.batches.at(-1)?.frames()[0]);
    expect(frames[0]?.frame).toContain('"type":"join"');
    expect(frames[0]).toBe(frames[1]);
  });

  test("an application's own broadcast under a name of presence stays a message", async () => {
    await using bench = await startBench(rooms());
    const client = await subscribe(bench);
    client.take();

    bench.server.broadcast("room:1", "presence_diff", "mine");
    await bench.clock.settle();

    expect(client.take()).toEqual([{ identifier: ROOM, message: "mine" }]);
  });

  test("an info that is too large, and an id that a handler tracks, are refused", async () => {
    await using bench = await startBench(rooms({ joined: (channel) => void channel.presence.track("taken", {}) }));
    const client = await subscribe(bench);

    client.send({ command: "join", presence: { id: "taken", info: {} } });
    client.send({ command: "join", presence: { id: "large", info: "x".repeat(4_000) } });
    await bench.clock.settle();

    expect(bench.recorder.of("message_refused")).toMatchObject([
      { event: "track", code: "invalid_payload" },
      { event: "track", code: "invalid_payload" },
    ]);
    expect(Object.keys(bench.server.presence("room:1"))).toEqual(["taken"]);
  });

  test("a leave without a join does nothing", async () => {
    await using bench = await startBench(rooms());
    const client = await subscribe(bench);
    client.take();

    client.send({ command: "leave" });
    await bench.clock.settle();

    expect(client.take()).toEqual([]);
  });

  test("a whisper goes through the definition's translation and to its interceptors", async () => {
    const heard: unknown[] = [];
    const translated = rooms({}, { message: (event, payload) => ({ event, payload }) });
    await using bench = await startBench(translated);
    const [sender, other] = [await subscribe(bench), await subscribe(bench)];
    other.take();
    await using guarded = await startBench(rooms({ intercept: { whisper: (payload) => void heard.push(payload) } }));
    const quiet = [await subscribe(guarded), await subscribe(guarded)];

    sender.send({ command: "whisper", data: 1 });
    quiet[0]?.send({ command: "whisper", data: 2 });
    await bench.clock.settle();
    await guarded.clock.settle();

    expect(other.take()).toEqual([{ identifier: ROOM, message: { event: "whisper", payload: 1 } }]);
    expect(heard).toEqual([2]);
  });

  test("commands beyond what may wait are refused, and a question is answered so", async () => {
    const gate = createGate();
    await using bench = await startBench(rooms({ handle: { wait: () => gate.opened } }), {
      limits: { maxPendingMessages: 1 },
    });
    const client = await subscribe(bench);
    client.take();
    client.send({ command: "message", data: '{"action":"wait"}' });
    client.send({ command: "whisper", data: 1 });

    client.send({ command: "whisper", data: 2 });
    client.send({ command: "presence" });
    await bench.clock.settle();
    gate.open();

    expect(client.take()).toEqual([{ type: "presence", identifier: ROOM, message: { type: "error", total: 0 } }]);
    expect(bench.recorder.of("message_refused")).toMatchObject([
      { event: "whisper", code: "overloaded" },
      { event: "list", code: "overloaded" },
    ]);
  });
});
