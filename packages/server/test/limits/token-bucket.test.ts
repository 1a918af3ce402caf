import { describe, expect, test } from "vitest";
import { TokenBucket } from "../../src/limits/token-bucket.ts";

describe("a token bucket", () => {
  test("gives a burst at once and then says how long to wait", () => {
    const bucket = new TokenBucket({ burst: 3, perSecond: 2 }, 0);

    expect([1, 2, 3, 4].map(() => bucket.take(0))).toEqual([0, 0, 0, 500]);
  });

  test("takes nothing when it refuses", () => {
    const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, 0);
    bucket.take(0);
    for (let count = 0; count < 10; count++) bucket.take(0);

    expect(bucket.take(1_000)).toBe(0);
  });

  test("gives at its rate in the long run", () => {
    const bucket = new TokenBucket({ burst: 5, perSecond: 10 }, 0);
    let taken = 0;

    for (let nowMs = 0; nowMs <= 10_000; nowMs += 10) if (bucket.take(nowMs) === 0) taken++;

    expect(taken).toBe(105);
  });

  test("holds no more than its burst after a long pause", () => {
    const bucket = new TokenBucket({ burst: 2, perSecond: 1_000 }, 0);

    expect([1, 2, 3].map(() => bucket.take(3_600_000))).toEqual([0, 0, 1]);
  });

  test("keeps to the wait that it named", () => {
    const bucket = new TokenBucket({ burst: 1, perSecond: 3 }, 0);
    bucket.take(0);
    const waitMs = bucket.take(100);

    expect(waitMs).toBe(234);
    expect([bucket.take(100 + waitMs - 1), bucket.take(100 + waitMs)]).toEqual([1, 0]);
  });

  test("gives no time twice when the clock goes back and forth", () => {
    const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, 10_000);
    bucket.take(10_000);

    expect([bucket.take(5_000), bucket.take(10_000), bucket.take(11_000)]).toEqual([1_000, 1_000, 0]);
  });
});
