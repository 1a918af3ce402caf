import { SQLITE_ENGINE } from "@hutong/database/testing";
import { eventually, FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import type { AuctionHouse } from "../src/auction-house.ts";
import { Closer } from "../src/closer.ts";
import { attemptOf, enterBidder, openedHouse } from "./support/opened-house.ts";
import { planOf } from "./support/started-auction.ts";

const START = 1_700_000_000_000;

async function openOne(house: AuctionHouse, endAt: number): Promise<number> {
  const { id } = await house.register("Seller");
  return house.open(id, planOf(START, { endAt }));
}

describe("Closer", () => {
  test("ends an auction at its end, not before, and sleeps until then", async () => {
    await using opened = await openedHouse(SQLITE_ENGINE);
    const { house } = opened;
    const clock = new FakeClock(START);
    const ended: number[] = [];
    const closer = new Closer({ house, clock, ended: ({ id }) => ended.push(id), failed: () => {} });
    const auctionId = await openOne(house, START + 50_000);

    await closer.look();
    await clock.advance(49_999);
    await closer.look();
    expect(ended).toEqual([]);
    await clock.advance(1);
    await eventually(() => expect(ended).toEqual([auctionId]));

    await closer.close();
    expect(clock.timerCount).toBe(0);
  });

  test("goes on sleeping when a bid has moved the end", async () => {
    await using opened = await openedHouse(SQLITE_ENGINE);
    const { house } = opened;
    const clock = new FakeClock(START);
    const ended: number[] = [];
    const closer = new Closer({ house, clock, ended: ({ id }) => ended.push(id), failed: () => {} });
    const auctionId = await openOne(house, START + 50_000);
    const bidderId = await enterBidder(house, "Ada");
    await closer.look();
    await house.judge(attemptOf({ auctionId, bidderId, clientBidId: "late-bid", amount: 10_000, at: START + 45_000 }));

    await clock.advance(50_000);
    await closer.look();
    expect(ended).toEqual([]);
    await clock.advance(25_000);
    await eventually(() => expect(ended).toEqual([auctionId]));

    await closer.close();
  });

  test("two closers tell of an end once between them", async () => {
    await using opened = await openedHouse(SQLITE_ENGINE);
    const clock = new FakeClock(START);
    const ended: number[] = [];
    const closers = [opened.house, opened.otherHouse].map(
      (house) => new Closer({ house, clock, ended: ({ id }) => ended.push(id), failed: () => {} }),
    );
    const auctionId = await openOne(opened.house, START);

    await Promise.all(closers.map((closer) => closer.look()));

    expect(ended).toEqual([auctionId]);
    await Promise.all(closers.map((closer) => closer.close()));
  });

  test("asks a database that failed again", async () => {
    await using opened = await openedHouse(SQLITE_ENGINE);
    const clock = new FakeClock(START);
    const failures: unknown[] = [];
    const closer = new Closer({
      house: opened.otherHouse,
      clock,
      ended: () => {},
      failed: (error) => failures.push(error),
    });
    await opened.database.write((transaction) => transaction.schema.dropTable("auctions").execute());

    await closer.look();
    await clock.advance(1_000);

    await eventually(() => expect(failures).toHaveLength(2));
    await closer.close();
  });
});
