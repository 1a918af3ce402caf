import { readStamp, type RecoveryReport, SKIP_EVENT, type StreamPosition } from "@hutong/protocol";
import type { Clock } from "../clock.ts";
import { Listeners } from "../listeners.ts";
import { Recovery } from "../recovery.ts";
import { nothing } from "../state-machine.ts";
import { type Snapshot, SnapshotLoader, type SnapshotState } from "./snapshot-loader.ts";

/** What a follower is made of. */
export interface FollowerOptions {
  readonly clock: Clock;
  /** A number from 0 to 1, for jitter. */
  readonly random: () => number;
  /** Where the data stands that the application has already. */
  readonly position?: StreamPosition | undefined;
  /** Loads the data anew; `undefined` leaves that to the application. */
  readonly snapshot?: Snapshot | undefined;
  /** A message is missing: the channel has to join again. `breaks` counts such breaks since the last message, from 1. */
  broke(breaks: number): void;
  /** The state of the snapshot changed while joined. */
  snapshotChanged(): void;
}

/** Gives the events of one channel to their handlers, in step with the topic's history where it has one. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #listeners = new Map<string, Listeners<unknown>>();
  readonly #recovery: Recovery;
  readonly #loader: SnapshotLoader | undefined;

  constructor(options: FollowerOptions) {
    const { clock, random, position, snapshot } = options;
    this.#options = options;
    this.#recovery = new Recovery(position);
    this.#loader =
      snapshot &&
      new SnapshotLoader({
        clock,
        random,
        snapshot,
        loaded: (at) => this.#go(this.#recovery.release(at)),
        changed: () => options.snapshotChanged(),
      });
  }

  /** The place of the last message that the application has. */
  get position(): StreamPosition | undefined {
    return this.#recovery.position;
  }

  /** `undefined` while none is needed. */
  get snapshot(): SnapshotState | undefined {
    return this.#loader?.state;
  }

  on(event: string, handler: (payload: unknown) => void): () => void {
    let listeners = this.#listeners.get(event);
    if (listeners === undefined) this.#listeners.set(event, (listeners = new Listeners(this.#options.clock)));
    return listeners.add(handler);
  }

  /** The channel is joined. */
  joined(report: RecoveryReport | undefined): void {
    if (this.#recovery.join(report, { loads: this.#loader !== undefined })) this.#loader?.start();
  }

  /** The channel is joined no more. */
  left(): void {
    this.#recovery.leave();
    this.#loader?.stop();
  }

  /** Takes an event of the server. One without a stamp is live and is delivered as it comes. */
  receive(event: string, payload: unknown, extension: unknown): void {
    const stamp = readStamp(extension);
    const deliver = event === SKIP_EVENT ? nothing : (): void => this.#listeners.get(event)?.emit(payload);
    if (stamp === undefined) deliver();
    else this.#go(this.#recovery.take({ stamp, deliver }));
  }

  #go(isInStep: boolean): void {
    if (!isInStep) this.#options.broke(this.#recovery.breaks);
  }
}
