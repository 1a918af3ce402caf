import { FakeClock } from "@hutong/testing";
import { expect, test } from "vitest";
import { type Flushable, WriteCycle } from "../../src/connection/write-cycle.ts";

function createFlushables(...names: readonly string[]): {
  readonly log: string[];
  readonly flushables: readonly Flushable[];
} {
  const log: string[] = [];
  return { log, flushables: names.map((name) => ({ flush: () => void log.push(name) })) };
}

test("what one tick schedules is flushed at its end, in order", async () => {
  const clock = new FakeClock();
  const cycle = new WriteCycle(clock);
  const { log, flushables } = createFlushables("a", "b");

  for (const flushable of flushables) cycle.schedule(flushable);
  const before = [...log];
  await clock.settle();

  expect(before).toEqual([]);
  expect(log).toEqual(["a", "b"]);
});

test("a flush is not repeated", async () => {
  const clock = new FakeClock();
  const cycle = new WriteCycle(clock);
  const { log, flushables } = createFlushables("a");
  for (const flushable of flushables) cycle.schedule(flushable);
  await clock.settle();

  await clock.settle();

  expect(log).toEqual(["a"]);
});

test("what is scheduled while the tick is flushed is flushed in the next one", async () => {
  const clock = new FakeClock();
  const cycle = new WriteCycle(clock);
  const { log, flushables } = createFlushables("late");
  cycle.schedule({
    flush: () => {
      for (const flushable of flushables) cycle.schedule(flushable);
      log.push("first");
    },
  });

  await clock.settle();

  expect(log).toEqual(["first", "late"]);
});

test("a tick starts from a root of its own", async () => {
  const clock = new FakeClock();
  const cycle = new WriteCycle(clock);
  const { root } = cycle;

  cycle.schedule({ flush: () => {} });
  await clock.settle();

  expect(cycle.root).not.toBe(root);
  expect(cycle.root.count).toBe(0);
});

test("there is no timer", () => {
  const clock = new FakeClock();

  new WriteCycle(clock).schedule({ flush: () => {} });

  expect(clock.timerCount).toBe(0);
});
