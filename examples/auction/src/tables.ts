import type { Migration } from "@hutong/database";
import type { BidResult } from "./bid-result.ts";
import { type Generated, sql } from "kysely";

// Money is in whole cents, times are milliseconds since 1970, flags are 0 and 1. Both engines have exactly these columns.

interface PersonTable {
  id: string;
  name: string;
  /** Whether the deposit that bidding takes has been paid. */
  has_deposit: 0 | 1;
}

interface AuctionTable {
  id: Generated<number>;
  seller_id: string;
  title: string;
  currency: string;
  /** Whether it has begun, and whether it is over, is for the clock to say; this is what was decided. */
  status: "open" | "sold" | "unsold" | "cancelled";
  /** The start price until the first bid, then the highest bid. */
  price: number;
  step: number;
  /** Below it nothing is sold. Bidders are told only whether it is met. */
  reserve: number;
  leader_id: string | null;
  /** Number of the highest bid; 0 before the first. */
  bid_no: number;
  start_at: number;
  end_at: number;
  /** A bid in the last `snipe_ms` moves the end to `extend_ms` from now. */
  snipe_ms: number;
  extend_ms: number;
  /** No bid moves the end beyond this. */
  hard_end_at: number;
}

/** Every bid that was accepted. Rows are only added. */
interface BidTable {
  auction_id: number;
  bid_no: number;
  bidder_id: string;
  client_bid_id: string;
  amount: number;
  end_at_after: number;
  created_at: number;
}

/** Every bid that was judged and rejected, with where it came from. Rows are only added. */
interface RejectionTable {
  auction_id: number;
  bidder_id: string;
  client_bid_id: string;
  amount: number;
  result: BidResult;
  /** What would have been enough, for `TOO_LOW`. */
  minimum: number | null;
  address: string;
  device: string;
  created_at: number;
}

/** The tables as the code sees them. */
export interface Tables {
  people: PersonTable;
  auctions: AuctionTable;
  bids: BidTable;
  rejections: RejectionTable;
}

const AUCTIONS: Migration = {
  name: "0001_auctions",
  async up(database, kind) {
    const id = kind === "sqlite" ? "integer primary key" : "bigint generated always as identity primary key";
    const statements = [
      "create table people (id text not null primary key, name text not null, has_deposit bigint not null)",
      `create table auctions (id ${id}, seller_id text not null, title text not null, currency text not null,
        status text not null, price bigint not null, step bigint not null, reserve bigint not null, leader_id text,
        bid_no bigint not null, start_at bigint not null, end_at bigint not null, snipe_ms bigint not null,
        extend_ms bigint not null, hard_end_at bigint not null)`,
      "create index auctions_ends on auctions (status, end_at)",
      `create table bids (auction_id bigint not null, bid_no bigint not null, bidder_id text not null,
        client_bid_id text not null, amount bigint not null, end_at_after bigint not null, created_at bigint not null,
        primary key (auction_id, bid_no), unique (auction_id, bidder_id, client_bid_id))`,
      `create table rejections (auction_id bigint not null, bidder_id text not null, client_bid_id text not null,
        amount bigint not null, result text not null, minimum bigint, address text not null, device text not null,
        created_at bigint not null, primary key (auction_id, bidder_id, client_bid_id))`,
    ];
    for (const statement of statements) await sql.raw(statement).execute(database);
  },
};

/** Every step of the schema, the oldest first. */
export const MIGRATIONS: readonly Migration[] = [AUCTIONS];
