import type { RecoverRequest, RecoveryReport } from "@hutong/protocol";
import type { ChannelVoice } from "./channel-voice.ts";
import type { Follower, FollowResult } from "./follower.ts";

/** What becomes of a channel whose client cannot be kept in step. */
export interface RecovererEnds {
  /** The history no longer reaches the client: it has to join again. */
  lost(): void;
  /** The history cannot be read. */
  failed(cause: unknown): void;
}

/**
 * Has a client follow its topic, beside the channel's other work, and tells it what
 * became of the history that it asked for, where its grammar has a message for that.
 * There, a client that the history no longer reaches is told so and goes on from the newest message.
 */
export class Recoverer {
  readonly #follower: Follower;
  readonly #voice: ChannelVoice;
  readonly #ends: RecovererEnds;
  /** Settled when nothing is being given from the history. Never rejects. */
  #running: Promise<void> = Promise.resolve();

  constructor(follower: Follower, voice: ChannelVoice, ends: RecovererEnds) {
    this.#follower = follower;
    this.#voice = voice;
    this.#ends = ends;
  }

  /**
   * Gives what the follower has prepared, the first page within this call, then says `report`. Resolves when the client is
   * live, or the channel has ended; never rejects.
   */
  follow(report?: RecoveryReport): Promise<void> {
    return this.#watch(this.#follower.follow(), report);
  }

  /** The client reads too slowly: what it was to be given from `offset` on is given later, from the history. */
  lag(offset: number): void {
    if (this.#follower.isLive) void this.#watch(this.#follower.lag(offset));
    else void this.#follower.lag(offset);
  }

  /** Gives a client what it asks for, even if it was given before, once it is live; live messages wait meanwhile. */
  recover(request: RecoverRequest): void {
    this.#running = this.#running.then(() => this.#answer(request));
  }

  #watch(following: Promise<FollowResult>, report?: RecoveryReport): Promise<void> {
    this.#running = following
      .then((result) => this.#followed(result, report))
      .catch((cause: unknown) => this.#ends.failed(cause));
    return this.#running;
  }

  async #answer(request: RecoverRequest): Promise<void> {
    try {
      const report = await this.#follower.prepare(request);
      await this.#followed(await this.#follower.follow(), report);
    } catch (cause) {
      this.#ends.failed(cause);
    }
  }

  async #followed(result: FollowResult, report?: RecoveryReport): Promise<void> {
    if (result === "lost" && this.#voice.peer.wireProtocol.traits.historyAnswer === "with_join")
      return this.#ends.lost();
    let told = report;
    for (let last = result; last === "lost"; last = await this.#follower.follow())
      told = await this.#follower.skipToTop();
    if (told !== undefined && !this.#follower.isEnded) this.#voice.recovered(told);
  }
}
