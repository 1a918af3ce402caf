import { describe, expect, test } from "vitest";
import { KeyedBuckets } from "../../src/limits/keyed-buckets.ts";

describe("buckets by key", () => {
  test("do not share their tokens", () => {
    const buckets = new KeyedBuckets({ burst: 1, perSecond: 1 }, 10);

    expect([buckets.take("ann", 0), buckets.take("ann", 0), buckets.take("bob", 0)]).toEqual([0, 1_000, 0]);
  });

  test("are forgotten beyond the limit, the one that was unused longest first", () => {
    const buckets = new KeyedBuckets({ burst: 1, perSecond: 1 }, 2);
    for (const key of ["ann", "bob", "ann", "cyd"]) buckets.take(key, 0);

    expect(buckets.size).toBe(2);
    expect(["ann", "cyd", "bob"].map((key) => buckets.take(key, 0))).toEqual([1_000, 1_000, 0]);
  });

  test.each(["__proto__", "constructor", ""])("take the key %j for data", (key) => {
    const buckets = new KeyedBuckets({ burst: 1, perSecond: 1 }, 2);

    expect([buckets.take(key, 0), buckets.take(key, 0)]).toEqual([0, 1_000]);
  });
});
