import type { StreamStamp } from "@hutong/protocol";
import type { HistoryEntry, HistoryStore, Retention } from "@hutong/server/plugin";
import { expect } from "vitest";
import { type ConformanceOptions, describeScenarios, type Scenarios } from "./scenarios.ts";

/** A store under test and its time. */
export interface HistoryStoreBench {
  readonly store: HistoryStore;
  /** Lets `ms` milliseconds pass for the store: a fake clock's, or real ones. */
  passTime(ms: number): Promise<void>;
  /** Releases what the bench holds besides the store, which the suite closes. @defaultValue nothing */
  close?(): Promise<void>;
}

/** Makes an empty store for one scenario. */
export type HistoryStoreFactory = () => HistoryStoreBench | Promise<HistoryStoreBench>;

const TOPIC = "room:1";
const KEEP: Retention = { maxCount: 100, maxAgeMs: 60_000 };
const ALL = { kind: "after", offset: 0, limit: 1_000 } as const;
// Short, because a store outside this process lets real time pass.
const SHORT: Retention = { maxCount: 100, maxAgeMs: 40 };
const LONGER_MS = 80;

class Bench implements AsyncDisposable {
  readonly store: HistoryStore;
  readonly #bench: HistoryStoreBench;

  constructor(bench: HistoryStoreBench) {
    this.store = bench.store;
    this.#bench = bench;
  }

  /** Keeps one message per id; its payload is the id. */
  async append(ids: readonly string[], retention: Retention = KEEP, topic = TOPIC): Promise<readonly StreamStamp[]> {
    const stamps: StreamStamp[] = [];
    for (const id of ids)
      stamps.push(await this.store.append(topic, { id, event: "said", payload: { id } }, retention));
    return stamps;
  }

  passTime(ms: number): Promise<void> {
    return this.#bench.passTime(ms);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.close();
    await this.#bench.close?.();
  }
}

function idsOf(entries: readonly HistoryEntry[]): readonly string[] {
  return entries.map(({ stamp }) => stamp.id);
}

const APPEND_SCENARIOS: Scenarios<HistoryStoreFactory> = {
  "a payload that is no JSON value is refused, and nothing is kept": async (create) => {
    await using bench = new Bench(await create());
    const append = async (): Promise<StreamStamp> =>
      bench.store.append(TOPIC, { id: "a", event: "said", payload: { n: 1n } }, KEEP);

    await expect(append()).rejects.toThrow(TypeError);

    expect((await bench.store.read(TOPIC, ALL)).entries).toEqual([]);
  },

  "the first message follows offset 0": async (create) => {
    await using bench = new Bench(await create());

    const [stamp] = await bench.append(["a"]);

    expect(stamp).toMatchObject({ id: "a", prev: 0 });
    expect(stamp?.offset).toBeGreaterThan(0);
  },

  "every message names the one before it, and offsets grow within one epoch": async (create) => {
    await using bench = new Bench(await create());

    const stamps = await bench.append(["a", "b", "c", "d"]);

    for (const [index, stamp] of stamps.entries()) {
      expect(stamp.prev).toBe(stamps[index - 1]?.offset ?? 0);
      expect(stamp.offset).toBeGreaterThan(stamp.prev);
      expect(stamp.epoch).toBe(stamps[0]?.epoch);
    }
  },

  "a message that is kept is read from then on": async (create) => {
    await using bench = new Bench(await create());

    for (const id of ["a", "b", "c"]) {
      await bench.append([id]);
      expect(idsOf((await bench.store.read(TOPIC, { kind: "last", limit: 1 })).entries)).toEqual([id]);
    }
  },

  "messages that are appended at once keep the order of the calls": async (create) => {
    await using bench = new Bench(await create());
    const ids = Array.from({ length: 50 }, (_, index) => `id-${index}`);

    await Promise.all(ids.map(async (id) => bench.store.append(TOPIC, { id, event: "said", payload: id }, KEEP)));

    expect(idsOf((await bench.store.read(TOPIC, ALL)).entries)).toEqual(ids);
  },

  "the same id again is the same message": async (create) => {
    await using bench = new Bench(await create());
    const [first] = await bench.append(["a", "b"]);

    const [again] = await bench.append(["a"]);

    expect(again).toEqual(first);
    expect(idsOf((await bench.store.read(TOPIC, ALL)).entries)).toEqual(["a", "b"]);
  },

  "topics are numbered apart": async (create) => {
    await using bench = new Bench(await create());
    await bench.append(["a", "b"]);

    const [other] = await bench.append(["c"], KEEP, "room:2");

    expect(other?.prev).toBe(0);
    expect(idsOf((await bench.store.read(TOPIC, ALL)).entries)).toEqual(["a", "b"]);
  },

  "event and payload come back as they were": async (create) => {
    await using bench = new Bench(await create());
    const payload = { text: '胡同 \u2028 "quoted"', list: [1, null, true], nested: { empty: {} } };

    await bench.store.append(TOPIC, { id: "a", event: "said: 你好", payload }, KEEP);

    const [entry] = (await bench.store.read(TOPIC, ALL)).entries;
    expect([entry?.event, entry?.payload]).toEqual(["said: 你好", payload]);
  },
};

