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

/** A clock that the test turns by hand: time stands still, and a tick ends when the test says so. */
class HandClock extends FakeClock {
  readonly ticks: (() => void)[] = [];
  nowMs = 0;

  override now(): number {
    return this.nowMs;
  }

  override soon(run: () => void): void {
    this.ticks.push(run);
  }
}

test("a long flush pauses for other events, and goes on before what they have scheduled", () => {
  const clock = new HandClock();
  const cycle = new WriteCycle(clock);
  const names = Array.from({ length: 200 }, (_, index) => `n${index}`);
  const { log, flushables } = createFlushables(...names);
  for (const flushable of flushables) {
    cycle.schedule({
      flush: () => {
        flushable.flush();
        clock.nowMs += 0.2;
      },
    });
  }

  clock.ticks.shift()?.();
  const before = log.length;
  cycle.schedule({ flush: () => void log.push("later") });
  while (clock.ticks.length > 0) clock.ticks.shift()?.();

  expect(before).toBe(64);
  expect(log).toEqual([...names, "later"]);
});

test("what a paused flush schedules itself comes after the rest", () => {
  const clock = new HandClock();
  const cycle = new WriteCycle(clock);
  const { log, flushables } = createFlushables(...Array.from({ length: 100 }, (_, index) => `n${index}`));
  cycle.schedule({
    flush: () => {
      cycle.schedule({ flush: () => void log.push("again") });
      clock.nowMs += 10;
    },
  });
  for (const flushable of flushables) cycle.schedule(flushable);

  clock.ticks.shift()?.();
  const before = [log.length, clock.ticks.length];
  while (clock.ticks.length > 0) clock.ticks.shift()?.();

  expect(before).toEqual([63, 1]);
  expect(log.slice(-2)).toEqual(["n99", "again"]);
});
