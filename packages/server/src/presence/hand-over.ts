import type { PresenceMeta } from "./presence-diff.ts";

/** Entries of a topic that a node which is going away leaves to the others, each for the grace. */
export interface HandOver {
  /** Where they are listed. */
  readonly topic: string;
  /** In the order in which they came. */
  readonly entries: readonly HandedEntry[];
}

/** One entry of a {@link HandOver}. */
export interface HandedEntry {
  /** Who it is, in the application's words. */
  readonly key: string;
  readonly meta: PresenceMeta;
}

/** Says that a handed-over entry has found its client on another node. */
export interface Claim {
  /** Where the entry is listed. */
  readonly topic: string;
  /** The entry's key. */
  readonly key: string;
  /** The entry's ref. */
  readonly ref: string;
}

/** Reads a {@link HandOver} of another node; entries that are none are left out. */
export function readHandOver(payload: unknown): HandOver | undefined {
  if (!isRecord(payload) || typeof payload["topic"] !== "string" || !Array.isArray(payload["entries"]))
    return undefined;
  return { topic: payload["topic"], entries: payload["entries"].filter(isHandedEntry) };
}

/** Reads a {@link Claim} of another node. */
export function readClaim(payload: unknown): Claim | undefined {
  if (!isRecord(payload)) return undefined;
  const { topic, key, ref } = payload;
  const isClaim = typeof topic === "string" && typeof key === "string" && typeof ref === "string";
  return isClaim ? { topic, key, ref } : undefined;
}

function isHandedEntry(value: unknown): value is HandedEntry {
  return (
    isRecord(value) &&
    typeof value["key"] === "string" &&
    isRecord(value["meta"]) &&
    typeof value["meta"]["phx_ref"] === "string"
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