const READ_SCENARIOS: Scenarios<HistoryStoreFactory> = {
  "a topic without messages is at offset 0 of an epoch that stays": async (create) => {
    await using bench = new Bench(await create());

    const before = await bench.store.read(TOPIC, ALL);
    const [stamp] = await bench.append(["a"]);

    expect(before).toMatchObject({ top: { offset: 0, id: "" }, entries: [] });
    expect(stamp?.epoch).toBe(before.top.epoch);
  },

  "the top is the newest message": async (create) => {
    await using bench = new Bench(await create());
    const [, last] = await bench.append(["a", "b"]);

    const { top } = await bench.store.read(TOPIC, { kind: "last", limit: 1 });

    expect(top).toEqual({ epoch: last?.epoch, offset: last?.offset, id: "b" });
  },

  "what comes after an offset is read in order, up to the limit": async (create) => {
    await using bench = new Bench(await create());
    const [first] = await bench.append(["a", "b", "c", "d"]);

    const { entries, idAtOffset, top } = await bench.store.read(TOPIC, {
      kind: "after",
      offset: first?.offset ?? 0,
      limit: 2,
    });

    expect(idsOf(entries)).toEqual(["b", "c"]);
    expect([idAtOffset, top.id]).toEqual(["a", "d"]);
  },

  "nothing comes after the top, and the id there is told": async (create) => {
    await using bench = new Bench(await create());
    const [, last] = await bench.append(["a", "b"]);

    const slice = await bench.store.read(TOPIC, { kind: "after", offset: last?.offset ?? 0, limit: 10 });

    expect([slice.entries, slice.idAtOffset]).toEqual([[], "b"]);
  },

  "the latest messages are read in order": async (create) => {
    await using bench = new Bench(await create());
    await bench.append(["a", "b", "c"]);

    const two = await bench.store.read(TOPIC, { kind: "last", limit: 2 });
    const many = await bench.store.read(TOPIC, { kind: "last", limit: 10 });
    const none = await bench.store.read(TOPIC, { kind: "last", limit: 0 });

    expect([two, many, none].map(({ entries }) => idsOf(entries))).toEqual([["b", "c"], ["a", "b", "c"], []]);
  },

  "what was kept since a time is read in order": async (create) => {
    await using bench = new Bench(await create());
    await bench.append(["a"]);
    await bench.passTime(LONGER_MS);
    await bench.append(["b", "c"]);
    const [, second] = (await bench.store.read(TOPIC, ALL)).entries;

    const { entries } = await bench.store.read(TOPIC, { kind: "since", sinceMs: second?.atMs ?? 0, limit: 10 });

    expect(idsOf(entries)).toEqual(["b", "c"]);
  },
};

const RETENTION_SCENARIOS: Scenarios<HistoryStoreFactory> = {
  "no more messages are kept than the retention says": async (create) => {
    await using bench = new Bench(await create());

    await bench.append(["a", "b", "c", "d"], { ...KEEP, maxCount: 2 });

    const { entries, top } = await bench.store.read(TOPIC, ALL);
    expect(idsOf(entries)).toEqual(["c", "d"]);
    expect([entries[0]?.stamp.prev === 0, top.id]).toEqual([false, "d"]);
  },

  "no message is kept longer than the retention says": async (create) => {
    await using bench = new Bench(await create());
    await bench.append(["a"], SHORT);
    await bench.passTime(LONGER_MS);

    const { entries } = await bench.store.read(TOPIC, ALL);

    expect(entries).toEqual([]);
  },

  "numbering goes on, or the epoch changes, when everything kept is too old": async (create) => {
    await using bench = new Bench(await create());
    const [, last] = await bench.append(["a", "b"], SHORT);
    await bench.passTime(LONGER_MS);

    const [next] = await bench.append(["c"], SHORT);

    const goesOn = next?.epoch === last?.epoch && next?.prev === last?.offset;
    expect(goesOn || next?.epoch !== last?.epoch).toBe(true);
  },

  "the id of a message that is no longer kept is not told": async (create) => {
    await using bench = new Bench(await create());
    const [first] = await bench.append(["a", "b", "c", "d"], { ...KEEP, maxCount: 2 });

    const { idAtOffset } = await bench.store.read(TOPIC, { kind: "after", offset: first?.offset ?? 0, limit: 10 });

    expect(idAtOffset).toBeUndefined();
  },

  "close is idempotent": async (create) => {
    await using bench = new Bench(await create());

    await bench.store.close();

    await expect(bench.store.close()).resolves.toBeUndefined();
  },
};

/**
 * Registers the tests of a {@link HistoryStore}. Call it at the top of a test file.
 *
 * @example
 * historyStoreConformance("MemoryHistoryStore", () => {
 *   const clock = new FakeClock();
 *   return { store: new MemoryHistoryStore({ clock }), passTime: (ms) => clock.advance(ms) };
 * });
 */
export function historyStoreConformance(
  name: string,
  create: HistoryStoreFactory,
  options: ConformanceOptions = {},
): void {
  const scenarios = { ...APPEND_SCENARIOS, ...READ_SCENARIOS, ...RETENTION_SCENARIOS };
  describeScenarios(`${name} is a HistoryStore`, scenarios, { create: () => create, ...options });
}
