import type { ChannelContract } from "@hutong/protocol";
import type { Channel } from "./channel.ts";
import { systemClock } from "./clock.ts";
import { Listeners } from "./listeners.ts";
import {
  applyDiff,
  applyState,
  parseEntries,
  type PresenceChange,
  type PresenceEntries,
  type PresenceResult,
} from "./presence-entries.ts";
import { isRecord } from "./is-record.ts";

/** Follows who is on a channel. */
export interface Presence {
  /** Who is here, as last heard; a new map after every change. While the link is down it stays as it was. */
  readonly entries: PresenceEntries;
  /** Calls the handler after every change of the entries; the returned function ends that. */
  on(event: "change", handler: (change: PresenceChange) => void): () => void;
  /** Stops following. */
  close(): void;
}

/** A server that never sends the state must not fill the memory; with one that does, a few diffs come early. */
const MAX_EARLY_DIFFS = 1_000;

function parseDiff(payload: unknown): PresenceChange {
  const { joins, leaves } = isRecord(payload) ? payload : {};
  return { joined: parseEntries(joins), left: parseEntries(leaves) };
}

class ChannelPresence implements Presence {
  entries: PresenceEntries = new Map();
  readonly #listeners = new Listeners<PresenceChange>(systemClock);
  readonly #stops: readonly (() => void)[];
  /** The diffs of a join whose state has not come yet; `undefined` once it has. */
  #early: PresenceChange[] | undefined = [];

  constructor(channel: Channel) {
    this.#stops = [
      channel.onState(({ kind }) => {
        // Diffs of the next join do not fit the state of this one.
        if (kind !== "joined") this.#early = [];
      }),
      channel.on("presence_state", (payload) => this.#takeState(parseEntries(payload))),
      channel.on("presence_diff", (payload) => this.#takeDiff(parseDiff(payload))),
    ];
  }

  on(_event: "change", handler: (change: PresenceChange) => void): () => void {
    return this.#listeners.add(handler);
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #takeState(state: PresenceEntries): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    this.#apply(applyState(this.entries, state));
    for (const diff of early) this.#apply(applyDiff(this.entries, diff));
  }

  #takeDiff(diff: PresenceChange): void {
    if (this.#early === undefined) this.#apply(applyDiff(this.entries, diff));
    else if (this.#early.push(diff) > MAX_EARLY_DIFFS) this.#early.shift();
  }

  #apply({ entries, joined, left }: PresenceResult): void {
    this.entries = entries;
    if (joined.size + left.size > 0) this.#listeners.emit({ joined, left });
  }
}

/**
 * Follows who is on a channel, from the `presence_state` and `presence_diff` that the
 * server sends. Make it before the channel joins, or it misses the state.
 *
 * @example
 * ```ts
 * const presence = createPresence(lobby);
 * presence.on("change", () => showNames([...presence.entries.keys()]));
 * await lobby.join();
 * ```
 */
export function createPresence<TContract extends ChannelContract>(channel: Channel<TContract>): Presence {
  // Presence events have unknown payloads in every contract that does not name them.
  return new ChannelPresence(channel);
}
