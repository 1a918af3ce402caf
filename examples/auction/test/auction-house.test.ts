import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import type { BidAttempt } from "../src/judge-bid.ts";
import { attemptOf, enterBidder, openedHouse, type OpenedHouse } from "./support/opened-house.ts";
import { planOf } from "./support/started-auction.ts";

const START = 1_700_000_000_000;
const END = START + 600_000;

/** An auction from {@link START} to {@link END}, with two bidders. */
async function prepare(opened: OpenedHouse) {
  const { house } = opened;
  const { id: seller } = await house.register("Seller");
  const auctionId = await house.open(seller, planOf(START));
  const [ada, bo] = [await enterBidder(house, "Ada"), await enterBidder(house, "Bo")];
  const judge = (bidderId: string, amount: number, more: Partial<BidAttempt> = {}) =>
    house.judge(attemptOf({ auctionId, bidderId, amount, clientBidId: `bid-${amount}`, at: START + 1_000, ...more }));
  return { house, auctionId, seller, ada, bo, judge };
}

describe.each(testEngines())("an auction on $name", (engine) => {
  test("the first bid is at least the start price, and a later one a step above the price", async () => {
    await using opened = await openedHouse(engine);
    const { ada, bo, judge } = await prepare(opened);

    const verdicts = [
      await judge(ada, 9_999),
      await judge(ada, 10_000),
      await judge(bo, 10_499),
      await judge(bo, 10_500),
    ];

    expect(verdicts.map(({ result, bidNo, minimum }) => ({ result, bidNo, minimum }))).toEqual([
      { result: "TOO_LOW", bidNo: undefined, minimum: 10_000 },
      { result: "OK", bidNo: 1, minimum: undefined },
      { result: "TOO_LOW", bidNo: undefined, minimum: 10_500 },
      { result: "OK", bidNo: 2, minimum: undefined },
    ]);
    expect(verdicts[3]?.raised?.outbidId).toBe(ada);
  });

  test.each([
    ["NOT_STARTED", { at: START - 1 }],
    ["ENDED", { at: END }],
  ])("a bid outside its time is %s", async (result, more) => {
    await using opened = await openedHouse(engine);
    const { ada, judge } = await prepare(opened);

    expect(await judge(ada, 10_000, more)).toMatchObject({ result });
  });

  test("who leads cannot bid again, the seller never, and nobody without a deposit", async () => {
    await using opened = await openedHouse(engine);
    const { house, seller, ada, judge } = await prepare(opened);
    await house.payDeposit(seller);
    const { id: poor } = await house.register("Poor");
    await judge(ada, 10_000);

    expect(await judge(ada, 20_000)).toMatchObject({ result: "ALREADY_LEADER" });
    expect(await judge(seller, 20_000)).toMatchObject({ result: "NOT_ELIGIBLE" });
    expect(await judge(poor, 20_000)).toMatchObject({ result: "NOT_ELIGIBLE" });
    expect(await judge("nobody", 20_000)).toMatchObject({ result: "NOT_ELIGIBLE" });
  });

  test("a repeat gets the verdict of the first, whatever has happened since and whatever it says itself", async () => {
    await using opened = await openedHouse(engine);
    const { house, auctionId, ada, bo, judge } = await prepare(opened);
    await judge(ada, 10_000, { clientBidId: "accepted" });
    await judge(ada, 11_000, { clientBidId: "rejected" });
    await judge(bo, 10_500);

    expect(await judge(ada, 99_000, { clientBidId: "accepted" })).toEqual({
      result: "DUPLICATE",
      original: "OK",
      bidNo: 1,
      amount: 10_000,
    });
    expect(await judge(ada, 99_000, { clientBidId: "rejected" })).toEqual({
      result: "DUPLICATE",
      original: "ALREADY_LEADER",
      amount: 11_000,
    });
    expect(await house.find(auctionId)).toMatchObject({ bid_no: 2, price: 10_500, leader_id: bo });
  });

  test("copies of one bid that arrive together on two processes count once", async () => {
    await using opened = await openedHouse(engine);
    const { house, auctionId, ada } = await prepare(opened);
    const bid = attemptOf({ auctionId, bidderId: ada, amount: 10_000, clientBidId: "the-same", at: START });

    const verdicts = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? house : opened.otherHouse).judge(bid)),
    );

    expect(verdicts.map(({ result }) => result).toSorted()).toEqual([...Array<string>(9).fill("DUPLICATE"), "OK"]);
    expect(verdicts.map(({ bidNo }) => bidNo)).toEqual(Array(10).fill(1));
  });

  test("a bid in the last seconds moves the end, up to the hard end, and a rejected one does not", async () => {
    await using opened = await openedHouse(engine);
    const { house, seller, ada, bo } = await prepare(opened);
    const auctionId = await house.open(seller, planOf(START, { hardEndAt: END + 25_000 }));
    const place = async (bidderId: string, amount: number, at: number) => {
      await house.judge(attemptOf({ auctionId, bidderId, amount, clientBidId: `bid-${at}`, at }));
      return ((await house.find(auctionId))?.end_at ?? 0) - END;
    };

    expect(await place(ada, 10_000, END - 30_001)).toBe(0);
    expect(await place(bo, 10_400, END - 1)).toBe(0);
    expect(await place(bo, 10_500, END - 10_000)).toBe(20_000);
    expect(await place(ada, 11_000, END + 10_000)).toBe(25_000);
    expect(await place(bo, 11_500, END + 24_999)).toBe(25_000);
    expect(await place(ada, 12_000, END + 25_000)).toBe(25_000);
  });

  test("two closers get one result, and an end that was moved is not over", async () => {
    await using opened = await openedHouse(engine);
    const { house, auctionId, ada, judge } = await prepare(opened);
    await judge(ada, 20_000, { at: END - 10_000 });

    const early = await house.closeOverdue(END + 19_999);
    const both = await Promise.all([house.closeOverdue(END + 20_000), opened.otherHouse.closeOverdue(END + 20_000)]);

    expect(early).toEqual([]);
    expect(both.flat().map(({ id, status, price }) => ({ id, status, price }))).toEqual([
      { id: auctionId, status: "sold", price: 20_000 },
    ]);
    expect(await judge(ada, 30_000)).toMatchObject({ result: "ENDED" });
  });

  test.each([
    ["without a bid", undefined],
    ["below the reserve", 19_999],
  ])("nothing is sold %s", async (_when, amount) => {
    await using opened = await openedHouse(engine);
    const { house, ada, judge } = await prepare(opened);
    if (amount !== undefined) await judge(ada, amount);

    expect((await house.closeOverdue(END)).map(({ status }) => status)).toEqual(["unsold"]);
  });

  test("only the seller cancels, until the first bid; later bids hear of it", async () => {
    await using opened = await openedHouse(engine);
    const { house, auctionId, seller, ada, judge } = await prepare(opened);
    const bidden = await house.open(seller, planOf(START));
    await judge(ada, 10_000, { auctionId: bidden });

    expect(await house.cancel(auctionId, ada)).toBeUndefined();
    expect(await house.cancel(bidden, seller)).toBeUndefined();
    expect(await house.cancel(auctionId, seller)).toMatchObject({ status: "cancelled" });
    expect(await judge(ada, 10_000)).toMatchObject({ result: "CANCELLED" });
  });

  test("every rejection is in the log, with its reason and where it came from", async () => {
    await using opened = await openedHouse(engine);
    const { auctionId, ada, judge } = await prepare(opened);
    await judge(ada, 1);

    expect(await opened.database.read.selectFrom("rejections").selectAll().execute()).toEqual([
      {
        auction_id: auctionId,
        bidder_id: ada,
        client_bid_id: "bid-1",
        amount: 1,
        result: "TOO_LOW",
        minimum: 10_000,
        address: "192.0.2.1",
        device: "test",
        created_at: START + 1_000,
      },
    ]);
  });
});
