import { describe, expect, test } from "vitest";

import { noneMeasure, percentile, sizeMeasure } from "../../budgets/measure.ts";

const samples = (...sizes: readonly number[]) => sizes.map((size, index) => ({ place: `file-${index}.ts`, size }));

describe("percentile", () => {
  test("is the smallest size that covers the share", () => {
    expect(percentile(samples(5, 1, 4, 2, 3, 6, 10, 9, 8, 7), 0.9)).toBe(9);
    expect(percentile(samples(1, 2), 0.5)).toBe(1);
    expect(percentile(samples(7), 0.95)).toBe(7);
    expect(percentile([], 0.9)).toBe(0);
  });
});

describe("sizeMeasure", () => {
  test("keeps silent while most reach the target and all the hard limit", () => {
    const measure = sizeMeasure(
      "lines",
      { share: 0.9, target: 10, hard: 20 },
      samples(10, 10, 10, 10, 10, 10, 10, 10, 10, 20),
    );

    expect(measure).toEqual({
      name: "lines",
      figure: "median 10, p90 10, most 20",
      limit: "p90 10, most 20",
      violations: [],
    });
  });

  test("names the sample that passes the hard limit, and the share that passes the target", () => {
    const measure = sizeMeasure("lines", { share: 0.9, target: 10, hard: 20 }, samples(11, 21));

    expect(measure.violations).toEqual(["p90 is 21, at most 10", "file-1.ts: 21, at most 20"]);
  });
});

describe("noneMeasure", () => {
  test("counts the places and reports each", () => {
    expect(noneMeasure("any", ["a.ts:1"])).toEqual({ name: "any", figure: "1", limit: "0", violations: ["a.ts:1"] });
  });
});
