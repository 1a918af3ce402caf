/** What a bidder is told of a bid. */
export const BID_RESULTS = [
  "OK",
  "DUPLICATE",
  "TOO_LOW",
  "ALREADY_LEADER",
  "NOT_STARTED",
  "ENDED",
  "NOT_ELIGIBLE",
  "RATE_LIMITED",
  "CANCELLED",
] as const;

/** One of {@link BID_RESULTS}. */
export type BidResult = (typeof BID_RESULTS)[number];
