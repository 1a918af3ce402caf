import { expect, test } from "vitest";
import { deliveryFigures, joinFigures, median, medianFigures, memoryFigures, runOf } from "../load/figures.ts";
import type { LoadReport } from "../load/load-generator.ts";

const REPORT: LoadReport = {
  joined: 100,
  lost: 0,
  error: "",
  joinSeconds: 0.5,
  joinCpuSeconds: 0.02,
  joinP99Ms: 7,
  expected: 1_000,
  received: 1_000,
  publishedPerSecond: 10,
  deliveriesPerSecond: 1_000,
  microsPerDelivery: 4,
  p50Ms: 1,
  p99Ms: 3,
  serverCpu: 0.4,
  loadCpu: 0.2,
  foreignCpu: 0.1,
};

const FIGURES = deliveryFigures(REPORT);

test("a run in which everything arrived is valid", () => {
  expect(runOf(REPORT, 100, FIGURES)).toEqual({ kind: "valid", figures: FIGURES });
});

test.each([
  ["a delivery is missing", { received: 999 }, "999 of 1000 deliveries arrived"],
  ["a delivery came twice", { received: 1_001 }, "1001 of 1000 deliveries arrived"],
  ["a connection broke", { lost: 1, error: "connection 3: eof" }, "1 connections lost; connection 3: eof"],
  ["a connection never joined", { joined: 99 }, "99 of 100 connections joined"],
])("a run is invalid when %s", (_name, change, why) => {
  expect(runOf({ ...REPORT, ...change }, 100, FIGURES)).toEqual({ kind: "invalid", why });
});

test("joins are counted per join", () => {
  expect(joinFigures(REPORT)).toMatchObject({ cpuMicros: 200, perSecond: 200, p99Ms: 7 });
});

test("memory is counted per connection", () => {
  expect(memoryFigures(REPORT, 1_024_000)).toMatchObject({ kib: 10 });
});

test.each([
  [[3], 3],
  [[5, 1, 3], 3],
  [[4, 1, 3, 2], 2.5],
])("the median of %j is %d", (values, expected) => {
  expect(median(values)).toBe(expected);
});

test("each figure has a median of its own, to four digits", () => {
  const runs = [
    { ...FIGURES, cpuMicros: 1, p99Ms: 9 },
    { ...FIGURES, cpuMicros: 2.123_456, p99Ms: 7 },
    { ...FIGURES, cpuMicros: 3, p99Ms: 8 },
  ];

  expect(medianFigures(runs)).toEqual({ ...FIGURES, cpuMicros: 2.123, p99Ms: 8 });
});

test("without runs there is no median", () => {
  expect(medianFigures([])).toBeUndefined();
});
