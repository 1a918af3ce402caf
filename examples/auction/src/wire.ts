// What travels: money in whole cents, times in milliseconds since 1970 on the server's clock.
import { z } from "zod";
import { BID_RESULTS } from "./bid-result.ts";

/** The largest amount, in cents: no sum of two comes near the limit of whole numbers. */
export const MAX_AMOUNT = 1_000_000_000_000;

const shownBid = z.object({ bidNo: z.number(), bidder: z.string(), amount: z.number(), at: z.number() });

/** A bid as everyone sees it: the bidder's name is masked. */
export type ShownBid = z.output<typeof shownBid>;

const phase = z.enum(["scheduled", "active", "closing", "sold", "unsold", "cancelled"]);

const price = {
  bidNo: z.number(),
  price: z.number(),
  endAt: z.number(),
  isReserveMet: z.boolean(),
  bids: z.array(shownBid).readonly(),
  viewers: z.number(),
  serverNow: z.number(),
};

const bid = {
  payload: z.object({
    clientBidId: z.string().regex(/^[\w-]{8,64}$/),
    amount: z.int().min(1).max(MAX_AMOUNT),
  }),
  reply: z.object({
    result: z.enum(BID_RESULTS),
    /** For `DUPLICATE`: what became of the first bid with this id. */
    original: z.enum(BID_RESULTS).optional(),
    clientBidId: z.string(),
    amount: z.number(),
    bidNo: z.number().optional(),
    /** For `TOO_LOW`. */
    minimum: z.number().optional(),
    /** For `RATE_LIMITED`. */
    retryAfterMs: z.number().optional(),
    serverNow: z.number(),
  }),
};

/** What a client may ask, and what it is answered. */
export const RECEIVES = {
  bid,
  /** What Action Cable calls data without an action: it is a bid. */
  receive: bid,
  bids: {
    payload: z.object({ after: z.int().min(0).max(MAX_AMOUNT) }),
    reply: z.object({ bids: z.array(shownBid).readonly() }),
  },
  clock: {
    /** `sentAt` is the client's own and comes back untouched, for clients that cannot match answers to questions. */
    payload: z.object({ sentAt: z.number().optional() }),
    reply: z.object({ sentAt: z.number().optional(), serverNow: z.number(), viewers: z.number() }),
  },
  cancel: { payload: z.object({}), reply: z.object({ isCancelled: z.boolean() }) },
} as const;

/** What a client hears. */
export const SENDS = {
  /** The whole state; the first event after every join. */
  snapshot: z.object({
    ...price,
    id: z.number(),
    title: z.string(),
    currency: z.string(),
    phase,
    step: z.number(),
    startAt: z.number(),
    hardEndAt: z.number(),
    snipeMs: z.number(),
    extendMs: z.number(),
    /** Who the client is; `null` for spectators. `bidNo` is that of its latest accepted bid, or 0: it leads where this is the auction's. */
    you: z.object({ name: z.string(), isSeller: z.boolean(), hasDeposit: z.boolean(), bidNo: z.number() }).nullable(),
  }),
  /** The price and the bids since the last such event. A gap in the numbers is closed with `bids`. */
  price: z.object(price),
  /** Somebody has bid more than this client, which led until now. */
  outbid: z.object({ bidNo: z.number(), price: z.number() }),
  /** The decision. Whoever placed bid `bidNo` has won, if the phase is `sold`. */
  ended: z.object({ phase, bidNo: z.number(), price: z.number() }),
  // The answers again, for clients whose grammar has none.
  bid_result: RECEIVES.bid.reply,
  bids: RECEIVES.bids.reply,
  clock: RECEIVES.clock.reply,
  cancel: RECEIVES.cancel.reply,
} as const;

/** The whole state. */
export type Snapshot = z.output<typeof SENDS.snapshot>;
