import { accept, type Channel, channelsFor, refuse, reply } from "@hutong/server";
import type { Clock } from "@hutong/server/plugin";
import { type Auction, maskName, phaseOf } from "./auction.ts";
import type { AuctionHouse, ListedBid, Person } from "./auction-house.ts";
import type { BidRate } from "./bid-rate.ts";
import type { Verdict } from "./judge-bid.ts";
import type { Price, PriceBoard } from "./price-board.ts";
import { RECEIVES, SENDS, type ShownBid, type Snapshot } from "./wire.ts";

/** What is known of a connection. */
export interface AuctionAssigns {
  /** `undefined` for spectators. */
  readonly person: Pick<Person, "id" | "name"> | undefined;
  /** Where its bids come from, for the log. */
  readonly address: string;
  readonly device: string;
}

/** What the channel works with. */
export interface AuctionChannelParts {
  readonly house: AuctionHouse;
  readonly board: PriceBoard;
  readonly rate: BidRate;
  readonly clock: Clock;
  /** Sends an event to everyone on a topic. */
  readonly broadcast: (topic: string, event: "outbid" | "ended", payload: object) => void;
}

interface Seat {
  readonly auctionId: number;
  /** Says that this viewer has gone. */
  leave: () => void;
}

type AuctionRoom = Channel<typeof SENDS, Seat, Readonly<AuctionAssigns>>;

const defineChannel = channelsFor<AuctionAssigns>();

/** The topic of an auction. */
export const topicOf = (auctionId: number): string => `auction:${auctionId}`;

/** Where a bidder hears of being outbid. Nobody can join it: the auction's channel streams it to its owner. */
const outbidTopicOf = (auctionId: number, personId: string): string => `outbid:${auctionId}:${personId}`;

/**
 * An auction, `auction:<id>`; to Action Cable the AuctionChannel with an `id`. That grammar carries no replies, so every answer
 * is also pushed to the client that asked.
 */
export const auctionChannel = (parts: AuctionChannelParts) =>
  defineChannel("auction:*", {
    receives: RECEIVES,
    sends: SENDS,
    cable: {
      name: "AuctionChannel",
      topic: ({ id }) => `auction:${String(id)}`,
      message: (event, payload) => ({ event, ...Object(payload) }),
    },
    join: async ({ topic }) => {
      const auctionId = parseTopic(topic);
      if (auctionId === undefined || (await parts.house.find(auctionId)) === undefined) return refuse("not_found");
      const seat: Seat = { auctionId, leave: () => {} };
      return accept({ assigns: seat });
    },
    joined: async (channel) => {
      const { auctionId, person } = channel.assigns;
      if (person !== undefined) await channel.stream(outbidTopicOf(auctionId, person.id));
      const snapshot = await takeSnapshot(parts, auctionId, person);
      // Last, because whoever is given no snapshot sees nothing and is no viewer.
      channel.assigns.leave = parts.board.enter(auctionId);
      channel.push("snapshot", { ...snapshot, viewers: parts.board.viewerCount(auctionId) });
    },
    handle: {
      bid: (payload, channel) => placeBid(parts, payload, channel),
      receive: (payload, channel) => placeBid(parts, payload, channel),
      bids: async ({ after }, channel) => {
        const answer = { bids: (await parts.house.bidsAfter(channel.assigns.auctionId, after)).map(showBid) };
        channel.push("bids", answer);
        return reply(answer);
      },
      clock: ({ sentAt }, channel) => {
        const viewers = parts.board.viewerCount(channel.assigns.auctionId);
        const answer = { serverNow: parts.clock.now(), viewers, ...(sentAt !== undefined && { sentAt }) };
        channel.push("clock", answer);
        return reply(answer);
      },
      cancel: async (_payload, channel) => {
        const { auctionId, person } = channel.assigns;
        const auction = person && (await parts.house.cancel(auctionId, person.id));
        if (auction !== undefined) announceEnd(parts, auction);
        channel.push("cancel", { isCancelled: auction !== undefined });
        return reply({ isCancelled: auction !== undefined });
      },
    },
    terminate: (channel) => channel.assigns.leave(),
  });

