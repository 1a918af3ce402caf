import { type Database, migrate, openDatabase } from "@hutong/database";
import type { TestEngine } from "@hutong/database/testing";
import { AuctionHouse } from "../../src/auction-house.ts";
import type { BidAttempt } from "../../src/judge-bid.ts";
import { MIGRATIONS, type Tables } from "../../src/tables.ts";

/** Houses on one empty database. */
export interface OpenedHouse extends AsyncDisposable {
  readonly house: AuctionHouse;
  /** The same auctions as another process has them. */
  readonly otherHouse: AuctionHouse;
  readonly database: Database<Tables>;
}

/** Opens an empty database on an engine, twice. */
export async function openedHouse(engine: TestEngine): Promise<OpenedHouse> {
  const temporary = await engine.create();
  const database = await openDatabase<Tables>(temporary.url);
  await migrate(database, MIGRATIONS);
  const other = await openDatabase<Tables>(temporary.url);
  return {
    house: new AuctionHouse(database),
    otherHouse: new AuctionHouse(other),
    database,
    async [Symbol.asyncDispose]() {
      await other.close();
      await database.close();
      await temporary[Symbol.asyncDispose]();
    },
  };
}

/** Makes somebody who has paid the deposit, and gives the id. */
export async function enterBidder(house: AuctionHouse, name: string): Promise<string> {
  const { id } = await house.register(name);
  await house.payDeposit(id);
  return id;
}

/** A bid from somewhere. */
export function attemptOf(bid: Omit<BidAttempt, "address" | "device">): BidAttempt {
  return { ...bid, address: "192.0.2.1", device: "test" };
}
