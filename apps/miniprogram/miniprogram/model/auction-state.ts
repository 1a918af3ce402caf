import { isRecord } from "./is-record";

/** A bid as everyone sees it; money in cents, times in milliseconds since 1970 by the server's clock. */
export interface ShownBid {
  readonly bidNo: number;
  /** The bidder's name, masked. */
  readonly bidder: string;
  readonly amount: number;
  readonly at: number;
}

/** What is known of the auction. */
export interface AuctionState {
  readonly title: string;
  /** As the server said it last; {@link phaseAt} says it for now. */
  readonly phase: string;
  /** The highest bid, or the start price before the first one. */
  readonly price: number;
  readonly step: number;
  /** Number of the highest bid; 0 before the first one. */
  readonly bidNo: number;
  readonly startAt: number;
  readonly endAt: number;
  readonly isReserveMet: boolean;
  readonly viewers: number;
  /** The latest first. */
  readonly bids: readonly ShownBid[];
  /** The user's latest accepted bid; 0 for none. `undefined` for spectators. */
  readonly ownBidNo: number | undefined;
  readonly isSeller: boolean;
  /** Whether the user has paid the deposit. */
  readonly canBid: boolean;
  /** Whether a late bid has moved the end while the user was looking. */
  readonly isExtended: boolean;
}

/** What the server says, after Action Cable's wrapping is off. */
export type AuctionEvent = Readonly<Record<string, unknown>>;

const SHOWN_BIDS = 30;
const DECIDED: readonly string[] = ["sold", "unsold", "cancelled"];

/** The whole state of a snapshot; `before` is what was known until then. */
export function readSnapshot(event: AuctionEvent, before: AuctionState | undefined): AuctionState {
  const you = isRecord(event["you"]) ? event["you"] : undefined;
  const price = readPrice(event);
  return {
    ...price,
    title: textOf(event["title"]),
    phase: textOf(event["phase"]),
    step: numberOf(event["step"]),
    startAt: numberOf(event["startAt"]),
    bids: mergeBids([], readBids(event["bids"])),
    ownBidNo: you === undefined ? undefined : numberOf(you["bidNo"]),
    isSeller: you?.["isSeller"] === true,
    canBid: you?.["hasDeposit"] === true && you["isSeller"] !== true,
    isExtended: before !== undefined && (before.isExtended || price.endAt > before.endAt),
  };
}

/** The state after an event; the same one when the event says nothing new. */
export function takeEvent(state: AuctionState, event: AuctionEvent): AuctionState {
  switch (event["event"]) {
    case "price":
      return takePrice(state, event);
    case "bids":
      return { ...state, bids: mergeBids(state.bids, readBids(event["bids"])) };
    case "clock":
      return { ...state, viewers: numberOf(event["viewers"]) };
    case "ended":
      return { ...state, phase: textOf(event["phase"]) };
    case "bid_result":
      return takeResult(state, event);
    default:
      return state;
  }
}

/** The phase at a time by the server's clock: between the start and the decision only the time says it. */
export function phaseAt({ phase, startAt, endAt }: AuctionState, serverNow: number): string {
  if (DECIDED.includes(phase)) return phase;
  if (serverNow < startAt) return "scheduled";
  return serverNow < endAt ? "active" : "closing";
}

/** The least that may be bid now. */
export function minimumOf({ bidNo, price, step }: AuctionState): number {
  return bidNo === 0 ? price : price + step;
}

/** The number before the first one that is missing up to the highest bid; `undefined` when none is. */
export function gapBefore({ bids, bidNo }: AuctionState, known: number): number | undefined {
  const numbers = new Set(bids.map((bid) => bid.bidNo));
  for (let number = known + 1; number <= bidNo; number += 1) if (!numbers.has(number)) return number - 1;
  return undefined;
}

function takePrice(state: AuctionState, event: AuctionEvent): AuctionState {
  const bids = mergeBids(state.bids, readBids(event["bids"]));
  const price = readPrice(event);
  if (price.bidNo < state.bidNo) return { ...state, bids };
  return { ...state, ...price, bids, isExtended: state.isExtended || price.endAt > state.endAt };
}

/** In a large room the answer to a bid is here before the price that it made. */
function takeResult(state: AuctionState, event: AuctionEvent): AuctionState {
  const bidNo = numberOf(event["bidNo"]);
  if (bidNo === 0) return state;
  const own = { ...state, ownBidNo: Math.max(state.ownBidNo ?? 0, bidNo) };
  return bidNo > state.bidNo ? { ...own, bidNo, price: numberOf(event["amount"]) } : own;
}

function readPrice({ price, bidNo, endAt, isReserveMet, viewers }: AuctionEvent) {
  return {
    price: numberOf(price),
    bidNo: numberOf(bidNo),
    endAt: numberOf(endAt),
    isReserveMet: isReserveMet === true,
    viewers: numberOf(viewers),
  };
}

function readBids(value: unknown): readonly ShownBid[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map(({ bidNo, bidder, amount, at }) => ({
    bidNo: numberOf(bidNo),
    bidder: textOf(bidder),
    amount: numberOf(amount),
    at: numberOf(at),
  }));
}

function mergeBids(held: readonly ShownBid[], given: readonly ShownBid[]): readonly ShownBid[] {
  const byNumber = new Map([...held, ...given].map((bid) => [bid.bidNo, bid]));
  return [...byNumber.values()].sort((one, other) => other.bidNo - one.bidNo).slice(0, SHOWN_BIDS);
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
