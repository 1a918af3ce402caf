// Action Cable has no presence helper, so the page keeps the list itself. The
// rules are Phoenix's: a state replaces everything; a diff adds the metas of its
// joins first and takes those of its leaves away afterwards, both by `phx_ref`.

import { isRecord } from "../is-record.ts";
import { type PresenceEntries, readText } from "./wire-values.ts";

/** Reads the payload of `presence_state`. */
export function fromPresenceState(payload: unknown): PresenceEntries {
  return readEntries(payload);
}

/** Applies the payload of `presence_diff`; the given entries stay as they are. */
export function withPresenceDiff(entries: PresenceEntries, payload: unknown): PresenceEntries {
  const next = new Map(entries);
  if (!isRecord(payload)) return next;
  for (const [key, joined] of readEntries(payload["joins"])) {
    next.set(key, [...without(next.get(key) ?? [], joined), ...joined]);
  }
  for (const [key, left] of readEntries(payload["leaves"])) {
    const remaining = without(next.get(key) ?? [], left);
    if (remaining.length > 0) next.set(key, remaining);
    else next.delete(key);
  }
  return next;
}

function readEntries(value: unknown): Map<string, readonly unknown[]> {
  const entries = new Map<string, readonly unknown[]>();
  if (!isRecord(value)) return entries;
  for (const [key, entry] of Object.entries(value)) {
    const metas: unknown = isRecord(entry) ? entry["metas"] : undefined;
    if (Array.isArray(metas)) entries.set(key, metas);
  }
  return entries;
}

function without(metas: readonly unknown[], removed: readonly unknown[]): readonly unknown[] {
  const refs = new Set(removed.map((meta) => readText(meta, "phx_ref")));
  return metas.filter((meta) => !refs.has(readText(meta, "phx_ref")));
}
