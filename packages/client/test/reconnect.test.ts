import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_RECONNECT, reconnectDelayMs, rejoinDelayMs } from "../src/reconnect.ts";

const part = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("reconnectDelayMs", () => {
  test.each([
    [0, 125],
    [1, 250],
    [3, 1_000],
    [7, 15_000],
    [5_000, 15_000],
  ])("after %i failures half of the ceiling is %i ms", (failures, expected) => {
    expect(reconnectDelayMs({ failures }, DEFAULT_RECONNECT, () => 0.5)).toBe(expected);
  });

  test("lies between nothing and the ceiling", () => {
    fc.assert(
      fc.property(fc.nat(2_000), part, (failures, random) => {
        const delayMs = reconnectDelayMs({ failures, code: 1006 }, DEFAULT_RECONNECT, () => random);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(30_000);
      }),
    );
  });

  test("a drain or overload gives at least one second, spread over at least one more", () => {
    fc.assert(
      fc.property(fc.nat(2_000), part, fc.constantFrom(1012, 1013), (failures, random, code) => {
        const delayMs = reconnectDelayMs({ failures, code }, DEFAULT_RECONNECT, () => random);
        expect(delayMs).toBeGreaterThanOrEqual(1_000);
        expect(delayMs).toBeLessThanOrEqual(31_000);
      }),
    );
    expect(reconnectDelayMs({ failures: 0, code: 1012 }, DEFAULT_RECONNECT, () => 0.5)).toBe(1_500);
    expect(reconnectDelayMs({ failures: 4, code: 1013 }, DEFAULT_RECONNECT, () => 0.5)).toBe(3_000);
  });
});

describe("rejoinDelayMs", () => {
  test.each([
    [0, 1_000, 500],
    [1, 2_000, 1_000],
    [2, 5_000, 2_500],
    [3, 10_000, 5_000],
    [400, 10_000, 5_000],
  ])("after %i failures lies between %i ms and half of it", (failures, most, least) => {
    expect(rejoinDelayMs(failures, () => 0)).toBe(most);
    expect(rejoinDelayMs(failures, () => 1)).toBe(least);
  });
});
