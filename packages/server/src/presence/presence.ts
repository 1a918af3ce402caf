/**
 * Who is on a topic. Each tracked entry is a meta under a key; one key has a meta
 * per channel that tracks it, so a person with two tabs is there twice under one
 * key. An entry goes with its channel; if the channel's link broke, it waits for a
 * client that tracks the key again, and nobody sees that it was away.
 */
import { ChannelError, ERROR_CODES } from "@hutong/protocol";
import type { Clock } from "../clock.ts";
import { TokenBucket } from "../limits/token-bucket.ts";
import { Announcer, type PresenceChannel } from "./announcer.ts";
import { Grace } from "./grace.ts";
import type { Claim, HandOver } from "./hand-over.ts";
import { type PresenceDiff, type PresenceMeta, type PresenceState, toState } from "./presence-diff.ts";
import { checkEntrySize, type PresenceLimits, updateRate } from "./presence-limits.ts";
import { type Entry, Roster } from "./roster.ts";

/** Parts of a {@link Presence}. */
export interface PresenceOptions {
  /** Makes refs unique in the cluster. */
  readonly nodeId: string;
  readonly channel: PresenceChannel;
  readonly clock: Clock;
  readonly limits: Required<PresenceLimits>;
}

interface Place {
  readonly topic: string;
  readonly roster: Roster;
  readonly announcer: Announcer;
}

const NOBODY: PresenceState = toState([]);
const NO_CHANGE: PresenceDiff = { joins: NOBODY, leaves: NOBODY };

