import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { EventLoopLag } from "../../src/operations/event-loop-lag.ts";

describe("EventLoopLag", () => {
  test("takes one sample a second and keeps those of a minute", async () => {
    const clock = new FakeClock();
    const lag = new EventLoopLag(clock);
    await clock.advance(3_000);
    const early = lag.samples.length;
    await clock.advance(70_000);

    expect([early, lag.samples.length]).toEqual([3, 60]);
    expect(lag.worstMs(60)).toBe(Math.max(...lag.samples));
    lag.close();
  });

  test("holds no timer after its end, and knows no delay before its first sample", () => {
    const clock = new FakeClock();
    const lag = new EventLoopLag(clock);
    const before = lag.worstMs(15);
    lag.close();

    expect([before, clock.timerCount]).toEqual([0, 0]);
  });
});
