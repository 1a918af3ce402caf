import type { RecoverRequest, RecoveryReason, StreamPosition } from "@hutong/protocol";
import type { HistoryQuery, HistorySlice } from "../history/history-store.ts";
import { judgeOffset, judgeRecovery } from "../history/recovery.ts";

/** How one request is answered from a topic's history. */
export interface RecoverPlan {
  /** What to read. */
  readonly query: HistoryQuery;
  /** Whether what was read is what was asked for. */
  readonly judge: (slice: HistorySlice) => RecoveryReason;
  /** Where the client stands before what was read. */
  readonly startOf: (slice: HistorySlice) => StreamPosition;
}

/** Messages that are read at a time. */
export const PAGE_SIZE = 256;

/** The most messages that a client is given when it asks for the latest. */
const MAX_LAST = 1_000;

/**
 * A client that names a time ahead of ours has a fast clock: by how much is not known, so it is given the last minute.
 * It names a time only where it was never given a message of the topic.
 */
const FAST_CLOCK_MS = 60_000;

/** The request with a time that our clock has reached. */
export function withPastTime(request: RecoverRequest, nowMs: number): RecoverRequest {
  const isAhead = request.kind === "offsets" && request.sinceMs !== undefined && request.sinceMs > nowMs;
  return isAhead ? { ...request, sinceMs: nowMs - FAST_CLOCK_MS } : request;
}

/** What a request means for one topic. Pure. */
export function planRecovery(request: RecoverRequest | undefined, topic: string): RecoverPlan {
  switch (request?.kind) {
    case "position":
      return planAfter(request.position, judgeRecovery);
    case "offsets": {
      const own = request.offsets.find((offset) => offset.topic === topic);
      if (own !== undefined) return planAfter({ epoch: own.epoch, offset: own.offset, id: "" }, judgeOffset);
      return request.sinceMs === undefined ? planNothing("fresh") : planSince(request.sinceMs);
    }
    case "since":
      return planSince(request.sinceMs);
    case "last":
      return planLatest({ kind: "last", limit: Math.min(request.count, MAX_LAST) });
    case "malformed":
      return planNothing("malformed");
    case undefined:
      return planNothing("fresh");
    default:
      return request satisfies never;
  }
}

function planAfter(
  position: StreamPosition,
  judge: (position: StreamPosition, slice: HistorySlice) => RecoveryReason,
): RecoverPlan {
  return {
    query: { kind: "after", offset: position.offset, limit: PAGE_SIZE },
    judge: (slice) => judge(position, slice),
    startOf: () => position,
  };
}

function planSince(sinceMs: number): RecoverPlan {
  return planLatest({ kind: "since", sinceMs, limit: MAX_LAST });
}

function planLatest(query: HistoryQuery): RecoverPlan {
  return { query, judge: () => "partial", startOf: beforeFirst };
}

function planNothing(reason: RecoveryReason): RecoverPlan {
  return { query: { kind: "last", limit: 0 }, judge: () => reason, startOf: beforeFirst };
}

function beforeFirst({ top, entries }: HistorySlice): StreamPosition {
  const first = entries[0]?.stamp;
  return first === undefined ? top : { epoch: first.epoch, offset: first.prev, id: "" };
}
