import type { Clock } from "../clock.ts";
import type { Claim, HandOver } from "./hand-over.ts";
import { isEmptyDiff, mergeDiffs, type PresenceDiff, type PresenceState } from "./presence-diff.ts";
import type { PresenceLimits } from "./presence-limits.ts";

/** Carries what presence has to say to everyone on a topic. */
export interface PresenceChannel {
  /** A diff, for the channels of all nodes. */
  publish(topic: string, diff: PresenceDiff): void;
  /** An event about the entries of this node, for its own channels. */
  publishLocally(topic: string, event: "presence_state" | "presence_count" | "presence_diff", payload: object): void;
  /** Leaves entries to the other nodes. */
  handOver(handOver: HandOver): void;
  /** Tells the other nodes that an entry which was handed over has found its client here. */
  claim(claim: Claim): void;
}

/** What is announced. */
export interface Announced {
  /** Entries. */
  readonly size: number;
  /** Keys. */
  readonly keyCount: number;
  /** All of them. */
  state(): PresenceState;
}

/** Parts of an {@link Announcer}. */
export interface AnnouncerOptions {
  /** Whose channels are told. */
  readonly topic: string;
  readonly announced: Announced;
  readonly channel: PresenceChannel;
  readonly clock: Clock;
  readonly limits: Required<PresenceLimits>;
  /** Called when nothing is left to be said. */
  readonly onQuiet: () => void;
}

/**
 * Says what changes on one topic without flooding it. The first change after a pause
 * goes out at once; those that follow within the window go out together at its end,
 * where one that came and went cancels out. Above `maxListed` entries nobody is told
 * who is there any more: clients get an empty state, and from then on counts.
 */
export class Announcer {
  readonly #options: AnnouncerOptions;
  #pending: PresenceDiff[] = [];
  #cancelWindow: (() => void) | undefined;
  #isCounted = false;
  #lastCount = 0;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  /** Whether a window is open. */
  get isBusy(): boolean {
    return this.#cancelWindow !== undefined;
  }

  /** Whether the topic has too many entries to list them. */
  get isCounted(): boolean {
    const { announced, limits } = this.#options;
    // Room to move before the list comes back, or a topic at the limit would be listed anew with every change.
    const limit = this.#isCounted ? Math.floor(limits.maxListed * 0.9) : limits.maxListed;
    return announced.size > limit;
  }

  /** The entries have changed. */
  announce(diff: PresenceDiff): void {
    this.#pending.push(diff);
    if (this.isBusy) return;
    this.#say();
    this.#openWindow();
  }

  /** Says nothing more. */
  close(): void {
    this.#cancelWindow?.();
    this.#cancelWindow = undefined;
    this.#pending = [];
  }

  #openWindow(): void {
    const { announced, clock, limits } = this.#options;
    const end = (): void => {
      if (this.#cancelWindow !== cancel) return;
      this.#cancelWindow = undefined;
      if (this.#pending.length > 0 && this.#say()) this.#openWindow();
      else this.#options.onQuiet();
    };
    const cancel = announced.size > limits.maxImmediate ? clock.after(limits.diffWindowMs, end) : (): void => {};
    this.#cancelWindow = cancel;
    if (announced.size <= limits.maxImmediate) clock.soon(end);
  }

  /** Tells whether there was anything to say. */
  #say(): boolean {
    const { topic, announced, channel } = this.#options;
    const diffs = this.#pending.splice(0);
    const { isCounted } = this;
    if (isCounted !== this.#isCounted) {
      this.#isCounted = isCounted;
      this.#lastCount = 0;
      channel.publishLocally(topic, "presence_state", isCounted ? {} : announced.state());
      return isCounted ? this.#sayCount() : true;
    }
    if (isCounted) return this.#sayCount();
    const diff = mergeDiffs(diffs);
    if (isEmptyDiff(diff)) return false;
    channel.publish(topic, diff);
    return true;
  }

  #sayCount(): boolean {
    const { topic, announced, channel } = this.#options;
    const { keyCount } = announced;
    if (keyCount === this.#lastCount) return false;
    this.#lastCount = keyCount;
    channel.publishLocally(topic, "presence_count", { count: keyCount });
    return true;
  }
}
