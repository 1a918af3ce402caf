import type { StreamPosition, StreamStamp } from "@hutong/protocol";

/** How much of a topic is kept; whatever bound is reached first counts. */
export interface Retention {
  /** Most messages. */
  readonly maxCount: number;
  /** Greatest age, in milliseconds. */
  readonly maxAgeMs: number;
}

/** A broadcast that is to be kept. */
export interface HistoryDraft {
  /** Unique for ever. The same id given again within the retention is the same message. */
  readonly id: string;
  /** What it is called. */
  readonly event: string;
  /** A JSON value. */
  readonly payload: unknown;
}

/** A broadcast that is kept. */
export interface HistoryEntry extends Omit<HistoryDraft, "id"> {
  readonly stamp: StreamStamp;
  /** When it was kept, in milliseconds since 1970. */
  readonly atMs: number;
}

/** Which part of a topic is asked for. */
export type HistoryQuery =
  | { readonly kind: "after"; readonly offset: number; readonly limit: number }
  | { readonly kind: "since"; readonly sinceMs: number; readonly limit: number }
  | { readonly kind: "last"; readonly limit: number };

/** A part of a topic's history. */
export interface HistorySlice {
  /** The newest position, read in the same step as the entries. */
  readonly top: StreamPosition;
  /** What was asked for, in order of offsets. */
  readonly entries: readonly HistoryEntry[];
  /** The id of the entry at the offset that was asked for, as long as that entry is kept. */
  readonly idAtOffset: string | undefined;
}

/** A value, or a promise of it where the store is not in this process. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Keeps the latest broadcasts of topics. `historyStoreConformance` in `@hutong/testing`
 * is its test; {@link MemoryHistoryStore} is the reference.
 *
 * MUST: offsets of a topic grow strictly within an epoch, in the order in which `append` was called on one node;
 * `prev` is the offset of the message before, 0 for the first. MUST change the epoch whenever it cannot vouch that
 * every message since an older position is still known: a false "load anew" is cheap, a false
 * "nothing missed" is a bug. MAY keep less than the retention asks for.
 */
export interface HistoryStore {
  /**
   * Keeps a broadcast and gives its place. Once it has returned, or resolved, every `read` on every node MUST show it: clients
   * are told that their message is kept, and may ask for it elsewhere. With nothing kept, it rejects while the store is out of
   * reach, and with a `TypeError`, or throws that, when the payload is no JSON value.
   */
  append(topic: string, draft: HistoryDraft, retention: Retention): Awaitable<StreamStamp>;
  /** Reads a part of a topic. A topic that nobody has published to is at offset 0 of some epoch, which stays. */
  read(topic: string, query: HistoryQuery): Awaitable<HistorySlice>;
  /** Lets go of everything. Idempotent. */
  close(): Promise<void>;
}
