/**
 * An auction over Action Cable, by hand: no client library, only frames of text. The link may be cut at any time, above all
 * in the background; after each subscription the server sends the whole state, so that nothing has to be kept.
 */
import type { Clock } from "@hutong/client/wechat";
import { isRecord } from "./is-record";
import { parseJson } from "./parse-json";

/** A bid as everyone sees it; money in cents, times in milliseconds since 1970 by the server's clock. */
export interface ShownBid {
  readonly bidNo: number;
  readonly bidder: string;
  readonly amount: number;
  readonly at: number;
}

/** What is known of the auction. */
export interface AuctionState {
  readonly title: string;
  readonly phase: string;
  readonly price: number;
  readonly step: number;
  readonly bidNo: number;
  readonly endAt: number;
  readonly isReserveMet: boolean;
  readonly viewers: number;
  /** The latest first. */
  readonly bids: readonly ShownBid[];
  /** The user's latest accepted bid; 0 for none. `undefined` for spectators. */
  readonly ownBidNo: number | undefined;
  /** Whether the user has paid the deposit. */
  readonly canBid: boolean;
}

/** A link for frames of text. */
export interface TextLink {
  send(frame: string): void;
  close(): void;
}

/** Opens a link; `received` and `closed` are called later than this returns. */
export type OpenLink = (handlers: {
  readonly received: (frame: string) => void;
  readonly closed: () => void;
}) => TextLink;

/** What a {@link CableAuction} is made of. */
export interface CableAuctionOptions {
  readonly auctionId: number;
  readonly open: OpenLink;
  readonly clock: Clock;
  readonly createId: () => string;
  /** The state has changed. */
  changed(): void;
  /** What became of a bid of the user, in the server's word. */
  judged(result: string): void;
}

/** The server pings every three seconds; a link that is silent for longer than two of them is dead. */
const SILENCE_MS = 8_000;
const LEAST_WAIT_MS = 500;
const MAX_WAIT_MS = 15_000;
const SHOWN_BIDS = 30;

/** Follows one auction and places bids. */
export class CableAuction {
  readonly #options: CableAuctionOptions;
  readonly #identifier: string;
  #link: TextLink | undefined;
  #state: AuctionState | undefined;
  #isSubscribed = false;
  #offsetMs = 0;
  #failures = 0;
  #stopWaiting: () => void = () => undefined;
  #isClosed = false;

  constructor(options: CableAuctionOptions) {
    this.#options = options;
    this.#identifier = JSON.stringify({ channel: "AuctionChannel", id: options.auctionId });
  }

  /** `undefined` until the server has told. */
  get state(): AuctionState | undefined {
    return this.#state;
  }

  /** Whether the server hears what is sent. */
  get isSubscribed(): boolean {
    return this.#isSubscribed;
  }

  /** The server's clock, as well as it is known. */
  now(): number {
    return this.#options.clock.now() + this.#offsetMs;
  }

  /** Connects. */
  open(): void {
    if (this.#isClosed) return;
    this.#stopWaiting();
    // A link that was given up is not heard any more.
    const isCurrent = (): boolean => this.#link === link;
    const link = this.#options.open({
      received: (frame) => {
        if (isCurrent()) this.#received(frame);
      },
      closed: () => {
        if (isCurrent()) this.#lost();
      },
    });
    this.#link = link;
    this.#watch();
  }

  /** Skips the wait: the mini-program is back, and whatever link there was is dead. */
  reopen(): void {
    this.#drop();
    this.#failures = 0;
    this.open();
  }

  /** Places a bid; `judged` hears of it. Does nothing while the server does not hear. */
  bid(amount: number): void {
    if (this.#isSubscribed) this.#say("bid", { clientBidId: this.#options.createId(), amount });
  }

  /** Ends it for good. */
  close(): void {
    this.#isClosed = true;
    this.#stopWaiting();
    this.#drop();
  }

  #received(frame: string): void {
    this.#watch();
    const message = parseJson(frame);
    if (!isRecord(message)) return;
    if (message["type"] === "welcome")
      return this.#link?.send(JSON.stringify({ command: "subscribe", identifier: this.#identifier }));
    if (message["type"] === "confirm_subscription") {
      this.#isSubscribed = true;
      this.#failures = 0;
      return this.#options.changed();
    }
    const { message: event } = message;
    if (message["identifier"] === this.#identifier && isRecord(event)) this.#heard(event);
  }

  #heard(event: Readonly<Record<string, unknown>>): void {
    if (typeof event["serverNow"] === "number") this.#offsetMs = event["serverNow"] - this.#options.clock.now();
    switch (event["event"]) {
      case "snapshot":
        this.#state = readSnapshot(event);
        break;
      case "price":
        this.#moved(event);
        break;
      case "bids":
        this.#state = this.#state && { ...this.#state, bids: mergeBids(this.#state.bids, readBids(event["bids"])) };
        break;
      case "ended":
        this.#state = this.#state && { ...this.#state, phase: textOf(event["phase"]) };
        break;
      case "bid_result":
        if (event["result"] === "OK" && this.#state !== undefined)
          this.#state = { ...this.#state, ownBidNo: numberOf(event["bidNo"]) };
        this.#options.judged(textOf(event["result"]));
        break;
      default:
        return;
    }
    this.#options.changed();
  }

  #moved(event: Readonly<Record<string, unknown>>): void {
    const held = this.#state;
    if (held === undefined || numberOf(event["bidNo"]) < held.bidNo) return;
    const bids = mergeBids(held.bids, readBids(event["bids"]));
    this.#state = { ...held, ...readPrice(event), bids };
    // Numbers without a gap: what is missing is asked for.
    const last = held.bids[0]?.bidNo ?? 0;
    const isWhole = bids.some(({ bidNo }) => bidNo === last + 1) || numberOf(event["bidNo"]) === last;
    if (!isWhole) this.#say("bids", { after: last });
  }

  #say(action: string, payload: object): void {
    const data = JSON.stringify({ action, ...payload });
    this.#link?.send(JSON.stringify({ command: "message", identifier: this.#identifier, data }));
  }

  #watch(): void {
    this.#stopWaiting();
    this.#stopWaiting = this.#options.clock.after(SILENCE_MS, () => this.#lost());
  }

  #drop(): void {
    const link = this.#link;
    this.#link = undefined;
    this.#isSubscribed = false;
    link?.close();
  }

  #lost(): void {
    this.#drop();
    this.#stopWaiting();
    this.#options.changed();
    const waitMs = Math.min(MAX_WAIT_MS, LEAST_WAIT_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#stopWaiting = this.#options.clock.after(waitMs, () => this.open());
  }
}

function readSnapshot(event: Readonly<Record<string, unknown>>): AuctionState {
  const you = isRecord(event["you"]) ? event["you"] : undefined;
  return {
    ...readPrice(event),
    title: textOf(event["title"]),
    phase: textOf(event["phase"]),
    step: numberOf(event["step"]),
    bids: mergeBids([], readBids(event["bids"])),
    ownBidNo: you === undefined ? undefined : numberOf(you["bidNo"]),
    canBid: you?.["hasDeposit"] === true,
  };
}

function readPrice({ price, bidNo, endAt, isReserveMet, viewers }: Readonly<Record<string, unknown>>) {
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
