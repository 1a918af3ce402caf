import type { CableAuction } from "../model/cable-auction";
import type { Words } from "../words/en";
import { timeOf } from "./moments";

/** What the page of the auction shows. */
export function auctionView(auction: CableAuction, words: Words) {
  const { state } = auction;
  const { labels } = words;
  const link = auction.isSubscribed ? "" : words.links.connecting;
  if (state === undefined) return { labels, link, isKnown: false };
  const { title, phase, price, step, bids, viewers, isReserveMet, ownBidNo, canBid, bidNo, endAt } = state;
  const isOpen = phase === "active" || phase === "closing";
  const leads = ownBidNo !== undefined && ownBidNo > 0 && ownBidNo === bidNo;
  return {
    labels,
    link,
    isKnown: true,
    title,
    phase: textOfPhase(phase, words),
    isOpen,
    price: moneyOf(price),
    left: isOpen ? leftOf(endAt - auction.now()) : "",
    reserve: isReserveMet ? labels.reserveMet : labels.reserveNotMet,
    viewers: `${viewers} ${labels.viewers}`,
    standing: standingOf({ leads, ownBidNo }, words),
    leads,
    canBid: canBid && isOpen,
    mayJoin: !canBid && isOpen,
    offers: [1, 2, 5].map((steps) => ({ amount: price + step * steps, text: moneyOf(price + step * steps) })),
    bids: bids.map((bid) => ({
      ...bid,
      time: timeOf(bid.at),
      text: moneyOf(bid.amount),
      isOwn: bid.bidNo === ownBidNo,
    })),
  };
}

/** An amount in cents, as it is written. */
export function moneyOf(cents: number): string {
  const whole = String(Math.trunc(cents / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  const rest = cents % 100;
  return `¥${whole}${rest === 0 ? "" : `.${String(rest).padStart(2, "0")}`}`;
}

/** A time that is left, as minutes and seconds. */
export function leftOf(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function textOfPhase(phase: string, { phases }: Words): string {
  return new Map<string, string>(Object.entries(phases)).get(phase) ?? "";
}

interface Standing {
  readonly leads: boolean;
  readonly ownBidNo: number | undefined;
}

function standingOf({ leads, ownBidNo }: Standing, { labels }: Words): string {
  if (leads) return labels.leading;
  return ownBidNo === undefined || ownBidNo === 0 ? "" : labels.outbid;
}
