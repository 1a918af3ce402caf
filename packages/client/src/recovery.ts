/**
 * Where a channel stands in the history of its topic, and what follows from that for
 * each stamped broadcast. Pure. The application is given every message after its
 * position once, in order; where that cannot be, the channel has to join again with
 * the position, and the server either gives what is missing or says that the data has
 * to be loaded anew. While it loads there is no position: a join that comes in
 * between starts over, so that nobody goes on from data that never arrived.
 */
import { judgeArrival, positionOf, type RecoveryReport, type StreamPosition, type StreamStamp } from "@hutong/protocol";

/** A broadcast with its place in the history. */
export interface StampedBroadcast {
  readonly stamp: StreamStamp;
  /** Gives it to the application. */
  deliver(): void;
}

/** Broadcasts that wait while the data loads. What goes beyond is taken from the server's history. */
export const MAX_HELD_BROADCASTS = 1_000;

/** Decides what becomes of the stamped broadcasts of one channel. */
export class Recovery {
  #position: StreamPosition | undefined;
  #mode: "away" | "holding" | "following" = "away";
  #held: StampedBroadcast[] = [];
  #hasOverflowed = false;
  /** Where the broadcasts that are held begin. */
  #start: StreamPosition | undefined;
  #breaks = 0;

  /** `position` is where the data stands that the application has already. */
  constructor(position: StreamPosition | undefined) {
    this.#position = position;
  }

  /** The place of the last message that the application has; `undefined` when it has nothing to go on from. */
  get position(): StreamPosition | undefined {
    return this.#position;
  }

  /** How often in a row a join did not lead on from the position. */
  get breaks(): number {
    return this.#breaks;
  }

  /**
   * Begins with the answer to a join. Returns whether data has to be loaded before
   * broadcasts are delivered, which `loads` says is possible; {@link Recovery.release} then delivers them.
   */
  join(report: RecoveryReport | undefined, { loads }: { readonly loads: boolean }): boolean {
    this.leave();
    if (report?.recovered === true) {
      this.#position ??= report.position;
      this.#mode = "following";
      return false;
    }
    this.#start = report === undefined || report.reason === "disabled" ? undefined : report.position;
    this.#position = loads ? undefined : this.#start;
    this.#mode = loads ? "holding" : "following";
    return loads;
  }

  /** Takes a broadcast. Returns `false` when it does not follow on the position: nothing is delivered until the next join. */
  take(broadcast: StampedBroadcast): boolean {
    if (this.#mode === "holding") this.#hold(broadcast);
    if (this.#mode !== "following") return true;
    const arrival = this.#position === undefined ? "next" : judgeArrival(this.#position, broadcast.stamp);
    if (arrival === "gap" || arrival === "reset") return this.#break();
    if (arrival === "next") {
      this.#breaks = 0;
      // Before the delivery, so that a handler which keeps message and position keeps two that fit.
      if (this.#position !== undefined) this.#position = positionOf(broadcast.stamp);
      broadcast.deliver();
    }
    return true;
  }

  /**
   * The data is there, and stands at `position` if that is known. Delivers what it
   * lacks of what was held. Returns as {@link Recovery.take}.
   */
  release(position: StreamPosition | undefined): boolean {
    if (this.#mode !== "holding") return true;
    const [start, held, hasOverflowed] = [this.#start, this.#held, this.#hasOverflowed];
    this.leave();
    this.#mode = "following";
    if (start === undefined) return true;
    this.#position = position ?? start;
    if (hasOverflowed || isBefore(this.#position, start)) return this.#break();
    return held.every((broadcast) => this.take(broadcast));
  }

  /** Delivers nothing until the next join. */
  leave(): void {
    this.#mode = "away";
    this.#held = [];
    this.#hasOverflowed = false;
  }

  #hold(broadcast: StampedBroadcast): void {
    if (this.#held.length < MAX_HELD_BROADCASTS) this.#held.push(broadcast);
    else this.#hasOverflowed = true;
  }

  #break(): boolean {
    this.#breaks += 1;
    this.leave();
    return false;
  }
}

/** Whether messages are missing between a position and the start of what follows. Any doubt is a yes. */
function isBefore(position: StreamPosition, start: StreamPosition): boolean {
  if (position.epoch !== start.epoch || position.offset < start.offset) return true;
  return position.offset === start.offset && position.id !== start.id;
}