/** Tells the room that an auction is over; after all of its bids. */
export function announceEnd({ board, broadcast, clock }: AuctionChannelParts, auction: Auction): void {
  board.finish(auction.id);
  const phase = phaseOf(auction, clock.now());
  broadcast(topicOf(auction.id), "ended", { phase, bidNo: auction.bid_no, price: auction.price });
}

function parseTopic(topic: string): number | undefined {
  const [, digits] = /^auction:([1-9]\d{0,14})$/.exec(topic) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

async function placeBid(
  parts: AuctionChannelParts,
  { clientBidId, amount }: { readonly clientBidId: string; readonly amount: number },
  channel: AuctionRoom,
) {
  const { auctionId, person, address, device } = channel.assigns;
  // The time of receipt decides, so it is read before anything is waited for.
  const at = parts.clock.now();
  const retryAfterMs = person === undefined ? 0 : parts.rate.take(person.id, at);
  const answer = (verdict: Omit<Verdict, "raised"> & { readonly retryAfterMs?: number }) => {
    const result = { ...verdict, clientBidId, serverNow: parts.clock.now() };
    channel.push("bid_result", result);
    return reply(result);
  };
  if (person === undefined) return answer({ result: "NOT_ELIGIBLE", amount });
  // A flood of bids is not to become a flood of writes, so these are not in the log.
  if (retryAfterMs > 0) return answer({ result: "RATE_LIMITED", amount, retryAfterMs });
  const attempt = { auctionId, bidderId: person.id, clientBidId, amount, at, address, device };
  const { raised, ...verdict } = await parts.house.judge(attempt);
  if (raised !== undefined) {
    const { bid_no: bidNo, end_at: endAt, reserve, outbidId } = raised;
    const price: Price = { bidNo, price: amount, endAt, isReserveMet: amount >= reserve };
    parts.board.raise(auctionId, price, { bidNo, bidder: maskName(person.name), amount, at });
    if (outbidId !== undefined) parts.broadcast(outbidTopicOf(auctionId, outbidId), "outbid", { bidNo, price: amount });
  }
  return answer(verdict);
}

async function takeSnapshot(
  { house, clock }: AuctionChannelParts,
  auctionId: number,
  person: AuctionAssigns["person"],
): Promise<Omit<Snapshot, "viewers">> {
  // The bids are read first: what is accepted meanwhile is in the price, and the gap in the numbers is closed by the client.
  const bids = (await house.latestBids(auctionId)).map(showBid);
  const auction = await house.find(auctionId);
  if (auction === undefined) throw new Error(`auction ${auctionId} has gone, and auctions are never deleted`);
  return {
    id: auction.id,
    title: auction.title,
    currency: auction.currency,
    phase: phaseOf(auction, clock.now()),
    bidNo: auction.bid_no,
    price: auction.price,
    step: auction.step,
    isReserveMet: auction.leader_id !== null && auction.price >= auction.reserve,
    startAt: auction.start_at,
    endAt: auction.end_at,
    hardEndAt: auction.hard_end_at,
    snipeMs: auction.snipe_ms,
    extendMs: auction.extend_ms,
    bids,
    you: person === undefined ? null : await describeViewer(house, auction, person.id),
    serverNow: clock.now(),
  };
}

async function describeViewer(house: AuctionHouse, auction: Auction, personId: string): Promise<Snapshot["you"]> {
  const person = await house.person(personId);
  if (person === undefined) return null;
  const bidNo = await house.lastBidNoOf(auction.id, personId);
  return { name: person.name, isSeller: auction.seller_id === personId, hasDeposit: person.has_deposit === 1, bidNo };
}

function showBid({ bid_no: bidNo, name, amount, created_at: at }: ListedBid): ShownBid {
  return { bidNo, bidder: maskName(name), amount, at };
}
