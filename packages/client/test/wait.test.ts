import { describe, expect, test } from "vitest";
import { Wait } from "../src/wait.ts";
import { FakeClock, rejection } from "./support.ts";

describe("wait", () => {
  test("settles once and lets go of its timer and signal", async () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    let settledCount = 0;
    const wait = new Wait<number>({
      clock,
      timeoutMs: 10,
      signal: controller.signal,
      expired: () => new Error("late"),
      settled: () => (settledCount += 1),
    });

    wait.resolve(1);
    wait.resolve(2);
    wait.reject(new Error("no"));
    controller.abort();

    expect(await wait.promise).toBe(1);
    expect(wait.state).toBe("resolved");
    expect(settledCount).toBe(1);
    expect(clock.timerCount).toBe(0);
  });

  test("rejects at its deadline, or with the reason of its signal", async () => {
    const clock = new FakeClock();
    const late = new Wait({ clock, timeoutMs: 10, expired: () => new Error("late") });
    const aborted = new Wait({
      clock,
      timeoutMs: 10,
      signal: AbortSignal.abort("enough"),
      expired: () => new Error("late"),
    });
    const errors = Promise.all([rejection(late.promise), rejection(aborted.promise)]);

    await clock.advance(10);

    expect(await errors).toEqual([new Error("late"), "enough"]);
  });

  test("without a deadline holds no timer", () => {
    const clock = new FakeClock();

    const wait = new Wait({ clock, expired: () => new Error("late") });

    expect(clock.timerCount).toBe(0);
    expect(wait.state).toBe("pending");
  });
});
