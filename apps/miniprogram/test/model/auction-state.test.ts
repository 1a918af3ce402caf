import { expect, test } from "vitest";
import { type AuctionState, gapBefore, minimumOf, phaseAt } from "../../miniprogram/model/auction-state";

const STATE: AuctionState = {
  ...{ title: "Lantern", phase: "active", price: 10_000, step: 500, bidNo: 0, startAt: 1_000, endAt: 2_000 },
  ...{ isReserveMet: false, viewers: 1, bids: [], ownBidNo: 0, isSeller: false, canBid: true, isExtended: false },
};

test("the first bid may be the start price, later ones are a step above the highest", () => {
  expect([minimumOf(STATE), minimumOf({ ...STATE, bidNo: 1 })]).toEqual([10_000, 10_500]);
});

test("between the start and the decision the time says the phase", () => {
  expect([phaseAt(STATE, 999), phaseAt(STATE, 1_000), phaseAt(STATE, 2_000)]).toEqual([
    "scheduled",
    "active",
    "closing",
  ]);
  expect(phaseAt({ ...STATE, phase: "sold" }, 1_500)).toBe("sold");
});

test("the first missing number is found", () => {
  const bids = [5, 3].map((bidNo) => ({ bidNo, bidder: "A*", amount: 1, at: 1 }));

  expect([gapBefore({ ...STATE, bidNo: 5, bids }, 2), gapBefore({ ...STATE, bidNo: 3, bids }, 2)]).toEqual([
    3,
    undefined,
  ]);
});
