import {
  judgeArrival,
  positionOf,
  type RecoverRequest,
  type RecoveryReport,
  type StreamPosition,
} from "@hutong/protocol";
import type { HistorySlice, HistoryStore } from "../history/history-store.ts";
import { continues, reachesTop } from "../history/recovery.ts";
import type { Broadcast } from "../pubsub/envelope.ts";
import { PAGE_SIZE, planRecovery } from "./recover-plan.ts";

/** Parts of a {@link Follower}. */
export interface FollowerOptions {
  /** The topic to keep in step with. */
  readonly topic: string;
  /** Where the topic's history is; `undefined` when it keeps none. */
  readonly store: HistoryStore | undefined;
  /** Broadcasts that may wait while the store is read. */
  readonly maxBacklog: number;
  /** Gives a broadcast to the client. */
  deliver(broadcast: Broadcast): void;
  /** Whether the client has room for more. */
  hasRoom(): boolean;
  /** Resolves when the client has room for more. */
  drained(): Promise<void>;
}

/** Where following led: to the live stream, to a place that the history no longer covers, or to the channel's end. */
export type FollowResult = "live" | "lost" | "ended";

/**
 * Keeps one client in step with a topic. Before it is live, what is broadcast waits or
 * is left to the history: first the history is read to its end, page by page as fast as the client takes
 * it, then what came meanwhile is judged by the rule of arrivals. So no message is missed, given twice or given out
 * of order. Without history it only holds broadcasts back until the join is answered.
 */
export class Follower {
  readonly #options: FollowerOptions;
  /**
   * - `holding`: broadcasts wait until what was read of the history has been given.
   * - `waiting`: the client is slow; what is broadcast will be read from the history later.
   * - `live`: broadcasts go to the client as they come.
   */
  #mode: "holding" | "waiting" | "live" | "ended" = "holding";
  #backlog: Broadcast[] = [];
  #hasOverflowed = false;
  #slice: HistorySlice | undefined;
  #position: StreamPosition | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Whether broadcasts go to the client as they come. */
  get isLive(): boolean {
    return this.#mode === "live";
  }

