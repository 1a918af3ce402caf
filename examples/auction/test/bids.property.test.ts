import { testEngines } from "@hutong/database/testing";
import { SeededRandom } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { measureOffset } from "../page/server-time.ts";
import type { AuctionHouse } from "../src/auction-house.ts";
import type { Verdict } from "../src/judge-bid.ts";
import { attemptOf, enterBidder, type OpenedHouse, openedHouse } from "./support/opened-house.ts";
import { planOf } from "./support/started-auction.ts";

const BIDDERS = 16;
const BIDS_EACH = 188;
const STEP = 500;
/** A busy machine with a real database. */
const LIMIT_MS = 120_000;
const START = 1_700_000_000_000;
const [LENGTH_MS, HARD_END_MS] = [60_000, 90_000];
/** How wrong the clocks of the bidders are at most. */
const MAX_SKEW_MS = 300_000;

interface Race {
  readonly auctionId: number;
  readonly houses: readonly AuctionHouse[];
  readonly random: SeededRandom;
  /** The server's time; every judgement takes some. */
  now: number;
  readonly judged: Judged[];
}

interface Judged {
  readonly verdict: Verdict;
  readonly clientBidId: string;
}

/** One bidder with a wrong clock, who looks at the price, bids around it and repeats bids, also when time is up. */
async function run(race: Race, bidderId: string): Promise<void> {
  const { random } = race;
  const skewMs = random.between(-MAX_SKEW_MS, MAX_SKEW_MS);
  let [clientBidId, amount] = ["", 0];
  for (let count = 0; count < BIDS_EACH; count++) {
    const house = random.pick(race.houses);
    const auction = await house.find(race.auctionId);
    if (auction === undefined) throw new Error("the auction has gone");
    if (clientBidId === "" || random.chance(0.75)) {
      clientBidId = `${bidderId}-${count}`;
      amount = auction.price + STEP * random.between(-1, 3) + random.between(-1, 1);
    }
    race.now += random.between(0, 50);
    const at = race.now;
    const bid = attemptOf({ auctionId: race.auctionId, bidderId, clientBidId, amount, at });
    race.judged.push({ verdict: await house.judge(bid), clientBidId });
    if (count % 50 === 0) await expectRightTime(race, skewMs);
  }
}

/** The bidder's own clock is wrong by minutes, and its countdown by half a round trip at most. */
async function expectRightTime(race: Race, skewMs: number): Promise<void> {
  let ownNow = race.now + skewMs;
  const ask = (): Promise<number> => {
    const [there, back] = [race.random.between(1, 40), race.random.between(1, 40)];
    const serverNow = ownNow - skewMs + there;
    ownNow += there + back;
    return Promise.resolve(serverNow);
  };
  const offsetMs = await measureOffset(ask, () => ownNow);
  expect(Math.abs(offsetMs + skewMs)).toBeLessThanOrEqual(40);
}

async function raceOn(opened: OpenedHouse, seed: number): Promise<Race> {
  const { house, otherHouse } = opened;
  const { id: seller } = await house.register("Seller");
  const plan = planOf(START, { step: STEP, endAt: START + LENGTH_MS, hardEndAt: START + HARD_END_MS });
  const auctionId = await house.open(seller, plan);
  const bidders = await Promise.all(
    Array.from({ length: BIDDERS }, (_, index) => enterBidder(house, `Bidder ${index}`)),
  );
  const race: Race = { auctionId, houses: [house, otherHouse], random: new SeededRandom(seed), now: START, judged: [] };
  await Promise.all(bidders.map((bidderId) => run(race, bidderId)));
  return race;
}

describe.each(testEngines())("sixteen bidders on $name", { timeout: LIMIT_MS }, (engine) => {
  test.each([1, 2])("keep every rule in 3,000 bids with repeats and wrong clocks, seed %i", async (seed) => {
    await using opened = await openedHouse(engine);

    const { auctionId, judged } = await raceOn(opened, seed);
    const decisions = await Promise.all([
      opened.house.closeOverdue(START + HARD_END_MS),
      opened.otherHouse.closeOverdue(START + HARD_END_MS),
    ]);

    const bids = await opened.database.read.selectFrom("bids").selectAll().orderBy("bid_no").execute();
    expect(judged).toHaveLength(3_008);
    expect(bids.length).toBeGreaterThan(100);
    expect(bids.map(({ bid_no }) => bid_no)).toEqual(bids.map((_bid, index) => index + 1));
    for (const [index, bid] of bids.entries()) {
      const before = bids[index - 1];
      expect(bid.amount).toBeGreaterThanOrEqual(before === undefined ? 10_000 : before.amount + STEP);
      expect(bid.bidder_id).not.toBe(before?.bidder_id);
      // The end moves with accepted bids, by the rule, and with nothing else: rejected ones came between them.
      const endBefore = before?.end_at_after ?? START + LENGTH_MS;
      const isLate = endBefore - bid.created_at <= 30_000;
      const moved = Math.min(START + HARD_END_MS, Math.max(endBefore, bid.created_at + 30_000));
      expect(bid.end_at_after).toBe(isLate ? moved : endBefore);
      expect(bid.created_at).toBeLessThan(endBefore);
    }
    const last = bids.at(-1);
    expect(decisions.flat()).toMatchObject([
      { id: auctionId, status: "sold", leader_id: last?.bidder_id, price: last?.amount, end_at: last?.end_at_after },
    ]);
    expectOneVerdictEach(judged);
  });
});

/** Each id was judged once; all repeats were told that verdict. */
function expectOneVerdictEach(judged: readonly Judged[]): void {
  const first = new Map<string, Verdict>();
  for (const { clientBidId, verdict } of judged) {
    if (verdict.result === "DUPLICATE") continue;
    expect(first.has(clientBidId)).toBe(false);
    first.set(clientBidId, verdict);
  }
  const repeats = judged.filter(({ verdict }) => verdict.result === "DUPLICATE");
  expect(repeats.length).toBeGreaterThan(100);
  for (const { clientBidId, verdict } of repeats) {
    const { result: original, bidNo, amount } = first.get(clientBidId) ?? {};
    expect({ original: verdict.original, bidNo: verdict.bidNo, amount: verdict.amount }).toEqual({
      original,
      bidNo,
      amount,
    });
  }
}
