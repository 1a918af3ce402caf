/**
 * The one statement that decides a bid. All conditions are in it, so that of two bids that race one finds the
 * other's price, on one process or on several: both engines let one statement at a time change the row, and the later one looks at
 * the row that the earlier one left. A bid that changes no row has changed nothing, the end of the auction least of all.
 */
import type { Database } from "@hutong/database";
import { sql, type Transaction } from "kysely";
import type { Tables } from "./tables.ts";

/** A bid as it arrived. */
export interface Bid {
  readonly auctionId: number;
  readonly bidderId: string;
  /** Chosen by the client; a repeat of it is answered with what became of the first. */
  readonly clientBidId: string;
  /** In cents. */
  readonly amount: number;
  /** When the server received it: this, and never a client's clock, decides. */
  readonly at: number;
}

/** What a bid made of its auction. */
export interface Raised {
  readonly bid_no: number;
  readonly end_at: number;
  readonly reserve: number;
}

/** Makes the bid the highest one; `undefined` when a condition is not met, or this bid was judged before. */
export async function raise(
  transaction: Transaction<Tables>,
  kind: Database<Tables>["kind"],
  { auctionId, bidderId, clientBidId, amount, at }: Bid,
): Promise<Raised | undefined> {
  const [least, greatest] = kind === "sqlite" ? ["min", "max"] : ["least", "greatest"];
  const { rows } = await sql<Raised>`
    update auctions set
      end_at = case when end_at - ${at} <= snipe_ms
        then ${sql.raw(least)}(hard_end_at, ${sql.raw(greatest)}(end_at, ${at} + extend_ms)) else end_at end,
      price = ${amount}, leader_id = ${bidderId}, bid_no = bid_no + 1
    where id = ${auctionId} and status = 'open' and start_at <= ${at} and end_at > ${at}
      and seller_id <> ${bidderId} and (leader_id is null or leader_id <> ${bidderId})
      and ${amount} >= case when leader_id is null then price else price + step end
      and exists (select 1 from people where id = ${bidderId} and has_deposit = 1)
      and not exists (select 1 from bids
        where auction_id = ${auctionId} and bidder_id = ${bidderId} and client_bid_id = ${clientBidId})
      and not exists (select 1 from rejections
        where auction_id = ${auctionId} and bidder_id = ${bidderId} and client_bid_id = ${clientBidId})
    returning bid_no, end_at, reserve`.execute(transaction);
  return rows[0];
}
