import { positionOf, type StreamPosition } from "@hutong/protocol";
import { FakeClock } from "@hutong/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MemoryHistoryStore } from "../../src/history/memory-history-store.ts";
import { judgeRecovery } from "../../src/history/recovery.ts";

type Step = { readonly kind: "publish" } | { readonly kind: "pass"; readonly ms: number } | { readonly kind: "evict" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Step>({ kind: "publish" }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 80 }).map<Step>((ms) => ({ kind: "pass", ms })) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: "evict" }) },
);

const plan = fc.record({
  before: fc.array(step, { maxLength: 20 }),
  missed: fc.array(step, { maxLength: 20 }),
  maxCount: fc.integer({ min: 1, max: 12 }),
});

test("a recovery that says ok gives exactly what was missed, in order, once", async () => {
  await fc.assert(
    fc.asyncProperty(plan, async ({ before, missed, maxCount }) => {
      const clock = new FakeClock();
      const store = new MemoryHistoryStore({ clock, maxTopics: 1 });
      const retention = { maxCount, maxAgeMs: 100 };
      let count = 0;
      let position: StreamPosition = store.read("room:1", { kind: "last", limit: 0 }).top;
      const run = async (steps: readonly Step[]): Promise<string[]> => {
        const published: string[] = [];
        for (const { kind, ...rest } of steps) {
          if (kind === "pass") await clock.advance("ms" in rest ? rest.ms : 0);
          if (kind === "evict") store.read("room:2", { kind: "last", limit: 0 });
          if (kind !== "publish") continue;
          const id = `id-${count++}`;
          position = positionOf(store.append("room:1", { id, event: "said", payload: null }, retention));
          published.push(id);
        }
        return published;
      };
      await run(before);
      const left = position;

      const expected = await run(missed);
      const slice = store.read("room:1", { kind: "after", offset: left.offset, limit: 1_000 });

      if (judgeRecovery(left, slice) === "ok") expect(slice.entries.map(({ stamp }) => stamp.id)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test("a recovery within the retention says ok", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }), (beforeCount, missedCount) => {
      const store = new MemoryHistoryStore({ clock: new FakeClock() });
      // One more than is missed: the message at the position itself is what proves it.
      const retention = { maxCount: 21, maxAgeMs: 1_000 };
      const append = (count: number, name: string): void => {
        for (let n = 0; n < count; n++)
          store.append("room:1", { id: `${name}-${n}`, event: "said", payload: null }, retention);
      };
      append(beforeCount, "before");
      const { top } = store.read("room:1", { kind: "last", limit: 0 });

      append(missedCount, "missed");
      const slice = store.read("room:1", { kind: "after", offset: top.offset, limit: 1_000 });

      expect(judgeRecovery(top, slice)).toBe("ok");
      expect(slice.entries).toHaveLength(missedCount);
    }),
  );
});