  /** Takes a broadcast that came while the follower was not live. */
  hold(broadcast: Broadcast): void {
    if (this.#mode !== "holding") return;
    if (this.#backlog.length < this.#options.maxBacklog) this.#backlog.push(broadcast);
    else this.#hasOverflowed = true;
  }

  /** Notes the place of a message that the client was given, or passed by, while live. */
  passed(position: StreamPosition): void {
    this.#position = position;
  }

  /**
   * Reads what a join, or a client that is live, asks for, and says what the client is to be told. {@link follow} then gives
   * it; until then live broadcasts wait.
   */
  async prepare(request: RecoverRequest | undefined): Promise<RecoveryReport | undefined> {
    const { store, topic } = this.#options;
    if (store === undefined) return request && { recovered: false, reason: "disabled", position: NOWHERE };
    const isBegun = this.isLive;
    if (isBegun) this.#holdBroadcasts();
    const plan = planRecovery(request, topic);
    const slice = await store.read(topic, plan.query);
    const reason = plan.judge(slice);
    const isGiven = reason === "ok" || reason === "partial";
    this.#slice = isGiven ? slice : { ...slice, entries: [] };
    const position = isGiven ? plan.startOf(slice) : slice.top;
    // A live client that is refused goes on where it was.
    if (isGiven || !isBegun) this.#position = position;
    return { recovered: reason === "ok", reason, position };
  }

  /** Leaves out everything up to the newest message, after the history was lost. {@link follow} then goes on from there. */
  async skipToTop(): Promise<RecoveryReport | undefined> {
    const report = await this.prepare(undefined);
    return report && { ...report, reason: "trimmed" };
  }

  /**
   * Gives what {@link prepare} found, then the rest, then what came meanwhile. `"lost"` says that the
   * history no longer reaches the client.
   */
  async follow(): Promise<FollowResult> {
    if (this.isEnded) return "ended";
    let slice = this.#slice;
    this.#slice = undefined;
    if (slice === undefined) {
      this.goLive();
      // What was too much to wait is in the history.
      if (this.#hasOverflowed && this.#position !== undefined) return this.#catchUp();
    }
    while (slice !== undefined) {
      if (this.#give(slice) && reachesTop(slice) && this.#giveBacklog()) break;
      slice = await this.#readOn();
      if (this.#mode === "ended") return "ended";
      if (slice === undefined) return "lost";
    }
    return "live";
  }

  /** Gives what came meanwhile, with nothing from the history before it. */
  goLive(): void {
    const backlog = this.#backlog;
    this.#mode = "live";
    this.#backlog = [];
    for (const broadcast of backlog) {
      if (broadcast.stamp !== undefined) this.passed(broadcast.stamp);
      this.#options.deliver(broadcast);
    }
  }

  /**
   * Leaves the live stream because the client is slow, and follows again from `offset` when it has room. Where the history
   * is being read already, it is read again from there.
   */
  async lag(offset: number): Promise<FollowResult> {
    const [position, isBehind] = [this.#position, !this.isLive];
    if (this.isEnded || position === undefined) return "ended";
    if (offset < position.offset) this.#position = { ...position, offset, id: "" };
    return isBehind ? "ended" : this.#catchUp();
  }

  get isEnded(): boolean {
    return this.#mode === "ended";
  }

  /** Stops following. */
  end(): void {
    this.#mode = "ended";
    this.#backlog = [];
  }

  /** Leaves the live stream, and comes back to it by way of the history. */
  async #catchUp(): Promise<FollowResult> {
    this.#slice = await this.#readOn();
    if (this.isEnded) return "ended";
    return this.#slice === undefined ? "lost" : this.follow();
  }

  /** The next page after the client's position, once the client has room; `undefined` when it is no longer kept. */
  async #readOn(): Promise<HistorySlice | undefined> {
    const { store, topic } = this.#options;
    this.#mode = "waiting";
    this.#backlog = [];
    await this.#options.drained();
    const position = this.#position;
    if (this.isEnded || store === undefined || position === undefined) return undefined;
    this.#holdBroadcasts();
    const slice = await store.read(topic, { kind: "after", offset: position.offset, limit: PAGE_SIZE });
    // What was sent before the read was left out during it.
    if (position !== this.#position && !this.isEnded) return this.#readOn();
    return continues(position, slice) ? slice : undefined;
  }

  #holdBroadcasts(): void {
    this.#mode = "holding";
    this.#backlog = [];
    this.#hasOverflowed = false;
  }

  /** Gives entries as long as the client has room; `false` when some are left, to be read again: a page may be larger than a queue. */
  #give({ entries }: HistorySlice): boolean {
    const { topic } = this.#options;
    for (const entry of entries) {
      const { event, payload, stamp } = entry;
      this.#options.deliver({ topic, event, payload, stamp });
      this.#position = positionOf(stamp);
      if (!this.#options.hasRoom() && entry !== entries.at(-1)) return false;
    }
    return true;
  }

  /** Gives what came while the store was read, and is live; `false` when a gap shows that the store has to be read again. */
  #giveBacklog(): boolean {
    if (this.#hasOverflowed || !this.#backlog.every((broadcast) => this.#takes(broadcast))) return false;
    this.#mode = "live";
    this.#backlog = [];
    return true;
  }

  #takes(broadcast: Broadcast): boolean {
    const { stamp } = broadcast;
    if (stamp !== undefined && this.#position !== undefined) {
      const arrival = judgeArrival(this.#position, stamp);
      if (arrival === "duplicate") return true;
      if (arrival !== "next") return false;
      this.#position = positionOf(stamp);
    }
    this.#options.deliver(broadcast);
    return true;
  }
}

/** The position of those who have none. */
export const NOWHERE: StreamPosition = { epoch: "", offset: 0, id: "" };
