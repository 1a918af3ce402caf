/**
 * Tells the room what the price is. In a small room every bid is told at once. In a large one the first bid is told at
 * once and those that follow within the interval together, so that fifty bids per second and a thousand spectators make five
 * thousand frames per second and not fifty thousand. Nothing is left out: an event carries all bids since the last one.
 */
import type { Clock } from "@hutong/server/plugin";
import type { ShownBid } from "./wire.ts";

/** The state after a bid. */
export interface Price {
  readonly bidNo: number;
  /** In cents. */
  readonly price: number;
  readonly endAt: number;
  readonly isReserveMet: boolean;
}

/** A {@link Price} with the bids that led to it, the oldest first. */
export interface PriceChange extends Price {
  readonly bids: readonly ShownBid[];
}

/** From this many viewers on a room is large. */
export const LARGE_ROOM = 100;
/** Time between two events of a large room, in milliseconds. */
export const COALESCE_MS = 200;
/** Most bids in an event; a client that misses some asks for them. */
const MAX_BIDS = 50;

interface Room {
  viewerCount: number;
  /** Bids that are not told yet. */
  untold: ShownBid[];
  latest: Price | undefined;
  /** Cancels the wait; `undefined` while a bid may be told at once. */
  cancel: (() => void) | undefined;
}

/** The rooms of this process. */
export class PriceBoard {
  readonly #rooms = new Map<number, Room>();
  readonly #clock: Clock;
  readonly #tell: (auctionId: number, change: PriceChange) => void;

  /** `tell` sends a change to everyone in the room. */
  constructor(clock: Clock, tell: (auctionId: number, change: PriceChange) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** How many look at an auction on this process. */
  viewerCount(auctionId: number): number {
    return this.#rooms.get(auctionId)?.viewerCount ?? 0;
  }

  /** Somebody has come; the returned function says that they have gone. */
  enter(auctionId: number): () => void {
    const room = this.#room(auctionId);
    room.viewerCount++;
    return () => {
      room.viewerCount--;
      if (room.viewerCount === 0 && room.cancel === undefined) this.#rooms.delete(auctionId);
    };
  }

  /** Tells of an accepted bid, now or with the next ones. */
  raise(auctionId: number, price: Price, bid: ShownBid): void {
    const room = this.#room(auctionId);
    room.untold.push(bid);
    // Answers of a database may overtake each other.
    if (room.latest === undefined || price.bidNo > room.latest.bidNo) room.latest = price;
    if (room.cancel === undefined) this.#tellNow(auctionId, room);
  }

  /** Tells what waits and sets no more timers for this auction: it has ended. */
  finish(auctionId: number): void {
    const room = this.#rooms.get(auctionId);
    if (room === undefined) return;
    room.cancel?.();
    room.cancel = undefined;
    this.#tellUntold(auctionId, room);
    if (room.viewerCount === 0) this.#rooms.delete(auctionId);
  }

  /** Cancels all timers. */
  close(): void {
    for (const room of this.#rooms.values()) room.cancel?.();
    this.#rooms.clear();
  }

  #room(auctionId: number): Room {
    const room = this.#rooms.get(auctionId) ?? { viewerCount: 0, untold: [], latest: undefined, cancel: undefined };
    this.#rooms.set(auctionId, room);
    return room;
  }

  #tellNow(auctionId: number, room: Room): void {
    this.#tellUntold(auctionId, room);
    if (room.viewerCount >= LARGE_ROOM) {
      room.cancel = this.#clock.after(COALESCE_MS, () => {
        room.cancel = undefined;
        if (room.untold.length > 0) this.#tellNow(auctionId, room);
        else if (room.viewerCount === 0) this.#rooms.delete(auctionId);
      });
    } else if (room.viewerCount === 0) this.#rooms.delete(auctionId);
  }

  #tellUntold(auctionId: number, room: Room): void {
    const bids = room.untold.splice(0).toSorted((one, other) => one.bidNo - other.bidNo);
    if (room.latest !== undefined && bids.length > 0)
      this.#tell(auctionId, { ...room.latest, bids: bids.slice(-MAX_BIDS) });
  }
}
