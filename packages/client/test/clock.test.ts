import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../src/clock.ts";

describe("the clock of the runtime", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test.each([
    ["for ever", Infinity],
    ["for longer than a timer can", 2 ** 31],
  ])("a wait %s does not end at once", (_name, ms) => {
    const runs: string[] = [];
    systemClock.after(ms, () => runs.push("after"));
    systemClock.every(ms, () => runs.push("every"));

    vi.advanceTimersByTime(1_000);

    expect(runs).toEqual([]);
  });
});