/** The presence of one node. */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #places = new Map<string, Place>();
  readonly #grace: Grace<Entry>;
  /** Ends with the owner. */
  readonly #updates = new WeakMap<object, TokenBucket>();
  #refCount = 0;
  #isDraining = false;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#grace = new Grace(options.clock, options.limits.graceMs, (entry) => this.#expire(entry));
  }

  /**
   * Adds an entry and announces it. An entry under the key whose client was lost is taken over: in silence
   * when the meta is the same, as an update when it is not.
   *
   * @returns its ref.
   * @throws {TypeError} when this owner tracks the key already, or the entry is too large.
   */
  track(topic: string, owner: object, key: string, meta: object): string {
    checkEntrySize(key, meta, this.#options.limits);
    const place = this.#place(topic);
    if (place.roster.entryOf(owner, key) !== undefined)
      throw new TypeError(`presence key "${key}" is tracked by this channel already`);
    const orphans = place.roster.orphansOf(key);
    const orphan = orphans.find((entry) => isSameMeta(entry.meta, meta)) ?? orphans[0];
    if (orphan !== undefined) return this.#takeOver(place, orphan, owner, meta);
    const added: PresenceMeta = { ...withoutRefs(meta), phx_ref: this.#nextRef() };
    place.roster.add({ topic, key, owner, meta: added, isHandedOver: false });
    place.announcer.announce({ joins: toState([[key, added]]), leaves: NOBODY });
    return added.phx_ref;
  }

  /**
   * Replaces the owner's entry under the key and announces the old and the new meta together.
   *
   * @returns the new ref, or `undefined` when the owner does not track the key.
   * @throws {ChannelError} `rate_limited`, with `retry_after_ms` in its response, when the owner updates too often.
   * @throws {TypeError} when the entry is too large.
   */
  update(topic: string, owner: object, key: string, change: (meta: PresenceMeta) => object): string | undefined {
    const place = this.#places.get(topic);
    const entry = place?.roster.entryOf(owner, key);
    if (place === undefined || entry === undefined) return undefined;
    this.#countUpdate(owner);
    const meta = change(entry.meta);
    checkEntrySize(key, withoutRefs(meta), this.#options.limits);
    return this.#replaceMeta(place, entry, meta);
  }

  /** Removes the owner's entry under the key, or all its entries on the topic, and announces it. */
  untrack(topic: string, owner: object, key?: string): void {
    const place = this.#places.get(topic);
    if (place === undefined) return;
    this.#remove(
      place,
      place.roster.entriesOf(owner).filter((entry) => key === undefined || entry.key === key),
    );
  }

  /** The owner's link broke: its entries on the topic stay for the grace, for a client that tracks their keys again. */
  abandon(topic: string, owner: object): void {
    const place = this.#places.get(topic);
    const entries = place?.roster.entriesOf(owner) ?? [];
    if (place === undefined || entries.length === 0) return;
    if (this.#isDraining) return this.#leaveToOthers(place, entries);
    if (this.#options.limits.graceMs === 0) return this.#remove(place, entries);
    for (const entry of entries) {
      place.roster.give(entry, undefined);
      this.#grace.add(entry);
    }
  }

  /** From now on entries whose link breaks are left to the other nodes, because no client comes back to this one. */
  drain(): void {
    this.#isDraining = true;
    for (const entry of [...this.#grace.waiting]) {
      const place = this.#places.get(entry.topic);
      this.#grace.delete(entry);
      if (place !== undefined && !entry.isHandedOver) this.#leaveToOthers(place, [entry]);
    }
  }

  /** Holds entries that another node has handed over, for their clients to come back to. Nobody is told: they are known. */
  adopt({ topic, entries }: HandOver): void {
    const place = this.#place(topic);
    for (const { key, meta } of entries) {
      const entry: Entry = { topic, key, owner: undefined, meta, isHandedOver: true };
      place.roster.add(entry);
      this.#grace.add(entry);
    }
    place.announcer.announce(NO_CHANGE);
  }

  /** Lets go of an entry that has found its client on another node. */
  release({ topic, key, ref }: Claim): void {
    const place = this.#places.get(topic);
    const entry = place?.roster.orphansOf(key).find(({ isHandedOver, meta }) => isHandedOver && meta.phx_ref === ref);
    if (place === undefined || entry === undefined) return;
    this.#grace.delete(entry);
    place.roster.remove(entry);
    place.announcer.announce(NO_CHANGE);
  }

  /** Everyone on the topic; nobody when there are more than may be listed. */
  list(topic: string): PresenceState {
    const place = this.#places.get(topic);
    return place === undefined || place.announcer.isCounted ? NOBODY : place.roster.state();
  }

  /** How many keys are on the topic. */
  count(topic: string): number {
    return this.#places.get(topic)?.roster.keyCount ?? 0;
  }

  /** Topics with entries, or with something still to be said. */
  get topicCount(): number {
    return this.#places.size;
  }

  /** Forgets everyone, and announces nothing any more. */
  close(): void {
    this.#grace.close();
    for (const { announcer } of this.#places.values()) announcer.close();
    this.#places.clear();
  }

  #place(topic: string): Place {
    const known = this.#places.get(topic);
    if (known !== undefined) return known;
    const { channel, clock, limits } = this.#options;
    const roster = new Roster();
    const onQuiet = (): void => this.#forgetIfEmpty(place);
    const announcer = new Announcer({ topic, announced: roster, channel, clock, limits, onQuiet });
    const place: Place = { topic, roster, announcer };
    this.#places.set(topic, place);
    return place;
  }

  #takeOver(place: Place, entry: Entry, owner: object, meta: object): string {
    this.#grace.delete(entry);
    place.roster.give(entry, owner);
    if (entry.isHandedOver)
      this.#options.channel.claim({ topic: entry.topic, key: entry.key, ref: entry.meta.phx_ref });
    entry.isHandedOver = false;
    return isSameMeta(entry.meta, meta) ? entry.meta.phx_ref : this.#replaceMeta(place, entry, meta);
  }

  #replaceMeta({ announcer }: Place, entry: Entry, meta: object): string {
    const old = entry.meta;
    entry.meta = { ...withoutRefs(meta), phx_ref: this.#nextRef(), phx_ref_prev: old.phx_ref };
    announcer.announce({ joins: toState([[entry.key, entry.meta]]), leaves: toState([[entry.key, old]]) });
    return entry.meta.phx_ref;
  }

  #remove(place: Place, entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    for (const entry of entries) place.roster.remove(entry);
    place.announcer.announce({ joins: NOBODY, leaves: toState(entries.map(({ key, meta }) => [key, meta])) });
  }

  #expire(entry: Entry): void {
    const place = this.#places.get(entry.topic);
    if (place === undefined) return;
    if (!entry.isHandedOver) return this.#remove(place, [entry]);
    // Every other node holds it, too, and tells its own channels.
    const leaves = toState([[entry.key, entry.meta]]);
    if (!place.announcer.isCounted)
      this.#options.channel.publishLocally(entry.topic, "presence_diff", { joins: NOBODY, leaves });
    place.roster.remove(entry);
    place.announcer.announce(NO_CHANGE);
  }

  #leaveToOthers({ topic, roster }: Place, entries: readonly Entry[]): void {
    for (const entry of entries) roster.remove(entry);
    this.#options.channel.handOver({ topic, entries: entries.map(({ key, meta }) => ({ key, meta })) });
  }

  #countUpdate(owner: object): void {
    const { clock, limits } = this.#options;
    const bucket = this.#updates.get(owner) ?? new TokenBucket(updateRate(limits), clock.now());
    this.#updates.set(owner, bucket);
    const waitMs = bucket.take(clock.now());
    if (waitMs === 0) return;
    const { reason } = ERROR_CODES.rate_limited;
    throw new ChannelError("rate_limited", { response: { reason, retry_after_ms: waitMs } });
  }

  #forgetIfEmpty(place: Place): void {
    if (place.roster.size === 0 && this.#places.get(place.topic) === place) this.#places.delete(place.topic);
  }

  #nextRef(): string {
    this.#refCount++;
    return `${this.#options.nodeId}${this.#refCount.toString(36)}`;
  }
}

/** What the application said, without our names for it. */
function withoutRefs(meta: object): Readonly<Record<string, unknown>> {
  const { phx_ref: _ref, phx_ref_prev: _previous, ...rest } = meta as Readonly<Record<string, unknown>>; // any object has string keys
  return rest;
}

function isSameMeta(a: object, b: object): boolean {
  return JSON.stringify(withoutRefs(a)) === JSON.stringify(withoutRefs(b));
}
