import { type PresenceMeta, type PresenceState, toState } from "./presence-diff.ts";

/** One meta under one key. */
export interface Entry {
  /** Where it is listed. */
  readonly topic: string;
  /** Who it is, in the application's words. */
  readonly key: string;
  /** Who tracks it; `undefined` while it waits for its client to come back. */
  owner: object | undefined;
  meta: PresenceMeta;
  /** Whether another node has handed it over, and every other node holds it, too. */
  isHandedOver: boolean;
}

/** The entries of one topic, by key and by owner. */
export class Roster {
  readonly #byKey = new Map<string, Entry[]>();
  readonly #byOwner = new Map<object, Map<string, Entry>>();
  #size = 0;

  /** Entries. */
  get size(): number {
    return this.#size;
  }

  /** Keys. */
  get keyCount(): number {
    return this.#byKey.size;
  }

  /** All entries, in the shape of the wire. */
  state(): PresenceState {
    return toState(this.#metas());
  }

  /** The entry that the owner tracks under the key. */
  entryOf(owner: object, key: string): Entry | undefined {
    return this.#byOwner.get(owner)?.get(key);
  }

  /** The entries that the owner tracks. */
  entriesOf(owner: object): readonly Entry[] {
    return [...(this.#byOwner.get(owner)?.values() ?? [])];
  }

  /** The entries under the key that wait for their client, the oldest first. */
  orphansOf(key: string): readonly Entry[] {
    return (this.#byKey.get(key) ?? []).filter(({ owner }) => owner === undefined);
  }

  add(entry: Entry): void {
    const entries = this.#byKey.get(entry.key) ?? [];
    this.#byKey.set(entry.key, entries);
    entries.push(entry);
    this.#size++;
    if (entry.owner !== undefined) this.#index(entry.owner, entry);
  }

  remove(entry: Entry): void {
    const entries = this.#byKey.get(entry.key) ?? [];
    const index = entries.indexOf(entry);
    if (index < 0) return;
    entries.splice(index, 1);
    if (entries.length === 0) this.#byKey.delete(entry.key);
    this.#size--;
    this.give(entry, undefined);
  }

  /** Changes the entry's owner. */
  give(entry: Entry, owner: object | undefined): void {
    const entries = entry.owner && this.#byOwner.get(entry.owner);
    entries?.delete(entry.key);
    if (entry.owner !== undefined && entries?.size === 0) this.#byOwner.delete(entry.owner);
    entry.owner = owner;
    if (owner !== undefined) this.#index(owner, entry);
  }

  #index(owner: object, entry: Entry): void {
    const entries = this.#byOwner.get(owner) ?? new Map<string, Entry>();
    this.#byOwner.set(owner, entries);
    entries.set(entry.key, entry);
  }

  *#metas(): Iterable<readonly [key: string, meta: PresenceMeta]> {
    for (const [key, entries] of this.#byKey) for (const { meta } of entries) yield [key, meta];
  }
}
