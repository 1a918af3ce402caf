import { type Database, isUniqueViolation } from "@hutong/database";
import type { Transaction } from "kysely";
import { minimumOf, whyRejected } from "./auction.ts";
import type { BidResult } from "./bid-result.ts";
import { type Bid, raise, type Raised } from "./raise.ts";
import type { Tables } from "./tables.ts";

/** A bid, and where it came from, for the log of rejections. */
export interface BidAttempt extends Bid {
  readonly address: string;
  readonly device: string;
}

/** What became of a bid. */
export interface Verdict {
  readonly result: BidResult;
  /** What became of the first bid with this id, for `DUPLICATE`. */
  readonly original?: BidResult;
  /** The number of the bid, if it was accepted. */
  readonly bidNo?: number;
  /** In cents; that of the first bid with this id, for `DUPLICATE`. */
  readonly amount: number;
  /** What would have been enough, for `TOO_LOW`. */
  readonly minimum?: number;
  /** What the bid changed; only for `OK`, so that a repeat announces nothing. */
  readonly raised?: Raised & { readonly outbidId: string | undefined };
}

/** How often a bid may be overtaken while it is judged; that it happens twice takes a coincidence. */
const MAX_ATTEMPTS = 10;

/**
 * Judges a bid and keeps the verdict, both in one transaction. When the promise resolves the verdict is committed, and
 * every repeat of the bid gets the same one. Rejects with what the database threw; the bid is then not in it.
 */
export async function judgeBid(database: Database<Tables>, attempt: BidAttempt): Promise<Verdict> {
  let cause: unknown;
  for (let count = 0; count < MAX_ATTEMPTS; count++) {
    try {
      const verdict = await database.write((transaction) => decide(transaction, database.kind, attempt));
      if (verdict !== undefined) return verdict;
    } catch (error) {
      // Two copies of one bid were judged at the same time, and the other one is kept: now it is found.
      if (!isUniqueViolation(error)) throw error;
      cause = error;
    }
  }
  throw new Error(`a bid was overtaken ${MAX_ATTEMPTS} times while it was judged`, { cause });
}

async function decide(
  transaction: Transaction<Tables>,
  kind: Database<Tables>["kind"],
  attempt: BidAttempt,
): Promise<Verdict | undefined> {
  const raised = await raise(transaction, kind, attempt);
  if (raised !== undefined) return accept(transaction, attempt, raised);
  return (await findOriginal(transaction, attempt)) ?? (await reject(transaction, attempt));
}

async function accept(transaction: Transaction<Tables>, attempt: BidAttempt, raised: Raised): Promise<Verdict> {
  const { auctionId, bidderId, clientBidId, amount, at } = attempt;
  await transaction
    .insertInto("bids")
    .values({
      auction_id: auctionId,
      bid_no: raised.bid_no,
      bidder_id: bidderId,
      client_bid_id: clientBidId,
      amount,
      end_at_after: raised.end_at,
      created_at: at,
    })
    .execute();
  const before = await transaction
    .selectFrom("bids")
    .select("bidder_id")
    .where("auction_id", "=", auctionId)
    .where("bid_no", "=", raised.bid_no - 1)
    .executeTakeFirst();
  return { result: "OK", bidNo: raised.bid_no, amount, raised: { ...raised, outbidId: before?.bidder_id } };
}

async function findOriginal(transaction: Transaction<Tables>, attempt: BidAttempt): Promise<Verdict | undefined> {
  const { auctionId, bidderId, clientBidId } = attempt;
  const key = { auction_id: auctionId, bidder_id: bidderId, client_bid_id: clientBidId };
  const bid = await transaction
    .selectFrom("bids")
    .select(["bid_no", "amount"])
    .where((is) => is.and(key))
    .executeTakeFirst();
  if (bid !== undefined) return { result: "DUPLICATE", original: "OK", bidNo: bid.bid_no, amount: bid.amount };
  const rejection = await transaction
    .selectFrom("rejections")
    .select(["result", "amount", "minimum"])
    .where((is) => is.and(key))
    .executeTakeFirst();
  if (rejection === undefined) return undefined;
  const { result: original, amount, minimum } = rejection;
  return { result: "DUPLICATE", original, amount, ...(minimum !== null && { minimum }) };
}

async function reject(transaction: Transaction<Tables>, attempt: BidAttempt): Promise<Verdict | undefined> {
  const { auctionId, bidderId, clientBidId, amount, at, address, device } = attempt;
  const auction = await transaction
    .selectFrom("auctions")
    .selectAll()
    .where("id", "=", auctionId)
    .executeTakeFirstOrThrow();
  const person = await transaction
    .selectFrom("people")
    .select("has_deposit")
    .where("id", "=", bidderId)
    .executeTakeFirst();
  const result = whyRejected(auction, { bidderId, amount, at, hasDeposit: person?.has_deposit === 1 });
  if (result === undefined) return undefined;
  const minimum = result === "TOO_LOW" ? minimumOf(auction) : undefined;
  await transaction
    .insertInto("rejections")
    .values({
      auction_id: auctionId,
      bidder_id: bidderId,
      client_bid_id: clientBidId,
      amount,
      result,
      minimum: minimum ?? null,
      address,
      device,
      created_at: at,
    })
    .execute();
  return { result, amount, ...(minimum !== undefined && { minimum }) };
}
