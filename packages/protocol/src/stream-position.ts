import { isCount } from "./json.ts";

/**
 * A topic with history numbers what is broadcast on it. A client remembers the
 * position of the last message that it was given; with it, server and client
 * decide by one rule what a message that arrives is: the next one, an old one, one
 * after a gap, or one of another history altogether.
 */

/** A place in the history of a topic: the message at `offset`, or the beginning. */
export interface StreamPosition {
  /** One lifetime of one history. Offsets of different epochs cannot be compared. */
  readonly epoch: string;
  /** Number of the message, from 1; 0 is the place before the first. A safe integer. */
  readonly offset: number;
  /**
   * Id of the message at `offset`; empty at 0, and where it is not known. It catches a store that was put back to an
   * older state and has counted up again, which epoch and offset alone do not.
   */
  readonly id: string;
}

/** What a message with history carries: its own position, and the offset of the one before it. */
export interface StreamStamp extends StreamPosition {
  /** Offset of the previous message of the topic, 0 for the first. Offsets may leave numbers out; `prev` tells. */
  readonly prev: number;
}

/** What a message is to somebody who stands at a position. */
export type Arrival = "next" | "duplicate" | "gap" | "reset";

/** A position as clients name it whose grammar carries no ids, with the topic that it belongs to. */
export interface TopicOffset {
  /** The topic, as the client knows it. */
  readonly topic: string;
  /** The epoch of its history. */
  readonly epoch: string;
  /** The offset of the last message that the client was given. */
  readonly offset: number;
}

/** What a client asks for when it joins a topic with history. */
export type RecoverRequest =
  /** Everything after a position. */
  | { readonly kind: "position"; readonly position: StreamPosition }
  /** Everything since a time, in milliseconds since 1970 by the server's clock. */
  | { readonly kind: "since"; readonly sinceMs: number }
  /**
   * Everything after the topic's own offset; where none is given for the topic, everything since a time by the client's
   * clock. There is no id to compare, so a history that was put back and counted up again under its old epoch is not noticed.
   */
  | { readonly kind: "offsets"; readonly offsets: readonly TopicOffset[]; readonly sinceMs?: number | undefined }
  /** The latest messages, at most `count`. */
  | { readonly kind: "last"; readonly count: number }
  /** Something that is none of these; it recovers nothing. */
  | { readonly kind: "malformed" };

/** Why a join recovered what it did. */
export const RECOVERY_REASONS = {
  ok: "Everything after the given position follows.",
  fresh: "No position was given; nothing was asked for.",
  partial: "The latest messages follow, as asked; there may be older ones.",
  epoch: "The position belongs to another history.",
  ahead: "The position lies beyond the newest message.",
  trimmed: "Messages after the position are no longer kept.",
  fingerprint: "Another message stands at the position: the history was put back and has counted up again.",
  disabled: "The topic keeps no history.",
  malformed: "The request could not be read.",
} as const satisfies Record<string, string>;

/** The name of a row of {@link RECOVERY_REASONS}. */
export type RecoveryReason = keyof typeof RECOVERY_REASONS;

/** What a join of a topic with history reports. */
export interface RecoveryReport {
  /** Whether the client misses nothing after the position that it gave. If not, what it shows must be loaded anew. */
  readonly recovered: boolean;
  readonly reason: RecoveryReason;
  /** Where the client stands now: the messages that follow start after it. */
  readonly position: StreamPosition;
}

/** Decides what a message is to somebody who stands at `mine`. Server and client use this one rule. */
export function judgeArrival(mine: StreamPosition, stamp: StreamStamp): Arrival {
  if (stamp.epoch !== mine.epoch) return "reset";
  // Two messages cannot share a place: the history was put back and has counted up again.
  if (stamp.offset === mine.offset && mine.id !== "" && stamp.id !== mine.id) return "reset";
  if (stamp.offset <= mine.offset) return "duplicate";
  return stamp.prev === mine.offset ? "next" : "gap";
}

/** The position right after a message. */
export function positionOf({ epoch, offset, id }: StreamStamp): StreamPosition {
  return { epoch, offset, id };
}

/** The form in which a position travels: `[epoch, offset, id]`. */
export function writePosition({ epoch, offset, id }: StreamPosition): readonly [string, number, string] {
  return [epoch, offset, id];
}

/** Reads what {@link writePosition} wrote; `undefined` when it is something else. */
export function readPosition(value: unknown): StreamPosition | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [epoch, offset, id]: readonly unknown[] = value;
  return isText(epoch) && isCount(offset) && isText(id) ? { epoch, offset, id } : undefined;
}

/** The form in which a stamp travels: `[epoch, offset, id, prev]`. */
export function writeStamp({ epoch, offset, id, prev }: StreamStamp): readonly [string, number, string, number] {
  return [epoch, offset, id, prev];
}

/** Reads what {@link writeStamp} wrote; `undefined` when it is something else. */
export function readStamp(value: unknown): StreamStamp | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const position = readPosition(value.slice(0, 3));
  const prev: unknown = value[3];
  if (position === undefined || !isCount(prev) || prev >= position.offset) return undefined;
  return { ...position, prev };
}

/** The form in which a report travels: `[recovered, reason, [epoch, offset, id]]`. */
export function writeReport({ recovered, reason, position }: RecoveryReport): readonly unknown[] {
  return [recovered, reason, writePosition(position)];
}

/** Reads what {@link writeReport} wrote; `undefined` when it is something else. */
export function readReport(value: unknown): RecoveryReport | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [recovered, reason]: readonly unknown[] = value;
  const position = readPosition(value[2]);
  if (typeof recovered !== "boolean" || !isReason(reason) || position === undefined) return undefined;
  return { recovered, reason, position };
}

// Long enough for every epoch and id of ours, short enough to compare and to log.
const MAX_TEXT_LENGTH = 64;

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_TEXT_LENGTH;
}

function isReason(value: unknown): value is RecoveryReason {
  return typeof value === "string" && Object.hasOwn(RECOVERY_REASONS, value);
}
