/**
 * An auction over Action Cable, by hand: no client library, only frames of text. The link may be cut at any time, above all
 * in the background; after each subscription the server sends the whole state, so that nothing has to be kept but a bid
 * that was not answered yet.
 */
import type { Clock } from "@hutong/client/wechat";
import { type AuctionEvent, type AuctionState, gapBefore, readSnapshot, takeEvent } from "./auction-state";
import { isRecord } from "./is-record";
import { parseJson } from "./parse-json";
import { ServerTime } from "./server-time";

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

/** What became of a bid. */
export interface BidVerdict {
  /** The server's word; for a bid that was repeated, that of the first time. */
  readonly result: string;
  /** What would have been enough, in cents, for `TOO_LOW`. */
  readonly minimum: number;
}

/** What a {@link CableAuction} is made of. */
export interface CableAuctionOptions {
  readonly auctionId: number;
  readonly open: OpenLink;
  readonly clock: Clock;
  readonly createId: () => string;
  /** The state has changed. */
  changed(): void;
  /** A bid of the user was judged. */
  judged(verdict: BidVerdict): void;
  /** The user led, and somebody has bid more. */
  outbid(): void;
  /** The server does not take the token of the handshake. It is asked again, by then without it. */
  refused(): void;
}

interface Bid {
  readonly clientBidId: string;
  readonly amount: number;
}

/** The server pings every three seconds; a link that is silent for longer than two of them is dead. */
const SILENCE_MS = 8_000;
const LEAST_WAIT_MS = 500;
const MAX_WAIT_MS = 15_000;

/** Follows one auction and places bids. */
export class CableAuction {
  readonly #options: CableAuctionOptions;
  readonly #identifier: string;
  readonly #time: ServerTime;
  /** The latest price and the decision: they may overtake the snapshot, which was read before they were sent. */
  readonly #told = new Map<unknown, AuctionEvent>();
  #link: TextLink | undefined;
  #state: AuctionState | undefined;
  /** The bid that waits for its answer. */
  #unanswered: Bid | undefined;
  #isSubscribed = false;
  #failures = 0;
  #stopWaiting: () => void = () => undefined;
  #isClosed = false;

  constructor(options: CableAuctionOptions) {
    this.#options = options;
    this.#time = new ServerTime(options.clock);
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
    return this.#time.now();
  }

  /** Connects. */
  open(): void {
    if (this.#isClosed) return;
    this.#stopWaiting();
    this.#time.forget();
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

  /**
   * Skips the wait: the mini-program is back, and whatever link there was is dead. A bid without an answer is not placed
   * again, because its time may be long over; whether it was accepted stands in the next snapshot.
   */
  reopen(): void {
    this.#unanswered = undefined;
    this.#drop();
    this.#failures = 0;
    this.open();
  }

  /**
   * Places a bid; `judged` hears of it. When the link breaks before that, the same bid is placed again on the next one, and
   * counts once. Does nothing while the server does not hear.
   */
  bid(amount: number): void {
    if (!this.#isSubscribed) return;
    this.#unanswered = { clientBidId: this.#options.createId(), amount };
    this.#say("bid", this.#unanswered);
  }

  /** Ends it for good. */
  close(): void {
    this.#isClosed = true;
    this.#stopWaiting();
    this.#drop();
  }

  #received(frame: string): void {
    this.#watch();
    const frameObject = parseJson(frame);
    if (!isRecord(frameObject)) return;
    const { type, reason, identifier, message } = frameObject;
    if (type === "welcome") this.#link?.send(JSON.stringify({ command: "subscribe", identifier: this.#identifier }));
    else if (type === "confirm_subscription") this.#subscribed();
    else if (type === "ping") this.#askTime();
    else if (type === "disconnect" && reason === "unauthorized") this.#options.refused();
    else if (identifier === this.#identifier && isRecord(message)) this.#heard(message);
  }

  #subscribed(): void {
    this.#isSubscribed = true;
    this.#failures = 0;
    this.#askTime();
    if (this.#unanswered !== undefined) this.#say("bid", this.#unanswered);
    this.#options.changed();
  }

  #heard(event: AuctionEvent): void {
    const known = this.#state?.bids[0]?.bidNo ?? 0;
    if (event["event"] === "snapshot") {
      this.#time.hint(event["serverNow"]);
      this.#state = readSnapshot(event, this.#state);
      for (const told of this.#told.values()) this.#state = takeEvent(this.#state, told);
    } else {
      if (event["event"] === "price" || event["event"] === "ended") this.#told.set(event["event"], event);
      this.#state = this.#state && takeEvent(this.#state, event);
    }
    // Numbers without a gap: what is missing is asked for.
    const gap = event["event"] === "price" && this.#state ? gapBefore(this.#state, known) : undefined;
    if (gap !== undefined) this.#say("bids", { after: gap });
    this.#report(event);
    this.#options.changed();
  }

  #report(event: AuctionEvent): void {
    if (event["event"] === "clock") this.#time.take(event);
    if (event["event"] === "outbid") this.#options.outbid();
    if (event["event"] !== "bid_result") return;
    if (event["clientBidId"] === this.#unanswered?.clientBidId) this.#unanswered = undefined;
    const { result, original = result, minimum } = event;
    this.#options.judged({ result: String(original), minimum: typeof minimum === "number" ? minimum : 0 });
  }

  #askTime(): void {
    if (this.#isSubscribed && this.#time.isDue()) this.#say("clock", { sentAt: this.#options.clock.now() });
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
