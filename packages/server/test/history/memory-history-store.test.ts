import { FakeClock, historyStoreConformance } from "@hutong/testing";
import { expect, test } from "vitest";
import { MemoryHistoryStore } from "../../src/history/memory-history-store.ts";

historyStoreConformance("MemoryHistoryStore", () => {
  const clock = new FakeClock();
  return { store: new MemoryHistoryStore({ clock }), passTime: (ms) => clock.advance(ms) };
});

const KEEP = { maxCount: 100, maxAgeMs: 1_000 };

function draft(id: string): { readonly id: string; readonly event: string; readonly payload: unknown } {
  return { id, event: "said", payload: id };
}

test("the topic that was quiet for longest makes room for one more", () => {
  const store = new MemoryHistoryStore({ clock: new FakeClock(), maxTopics: 2 });
  store.append("room:1", draft("a"), KEEP);
  store.append("room:2", draft("b"), KEEP);
  store.read("room:1", { kind: "last", limit: 1 });

  store.append("room:3", draft("c"), KEEP);

  const idsOf = (topic: string): readonly string[] =>
    store.read(topic, { kind: "last", limit: 10 }).entries.map(({ stamp }) => stamp.id);
  expect(idsOf("room:1")).toEqual(["a"]);
});

test("a topic that was let go comes back in another epoch", () => {
  const store = new MemoryHistoryStore({ clock: new FakeClock(), maxTopics: 1 });
  const before = store.append("room:1", draft("a"), KEEP);

  store.append("room:2", draft("b"), KEEP);
  const after = store.append("room:1", draft("c"), KEEP);

  expect(after.epoch).not.toBe(before.epoch);
  expect(after.prev).toBe(0);
});

test("two processes never share an epoch", () => {
  const [left, right] = [new MemoryHistoryStore(), new MemoryHistoryStore()];

  expect(left.append("room:1", draft("a"), KEEP).epoch).not.toBe(right.append("room:1", draft("a"), KEEP).epoch);
});

test("an id is forgotten with its message", async () => {
  const clock = new FakeClock();
  const store = new MemoryHistoryStore({ clock });
  const first = store.append("room:1", draft("a"), KEEP);
  await clock.advance(1_001);
  store.append("room:1", draft("b"), KEEP);

  const again = store.append("room:1", draft("a"), KEEP);

  expect(again.offset).toBeGreaterThan(first.offset);
});

test("a message exactly as old as the retention allows is kept", async () => {
  const clock = new FakeClock();
  const store = new MemoryHistoryStore({ clock });
  store.append("room:1", draft("a"), KEEP);

  await clock.advance(1_000);

  expect(store.read("room:1", { kind: "last", limit: 10 }).entries).toHaveLength(1);
});
