import { describe, expect, test } from "vitest";
import { BidList } from "../../page/bid-list.ts";

const bid = (bidNo: number) => ({ bidNo, bidder: "A**", amount: bidNo * 100, at: bidNo });

describe("BidList", () => {
  test("keeps each bid once, in the order of the numbers", () => {
    const list = new BidList();

    list.add([bid(3), bid(2)]);
    list.add([bid(2), bid(4)]);

    expect(list.all.map(({ bidNo }) => bidNo)).toEqual([2, 3, 4]);
  });

  test("knows the number after which one is missing", () => {
    const list = new BidList();
    const gaps = [list.gapBefore(0), list.gapBefore(2)];

    list.add([bid(5), bid(6), bid(9)]);

    expect([...gaps, list.gapBefore(6), list.gapBefore(9), list.gapBefore(10)]).toEqual([
      undefined,
      0,
      undefined,
      6,
      6,
    ]);
  });
});
