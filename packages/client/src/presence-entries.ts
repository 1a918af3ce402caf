/**
 * The rules by which a list of who is here follows the server's states and diffs.
 * Pure. Metas are told apart by `phx_ref`; everything keyed by input is a Map.
 */
import { isRecord } from "./is-record.ts";

/** One presence of one key: one tab, one device. */
export interface PresenceMeta {
  /** Names this meta; an update gives a new one. */
  readonly phx_ref: string;
  /** What the server tracked. */
  readonly [field: string]: unknown;
}

/** Who is here: the metas of every key, oldest first, at least one each. */
export type PresenceEntries = ReadonlyMap<string, readonly PresenceMeta[]>;

/** What a state or diff changed. */
export interface PresenceChange {
  /** The metas that came. */
  readonly joined: PresenceEntries;
  /** The metas that went. */
  readonly left: PresenceEntries;
}

/** Entries, and how they came to be. */
export interface PresenceResult extends PresenceChange {
  readonly entries: PresenceEntries;
}

function isMeta(value: unknown): value is PresenceMeta {
  return isRecord(value) && typeof value["phx_ref"] === "string";
}

/** Reads the map of a state, or one side of a diff. What is not a meta is left out. */
export function parseEntries(value: unknown): PresenceEntries {
  const entries = new Map<string, readonly PresenceMeta[]>();
  if (!isRecord(value)) return entries;
  for (const [key, entry] of Object.entries(value)) {
    const metas: unknown = isRecord(entry) ? entry["metas"] : undefined;
    if (Array.isArray(metas) && metas.some(isMeta)) entries.set(key, metas.filter(isMeta));
  }
  return entries;
}

function without(metas: readonly PresenceMeta[], others: readonly PresenceMeta[] | undefined): readonly PresenceMeta[] {
  const refs = new Set(others?.map((meta) => meta.phx_ref));
  return metas.filter((meta) => !refs.has(meta.phx_ref));
}

/** The entries of `from` less the metas of `other`. */
function difference(from: PresenceEntries, other: PresenceEntries): PresenceEntries {
  const rest = new Map<string, readonly PresenceMeta[]>();
  for (const [key, metas] of from) {
    const remaining = without(metas, other.get(key));
    if (remaining.length > 0) rest.set(key, remaining);
  }
  return rest;
}

/** Adds what joined, then takes away what left. A meta that is here already does not join, and unknown ones do not leave. */
export function applyDiff(entries: PresenceEntries, diff: PresenceChange): PresenceResult {
  const next = new Map(entries);
  const joined = difference(diff.joined, entries);
  for (const [key, metas] of joined) next.set(key, [...(next.get(key) ?? []), ...metas]);
  const left = new Map<string, readonly PresenceMeta[]>();
  for (const [key, metas] of diff.left) {
    const present = next.get(key) ?? [];
    const remaining = without(present, metas);
    const gone = without(present, remaining);
    if (gone.length > 0) left.set(key, gone);
    if (remaining.length > 0) next.set(key, remaining);
    else next.delete(key);
  }
  return { entries: next, joined, left };
}

/** Makes the entries what the state says; metas that were here keep their place. */
export function applyState(entries: PresenceEntries, state: PresenceEntries): PresenceResult {
  return applyDiff(entries, { joined: state, left: difference(entries, state) });
}
