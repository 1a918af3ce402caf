import type { Selectable } from "kysely";
import type { BidResult } from "./bid-result.ts";
import type { Tables } from "./tables.ts";

/** One row of the auctions. */
export type Auction = Selectable<Tables["auctions"]>;

/** Where an auction is in its life: what was decided, or else what the clock says. */
export type Phase = "scheduled" | "active" | "closing" | "sold" | "unsold" | "cancelled";

/** The phase at a time. `closing` is the moment between the end and the decision. */
export function phaseOf({ status, start_at, end_at }: Auction, nowMs: number): Phase {
  if (status !== "open") return status;
  if (nowMs < start_at) return "scheduled";
  return nowMs < end_at ? "active" : "closing";
}

/** The lowest bid that would be accepted now. */
export function minimumOf({ leader_id, price, step }: Auction): number {
  return leader_id === null ? price : price + step;
}

/** What is judged: who bids how much, and when the server received it. */
export interface JudgedBid {
  readonly bidderId: string;
  /** In cents. */
  readonly amount: number;
  readonly at: number;
  /** Whether the bidder has paid the deposit. */
  readonly hasDeposit: boolean;
}

/**
 * Says why a bid was not accepted, given the auction as it is now. `undefined` when nothing stands in its way any more,
 * because it was outrun by another bid.
 */
export function whyRejected(auction: Auction, { bidderId, amount, at, hasDeposit }: JudgedBid): BidResult | undefined {
  const phase = phaseOf(auction, at);
  if (phase === "cancelled") return "CANCELLED";
  if (auction.seller_id === bidderId || !hasDeposit) return "NOT_ELIGIBLE";
  if (phase === "scheduled") return "NOT_STARTED";
  if (phase !== "active") return "ENDED";
  if (auction.leader_id === bidderId) return "ALREADY_LEADER";
  return amount < minimumOf(auction) ? "TOO_LOW" : undefined;
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** A name as strangers see it: its first character. */
export function maskName(name: string): string {
  const [first] = GRAPHEMES.segment(name);
  return `${first?.segment ?? ""}**`;
}
