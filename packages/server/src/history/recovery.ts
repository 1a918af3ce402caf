import type { RecoveryReason, StreamPosition } from "@hutong/protocol";
import type { HistorySlice } from "./history-store.ts";

/**
 * Decides whether a slice, read after a position's offset, holds everything that
 * its client misses. `"ok"` says so; every other reason says why not. Any doubt is a
 * no: where the entry at the position is no longer kept, nothing shows that it is the one that the client was given.
 * Pure.
 */
export function judgeRecovery(position: StreamPosition, slice: HistorySlice): RecoveryReason {
  const { top, idAtOffset } = slice;
  if (position.epoch !== top.epoch) return "epoch";
  if (position.offset > top.offset) return "ahead";
  if (position.offset === top.offset) return position.id === top.id ? "ok" : "fingerprint";
  if (position.offset > 0 && idAtOffset !== position.id) return idAtOffset === undefined ? "trimmed" : "fingerprint";
  return continues(position, slice) ? "ok" : "trimmed";
}

/**
 * {@link judgeRecovery} for a position without an id: a client that stands at the top, or right before the oldest entry,
 * misses nothing, whatever is still kept.
 */
export function judgeOffset(position: Pick<StreamPosition, "epoch" | "offset">, slice: HistorySlice): RecoveryReason {
  const { top } = slice;
  if (position.epoch !== top.epoch) return "epoch";
  if (position.offset > top.offset) return "ahead";
  return continues(position, slice) ? "ok" : "trimmed";
}

/** Whether a slice goes on without a gap from an offset that this server has counted itself. */
export function continues(
  { epoch, offset }: Pick<StreamPosition, "epoch" | "offset">,
  { top, entries }: HistorySlice,
): boolean {
  if (epoch !== top.epoch || offset > top.offset) return false;
  return offset === top.offset || entries[0]?.stamp.prev === offset;
}

/** Whether a slice reaches the newest position. */
export function reachesTop({ top, entries }: HistorySlice): boolean {
  const last = entries.at(-1);
  return last === undefined || last.stamp.offset >= top.offset;
}
