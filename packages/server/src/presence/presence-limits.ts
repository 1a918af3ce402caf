import { resolveLimits } from "../options.ts";
import type { Rate } from "../limits/token-bucket.ts";

/** Limits of presence. */
export interface PresenceLimits {
  /**
   * Time for which the entry of a channel whose link broke stays, so that a client that comes back is not seen to
   * leave, in milliseconds; 0 lets it go at once. @defaultValue 10_000
   */
  readonly graceMs?: number;
  /** Entries of a topic above which its changes are collected for `diffWindowMs`; below it for a turn of the event loop. @defaultValue 100 */
  readonly maxImmediate?: number;
  /** Time between two diffs of a big topic, in milliseconds. @defaultValue 50 */
  readonly diffWindowMs?: number;
  /** Entries of a topic above which clients are told a count, and no longer who is there. @defaultValue 500 */
  readonly maxListed?: number;
  /** Largest entry, its key and its meta as JSON, in bytes. @defaultValue 2_048 */
  readonly maxMetaBytes?: number;
  /** Updates of one channel that are allowed within `updateWindowMs`. @defaultValue 5 */
  readonly maxUpdates?: number;
  /** Time within which `maxUpdates` are allowed, in milliseconds. @defaultValue 30_000 */
  readonly updateWindowMs?: number;
}

/** Defaults of {@link PresenceLimits}. */
export const DEFAULT_PRESENCE_LIMITS = {
  graceMs: 10_000,
  maxImmediate: 100,
  diffWindowMs: 50,
  maxListed: 500,
  maxMetaBytes: 2_048,
  maxUpdates: 5,
  updateWindowMs: 30_000,
} as const satisfies Required<PresenceLimits>;

/**
 * Applies defaults and checks the limits.
 *
 * @throws {RangeError} that names every limit outside its range.
 */
export function resolvePresenceLimits(given: PresenceLimits): Required<PresenceLimits> {
  const hasNoGrace = given.graceMs === 0;
  const limits = resolveLimits(hasNoGrace ? { ...given, graceMs: 1 } : given, DEFAULT_PRESENCE_LIMITS);
  return hasNoGrace ? { ...limits, graceMs: 0 } : limits;
}

/** How often one channel may update. */
export function updateRate({ maxUpdates, updateWindowMs }: Required<PresenceLimits>): Rate {
  return { burst: maxUpdates, perSecond: (maxUpdates * 1_000) / updateWindowMs };
}

/**
 * Refuses an entry that is too large.
 *
 * @throws {TypeError} that says so, or that the meta cannot be JSON.
 */
export function checkEntrySize(key: string, meta: object, { maxMetaBytes }: Required<PresenceLimits>): void {
  const bytes = new TextEncoder().encode(JSON.stringify([key, meta])).length;
  if (bytes <= maxMetaBytes) return;
  throw new TypeError(
    `a presence entry of ${bytes} bytes is larger than the limit of ${maxMetaBytes}; everyone on the topic is sent it, ` +
      "so build it from checked and shortened fields of what the client sent",
  );
}
