import { CLOSE_CODES } from "@hutong/protocol";

/** How long a socket waits between two attempts to connect. */
export interface ReconnectOptions {
  /** The ceiling of the first wait, in milliseconds. @defaultValue 250 */
  readonly minMs?: number;
  /** The ceiling of every wait, in milliseconds. @defaultValue 30_000 */
  readonly maxMs?: number;
  /** By how much the ceiling grows per failed attempt. @defaultValue 2 */
  readonly factor?: number;
}

/** The defaults of {@link ReconnectOptions}. */
export const DEFAULT_RECONNECT = { minMs: 250, maxMs: 30_000, factor: 2 } as const satisfies Required<ReconnectOptions>;

/**
 * How long a link or a join must last before the count of failures starts anew, in
 * milliseconds. A server that accepts and then fails at once is not hammered.
 */
export const STABLE_AFTER_MS = 5_000;

/** The least wait after a close that asks for room, in milliseconds. */
const ROOM_MS = 1_000;

const FIRST_REJOINS_MS: readonly number[] = [1_000, 2_000, 5_000];
const LATER_REJOINS_MS = 10_000;

/** What a wait depends on. */
export interface ReconnectCause {
  /** Failures in a row before this wait, from 0. */
  readonly failures: number;
  /** The code of the close that ended the last link; `undefined` when none opened. */
  readonly code?: number | undefined;
}

/**
 * Says how long to wait before the next attempt: a random part of a ceiling that
 * grows by `factor` up to `maxMs` ("full jitter"), so that clients which lost the
 * same server do not come back together. A server that drains (1012) or is
 * overloaded (1013) gets at least one second, spread over at least one more.
 */
export function reconnectDelayMs(
  cause: ReconnectCause,
  options: Required<ReconnectOptions>,
  random: () => number,
): number {
  const ceilingMs = Math.min(options.maxMs, options.minMs * options.factor ** cause.failures);
  const asksForRoom = cause.code === CLOSE_CODES.drained.code || cause.code === CLOSE_CODES.overloaded.code;
  return asksForRoom ? ROOM_MS + random() * Math.max(ROOM_MS, ceilingMs) : random() * ceilingMs;
}

/** Says how long to wait before a channel joins again: 1, 2, 5, then 10 seconds, less a random part of up to a half. */
export function rejoinDelayMs(failures: number, random: () => number): number {
  const baseMs = FIRST_REJOINS_MS[failures] ?? LATER_REJOINS_MS;
  return baseMs * (1 - random() / 2);
}
