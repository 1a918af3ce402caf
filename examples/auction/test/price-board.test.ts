import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { type PriceChange, PriceBoard } from "../src/price-board.ts";

/** A board with that many viewers of auction 1, and what it told. */
function boardWith(viewerCount: number) {
  const clock = new FakeClock();
  const told: PriceChange[] = [];
  const board = new PriceBoard(clock, (_auctionId, change) => told.push(change));
  const leaves = Array.from({ length: viewerCount }, () => board.enter(1));
  const raise = (bidNo: number): void => {
    const price = { bidNo, price: bidNo * 100, endAt: 0, isReserveMet: false };
    board.raise(1, price, { bidNo, bidder: "A**", amount: bidNo * 100, at: 0 });
  };
  const numbers = () => told.map(({ bidNo, bids }) => ({ bidNo, bids: bids.map((bid) => bid.bidNo) }));
  return { clock, board, raise, numbers, leaves };
}

describe("PriceBoard", () => {
  test("tells every bid at once in a small room", () => {
    const { raise, numbers, clock } = boardWith(99);

    for (const bidNo of [1, 2, 3]) raise(bidNo);

    expect(numbers()).toEqual([
      { bidNo: 1, bids: [1] },
      { bidNo: 2, bids: [2] },
      { bidNo: 3, bids: [3] },
    ]);
    expect(clock.timerCount).toBe(0);
  });

  test("tells the first bid of a large room at once and those of the next 200 ms together", async () => {
    const { raise, numbers, clock } = boardWith(100);

    for (const bidNo of [1, 2, 3]) raise(bidNo);
    await clock.advance(199);
    raise(4);
    await clock.advance(1);
    raise(5);
    await clock.advance(200);
    await clock.advance(200);
    raise(6);

    expect(numbers()).toEqual([
      { bidNo: 1, bids: [1] },
      { bidNo: 4, bids: [2, 3, 4] },
      { bidNo: 5, bids: [5] },
      { bidNo: 6, bids: [6] },
    ]);
  });

  test("tells bids whose answers overtook each other in their order, with the latest price", async () => {
    const { raise, numbers, clock } = boardWith(100);

    for (const bidNo of [1, 3, 2]) raise(bidNo);
    await clock.advance(200);

    expect(numbers().at(-1)).toEqual({ bidNo: 3, bids: [2, 3] });
  });

  test("tells at most the 50 latest bids, and the price of the last", async () => {
    const { raise, numbers, clock } = boardWith(100);

    for (let bidNo = 1; bidNo <= 101; bidNo++) raise(bidNo);
    await clock.advance(200);

    expect(numbers().at(-1)).toEqual({ bidNo: 101, bids: Array.from({ length: 50 }, (_, index) => index + 52) });
  });

  test("tells what waits when the auction has ended, and sets no more timers", () => {
    const { board, raise, numbers, clock } = boardWith(100);

    for (const bidNo of [1, 2]) raise(bidNo);
    board.finish(1);

    expect(numbers().at(-1)).toEqual({ bidNo: 2, bids: [2] });
    expect(clock.timerCount).toBe(0);
  });

  test("counts who looks", () => {
    const { board, leaves } = boardWith(3);

    leaves[0]?.();

    expect([board.viewerCount(1), board.viewerCount(2)]).toEqual([2, 0]);
  });
});
