import { expect, test } from "vitest";
import { eventually } from "@hutong/testing";
import { systemClock } from "../src/clock.ts";

test("now is the time of the machine", () => {
  const before = Date.now();

  const now = systemClock.now();

  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test("after runs once", async () => {
  let runs = 0;

  systemClock.after(1, () => runs++);
  await new Promise<void>((resolve) => systemClock.after(20, resolve));

  expect(runs).toBe(1);
});

test("a cancelled after never runs", async () => {
  let runs = 0;

  systemClock.after(1, () => runs++)();
  await new Promise<void>((resolve) => systemClock.after(5, resolve));

  expect(runs).toBe(0);
});

test("every runs until it is cancelled", async () => {
  let runs = 0;
  const cancel = systemClock.every(1, () => runs++);
  await eventually(() => expect(runs).toBeGreaterThanOrEqual(3));

  cancel();
  const runsThen = runs;
  await new Promise<void>((resolve) => systemClock.after(10, resolve));

  expect(runs).toBe(runsThen);
});

test("soon runs after the promises that are ready, and before a later soon", async () => {
  const order: string[] = [];

  systemClock.soon(() => order.push("soon"));
  systemClock.soon(() => order.push("later"));
  await Promise.resolve().then(() => order.push("promise"));
  await eventually(() => expect(order).toHaveLength(3));

  expect(order).toEqual(["promise", "soon", "later"]);
});
