import type { Database } from "@hutong/database";
import { type Selectable, sql } from "kysely";
import { uuidv7 } from "uuidv7";
import type { Auction } from "./auction.ts";
import { type BidAttempt, judgeBid, type Verdict } from "./judge-bid.ts";
import type { Tables } from "./tables.ts";

/** Somebody who bids or sells. */
export type Person = Selectable<Tables["people"]>;

/** What a seller decides; money in cents, times in milliseconds since 1970. */
export interface AuctionPlan {
  readonly title: string;
  /** An ISO 4217 code. */
  readonly currency: string;
  readonly startPrice: number;
  readonly step: number;
  readonly reserve: number;
  readonly startAt: number;
  readonly endAt: number;
  /** A bid in the last `snipeMs` moves the end to `extendMs` from then. */
  readonly snipeMs: number;
  readonly extendMs: number;
  /** No bid moves the end beyond this. */
  readonly hardEndAt: number;
}

/** A bid in the list, with its bidder's name, which is masked before strangers see it. */
export interface ListedBid {
  readonly bid_no: number;
  readonly name: string;
  readonly amount: number;
  readonly created_at: number;
}

/** Most bids of one page. */
export const MAX_LISTED_BIDS = 100;

/** The auctions as the database has them. Everything that changes is one transaction; any number of processes may share a database. */
export class AuctionHouse {
  readonly #database: Database<Tables>;

  /** The database stays the caller's. */
  constructor(database: Database<Tables>) {
    this.#database = database;
  }

  /** Makes a person, who has paid no deposit yet. */
  async register(name: string): Promise<Person> {
    const person: Person = { id: uuidv7(), name, has_deposit: 0 };
    await this.#database.write((transaction) => transaction.insertInto("people").values(person).execute());
    return person;
  }

  /** Finds a person. */
  person(id: string): Promise<Person | undefined> {
    return this.#database.read.selectFrom("people").selectAll().where("id", "=", id).executeTakeFirst();
  }

  /** Notes that a person has paid the deposit. Where real money is paid, this is what the payment provider's call leads to. */
  async payDeposit(id: string): Promise<void> {
    await this.#database.write((transaction) =>
      transaction.updateTable("people").set({ has_deposit: 1 }).where("id", "=", id).execute(),
    );
  }

  /** Opens an auction, and gives its id. */
  async open(sellerId: string, plan: AuctionPlan): Promise<number> {
    const { id } = await this.#database.write((transaction) =>
      transaction
        .insertInto("auctions")
        .values({
          seller_id: sellerId,
          title: plan.title,
          currency: plan.currency,
          status: "open",
          price: plan.startPrice,
          step: plan.step,
          reserve: plan.reserve,
          leader_id: null,
          bid_no: 0,
          start_at: plan.startAt,
          end_at: plan.endAt,
          snipe_ms: plan.snipeMs,
          extend_ms: plan.extendMs,
          hard_end_at: plan.hardEndAt,
        })
        .returning("id")
        .executeTakeFirstOrThrow(),
    );
    return id;
  }

  /** Finds an auction. */
  find(id: number): Promise<Auction | undefined> {
    return this.#database.read.selectFrom("auctions").selectAll().where("id", "=", id).executeTakeFirst();
  }

  /** The id of the auction that was opened last. */
  async newestId(): Promise<number | undefined> {
    const newest = this.#database.read.selectFrom("auctions").select("id").orderBy("id", "desc").limit(1);
    return (await newest.executeTakeFirst())?.id;
  }

  /** Judges a bid. When this resolves the verdict is committed; a repeat gets the verdict of the first. */
  judge(attempt: BidAttempt): Promise<Verdict> {
    return judgeBid(this.#database, attempt);
  }

  /** Bids with a number above `after`, in their order: the first of them, at most {@link MAX_LISTED_BIDS}. */
  bidsAfter(auctionId: number, after: number): Promise<readonly ListedBid[]> {
    return this.#bids(auctionId).where("bid_no", ">", after).orderBy("bid_no").limit(MAX_LISTED_BIDS).execute();
  }

  /** The latest bids, in their order, at most {@link MAX_LISTED_BIDS}. */
  async latestBids(auctionId: number): Promise<readonly ListedBid[]> {
    return (await this.#bids(auctionId).orderBy("bid_no", "desc").limit(MAX_LISTED_BIDS).execute()).toReversed();
  }

  /** The number of somebody's latest accepted bid; 0 without one. */
  async lastBidNoOf(auctionId: number, bidderId: string): Promise<number> {
    const { last } = await this.#database.read
      .selectFrom("bids")
      .select(({ fn }) => fn.max<number | null>("bid_no").as("last"))
      .where("auction_id", "=", auctionId)
      .where("bidder_id", "=", bidderId)
      .executeTakeFirstOrThrow();
    return last ?? 0;
  }

  /** Ends every auction whose time is over, and gives those that this call ended: of two calls that race, one gets each. */
  closeOverdue(nowMs: number): Promise<readonly Auction[]> {
    return this.#database.write((transaction) =>
      transaction
        .updateTable("auctions")
        .set({
          status: sql<
            "sold" | "unsold"
          >`case when leader_id is not null and price >= reserve then 'sold' else 'unsold' end`,
        })
        .where("status", "=", "open")
        .where("end_at", "<=", nowMs)
        .returningAll()
        .execute(),
    );
  }

  /** Cancels an auction for its seller, until the first bid; `undefined` when it is too late, or somebody else's. */
  cancel(auctionId: number, sellerId: string): Promise<Auction | undefined> {
    return this.#database.write((transaction) =>
      transaction
        .updateTable("auctions")
        .set({ status: "cancelled" })
        .where("id", "=", auctionId)
        .where("seller_id", "=", sellerId)
        .where("status", "=", "open")
        .where("leader_id", "is", null)
        .returningAll()
        .executeTakeFirst(),
    );
  }

  /** When the next open auction ends. */
  async nextEndAt(): Promise<number | undefined> {
    const { next } = await this.#database.read
      .selectFrom("auctions")
      .select(({ fn }) => fn.min<number | null>("end_at").as("next"))
      .where("status", "=", "open")
      .executeTakeFirstOrThrow();
    return next ?? undefined;
  }

  #bids(auctionId: number) {
    return this.#database.read
      .selectFrom("bids")
      .innerJoin("people", "people.id", "bids.bidder_id")
      .select(["bid_no", "name", "amount", "created_at"])
      .where("auction_id", "=", auctionId);
  }
}
