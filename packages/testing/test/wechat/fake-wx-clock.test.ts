import { describe, expect, test } from "vitest";
import { SkippingClock } from "../../src/wechat/fake-wx-clock.ts";

const HOUR_MS = 3_600_000;

describe("SkippingClock", () => {
  test("runs what is due in the order of its times, at those times", () => {
    const clock = new SkippingClock();
    const startMs = clock.now();
    const ran: [string, number][] = [];
    const note = (name: string) => () => void ran.push([name, Math.floor((clock.now() - startMs) / HOUR_MS)]);
    clock.after(3 * HOUR_MS, note("late"));
    const stop = clock.every(2 * HOUR_MS, note("every"));
    clock.after(HOUR_MS, note("stopped"))();

    clock.skip(5 * HOUR_MS);
    stop();
    clock.skip(5 * HOUR_MS);

    expect(ran).toEqual([
      ["every", 2],
      ["late", 3],
      ["every", 4],
    ]);
    expect(Math.floor((clock.now() - startMs) / HOUR_MS)).toBe(10);
  });

  test("a skip ends also with an interval without length", () => {
    const clock = new SkippingClock();
    let runs = 0;
    const stop = clock.every(0, () => runs++);

    clock.skip(10);
    stop();

    expect(runs).toBeGreaterThan(0);
  });

  test("goes on by itself", async () => {
    const clock = new SkippingClock();

    const ran = await new Promise((resolve) => clock.after(1, () => resolve("timer")));
    const soon = await new Promise((resolve) => clock.soon(() => resolve("soon")));

    expect([ran, soon]).toEqual(["timer", "soon"]);
  });

  test("what a timer sets is run by the same skip when it is due", () => {
    const clock = new SkippingClock();
    const ran: string[] = [];
    clock.after(HOUR_MS, () => clock.after(HOUR_MS, () => void ran.push("second")));

    clock.skip(2 * HOUR_MS + 1_000);

    expect(ran).toEqual(["second"]);
  });
});
