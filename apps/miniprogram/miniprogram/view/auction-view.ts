import { type AuctionState, minimumOf, phaseAt } from "../model/auction-state";
import type { CableAuction } from "../model/cable-auction";
import type { Words } from "../words/en";
import { moneyOf } from "./money";
import { timeOf } from "./moments";

/** The offers, in steps of the auction above the least bid. */
const OFFERS = [0, 1, 4] as const;
/** From here on the countdown is red. */
const LAST_MS = 30_000;

/** What the page of the auction shows. */
export function auctionView(auction: CableAuction, words: Words) {
  const { state, isSubscribed } = auction;
  const link = isSubscribed ? "" : words.links.connecting;
  if (state === undefined) return { link, isKnown: false };
  const now = auction.now();
  const phase = phaseAt(state, now);
  const isOpen = phase === "scheduled" || phase === "active";
  const standing = standingOf(state, phase);
  const { labels } = words;
  return {
    link,
    isKnown: true,
    title: state.title,
    phase: textOfPhase(phase, words),
    isOpen,
    priceLabel: priceLabelOf(state, phase, words),
    price: moneyOf(state.price),
    ...countdownOf(state, { phase, now }, words),
    reserve: isOpen ? (state.isReserveMet ? labels.reserveMet : labels.reserveNotMet) : "",
    viewers: `${state.viewers} ${labels.viewers}`,
    tone: standing,
    standing: standing === "" ? (state.isSeller ? labels.ownAuction : "") : labels[standing],
    canBid: state.canBid && isOpen,
    // Who leads does not outbid itself, and a server that does not hear takes no bids.
    isBarred: standing === "leading" || phase !== "active" || !isSubscribed,
    mayJoin: !state.canBid && !state.isSeller && isOpen,
    offers: OFFERS.map((steps) => {
      const amount = minimumOf(state) + steps * state.step;
      return { amount, text: moneyOf(amount) };
    }),
    bids: state.bids.map((bid) => ({
      ...bid,
      time: timeOf(bid.at),
      text: moneyOf(bid.amount),
      isOwn: bid.bidNo === state.ownBidNo,
    })),
  };
}

/** A time that is left, as hours if there are any, minutes and seconds. */
export function leftOf(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const pad = (number: number): string => String(number).padStart(2, "0");
  return `${hours > 0 ? `${hours}:${pad(minutes)}` : minutes}:${pad(seconds % 60)}`;
}

function textOfPhase(phase: string, { phases }: Words): string {
  return new Map<string, string>(Object.entries(phases)).get(phase) ?? "";
}

function priceLabelOf({ bidNo, bids }: AuctionState, phase: string, { labels, soldTo }: Words): string {
  if (phase === "sold") return soldTo(bids.find((bid) => bid.bidNo === bidNo)?.bidder ?? "");
  return bidNo === 0 ? labels.startPrice : labels.highestBid;
}

interface Moment {
  readonly phase: string;
  /** By the server's clock. */
  readonly now: number;
}

function countdownOf({ startAt, endAt, isExtended }: AuctionState, { phase, now }: Moment, { labels }: Words) {
  if (phase === "scheduled")
    return { leftLabel: labels.startsIn, left: leftOf(startAt - now), isLast: false, extended: "" };
  if (phase !== "active") return { leftLabel: "", left: "", isLast: false, extended: "" };
  const leftMs = endAt - now;
  const extended = isExtended ? labels.extended : "";
  return { leftLabel: labels.endsIn, left: leftOf(leftMs), isLast: leftMs < LAST_MS, extended };
}

function standingOf({ ownBidNo = 0, bidNo }: AuctionState, phase: string): "leading" | "outbid" | "won" | "lost" | "" {
  if (ownBidNo === 0 || phase === "unsold" || phase === "cancelled") return "";
  if (phase === "sold") return ownBidNo === bidNo ? "won" : "lost";
  return ownBidNo === bidNo ? "leading" : "outbid";
}
