import { describe, expect, test } from "vitest";
import { BidRate } from "../src/bid-rate.ts";

const START = 1_700_000_000_000;

describe("BidRate", () => {
  test("lets ten bids pass at once, then one every 200 ms", () => {
    const rate = new BidRate();

    const waits = Array.from({ length: 11 }, () => rate.take("ada", START));

    expect(waits).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 200]);
    expect([rate.take("ada", START + 199), rate.take("ada", START + 200), rate.take("ada", START + 200)]).toEqual([
      1, 0, 200,
    ]);
  });

  test("counts people apart", () => {
    const rate = new BidRate();
    for (let count = 0; count < 10; count++) rate.take("ada", START);

    expect(rate.take("bo", START)).toBe(0);
  });

  test("has the whole allowance back after two seconds", () => {
    const rate = new BidRate();
    for (let count = 0; count < 10; count++) rate.take("ada", START);

    expect(Array.from({ length: 11 }, () => rate.take("ada", START + 2_000))).toEqual([
      ...Array<number>(10).fill(0),
      200,
    ]);
  });
});
