import { accept, defineChannel, reply } from "@hutong/server";
import { type HistoryStore, MemoryHistoryStore } from "@hutong/server/plugin";
import { FakeClock } from "@hutong/testing";
import { expect, test } from "vitest";
import { type Bench, createGate, type Gate, startBench } from "../support.ts";

/** A store whose appends are in the test's hands. */
class SlowStore implements HistoryStore {
  readonly gates: Gate[] = [];
  readonly #memory = new MemoryHistoryStore({ clock: new FakeClock() });

  async append(...parameters: Parameters<MemoryHistoryStore["append"]>) {
    const gate = createGate();
    this.gates.push(gate);
    await gate.opened;
    return this.#memory.append(...parameters);
  }

  read(...parameters: Parameters<MemoryHistoryStore["read"]>) {
    return this.#memory.read(...parameters);
  }

  close(): Promise<void> {
    return this.#memory.close();
  }
}

const room = defineChannel("room:*", {
  history: {},
  join: () => accept(),
  handle: {
    say: async (payload, channel) => {
      await channel.broadcastKept("said", payload);
      return reply({ said: payload });
    },
    hint: async (payload, channel) => {
      await channel.broadcastKept("presence_diff", payload);
      return reply();
    },
  },
});

async function join(
  historyStore: HistoryStore,
): Promise<{ readonly bench: Bench; readonly client: ReturnType<Bench["connect"]> }> {
  const bench = await startBench([room], { historyStore });
  const client = bench.connect();
  client.join("room:1");
  await bench.clock.settle();
  client.take();
  return { bench, client };
}

test("an answer follows the broadcast that it waits for", async () => {
  const store = new SlowStore();
  const { bench, client } = await join(store);
  await using _bench = bench;

  client.push("room:1", "say", 1);
  await bench.clock.settle();
  expect(client.take()).toEqual([]);
  store.gates[0]?.open();
  await bench.clock.settle();

  expect(client.take()).toEqual([
    [null, null, "room:1", "said", 1],
    ["1", "2", "room:1", "phx_reply", { status: "ok", response: { said: 1 } }],
  ]);
});

test("a broadcast that is not kept has no answer, and its handler fails", async () => {
  const store = new SlowStore();
  const { bench, client } = await join(store);
  await using _bench = bench;
  const cause = new Error("out of reach");

  client.push("room:1", "say", 1);
  await bench.clock.settle();
  store.gates[0]?.fail(cause);
  await bench.clock.settle();

  expect(client.take()).toEqual([["1", "1", "room:1", "phx_error", { reason: "channel_crash" }]]);
  expect(bench.recorder.of("broker_failed")).toEqual([{ kind: "broker_failed", topic: "room:1", cause }]);
  expect(bench.recorder.of("handler_failed")).toMatchObject([{ event: "say", cause }]);
});

test("what is not kept waits only for what was broadcast before", async () => {
  const store = new SlowStore();
  const { bench, client } = await join(store);
  await using _bench = bench;
  const other = bench.server.broadcastKept("room:1", "said", "first");

  client.push("room:1", "hint", {});
  await bench.clock.settle();
  expect(client.take()).toEqual([]);
  store.gates[0]?.open();
  await other;
  await bench.clock.settle();

  expect(client.take().map(([, , , event]) => event)).toEqual(["said", "presence_diff", "phx_reply"]);
});

test("whoever does not wait hears nothing of a failure", async () => {
  const store = new SlowStore();
  const { bench } = await join(store);
  await using _bench = bench;

  bench.server.broadcast("room:1", "said", 1);
  store.gates[0]?.fail(new Error("out of reach"));
  await bench.clock.settle();

  expect(bench.recorder.of("broker_failed")).toHaveLength(1);
});

test("a malformed topic rejects", async () => {
  const { bench } = await join(new SlowStore());
  await using _bench = bench;

  await expect(bench.server.broadcastKept("", "said", 1)).rejects.toThrow('"" is no topic');
});
