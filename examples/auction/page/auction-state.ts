import type { EventPayload } from "@hutong/client";
import type { Phase } from "../src/auction.ts";
import type { ShownBid, Snapshot } from "../src/wire.ts";
import type { AuctionContract } from "./auction-contract.ts";
import { BidList } from "./bid-list.ts";

/** How the visitor stands. */
export type Standing = "none" | "leading" | "outbid" | "won" | "lost";

/** What the page knows of one auction, from whatever order its events arrive in. */
export class AuctionState {
  readonly bids = new BidList();
  readonly #ownBidNos = new Set<number>();
  #snapshot: Snapshot | undefined;
  #latest: EventPayload<AuctionContract, "price"> | undefined;
  #decision: EventPayload<AuctionContract, "ended"> | undefined;
  #isExtended = false;

  /** The latest state; `undefined` before the first snapshot. */
  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  /** Whether a late bid has moved the end since this page was opened. */
  get isExtended(): boolean {
    return this.#isExtended;
  }

  /** Starts anew from a snapshot, as after every join. */
  reset(snapshot: Snapshot): void {
    this.#noteEnd(snapshot.endAt);
    this.#snapshot = snapshot;
    this.bids.add(snapshot.bids);
    if (snapshot.you !== null && snapshot.you.bidNo > 0) this.#ownBidNos.add(snapshot.you.bidNo);
    // Events may overtake the snapshot, which was read before they were sent.
    if (this.#latest !== undefined) this.raise(this.#latest);
    if (this.#decision !== undefined) this.end(this.#decision);
  }

  /** Takes a change of the price; one that is older than what is known only adds its bids. */
  raise(change: EventPayload<AuctionContract, "price">): void {
    this.bids.add(change.bids);
    if (change.bidNo > (this.#latest?.bidNo ?? 0)) this.#latest = change;
    // That of a bid of the visitor is taken after its answer, too: the answer says nothing of the end.
    if (this.#snapshot === undefined || change.bidNo < this.#snapshot.bidNo) return;
    const { bids: _told, ...price } = change;
    this.#noteEnd(price.endAt);
    this.#snapshot = { ...this.#snapshot, ...price };
  }

  /** The visitor's own bid was accepted. */
  accepted(bidNo: number, amount: number): void {
    this.#ownBidNos.add(bidNo);
    const { you, bidNo: known } = this.#snapshot ?? {};
    if (this.#snapshot === undefined || you === undefined || you === null) return;
    this.#snapshot = { ...this.#snapshot, you: { ...you, bidNo: Math.max(you.bidNo, bidNo) } };
    if (known !== undefined && bidNo > known) this.#snapshot = { ...this.#snapshot, bidNo, price: amount };
  }

  /** The visitor has paid the deposit. */
  deposited(): void {
    const you = this.#snapshot?.you;
    if (this.#snapshot !== undefined && you) this.#snapshot = { ...this.#snapshot, you: { ...you, hasDeposit: true } };
  }

  /** Somebody has come or gone. */
  count(viewers: number): void {
    if (this.#snapshot !== undefined) this.#snapshot = { ...this.#snapshot, viewers };
  }

  /** The auction was decided, which is final. */
  end(decision: EventPayload<AuctionContract, "ended">): void {
    this.#decision = decision;
    if (this.#snapshot !== undefined) this.#snapshot = { ...this.#snapshot, ...decision };
  }

  /** Where the auction is in its life, as far as a clock can say without asking the server. */
  phaseAt(serverNow: number): Phase {
    const { phase = "scheduled", startAt = 0, endAt = 0 } = this.#snapshot ?? {};
    if (phase === "sold" || phase === "unsold" || phase === "cancelled") return phase;
    if (serverNow < startAt) return "scheduled";
    return serverNow < endAt ? "active" : "closing";
  }

  /** The least that may be bid now. */
  get minimum(): number {
    const { bidNo = 0, price = 0, step = 0 } = this.#snapshot ?? {};
    return bidNo === 0 ? price : price + step;
  }

  /** How the visitor stands. */
  get standing(): Standing {
    const { you, bidNo, phase } = this.#snapshot ?? {};
    if (!you || you.bidNo === 0) return "none";
    if (phase === "sold") return you.bidNo === bidNo ? "won" : "lost";
    if (phase === "unsold" || phase === "cancelled") return "none";
    return you.bidNo === bidNo ? "leading" : "outbid";
  }

  /** Who has placed the highest bid, under the name that all see; `undefined` before the first one. */
  get leader(): string | undefined {
    return this.bids.all.find(({ bidNo }) => bidNo === this.#snapshot?.bidNo)?.bidder;
  }

  /** Whether the visitor has placed that bid, as far as this page knows. */
  isOwn(bidNo: number): boolean {
    return this.#ownBidNos.has(bidNo);
  }

  /** The bids, the newest first. */
  get newestFirst(): readonly ShownBid[] {
    return this.bids.all.toReversed();
  }

  #noteEnd(endAt: number): void {
    if (this.#snapshot !== undefined && endAt > this.#snapshot.endAt) this.#isExtended = true;
  }
}
