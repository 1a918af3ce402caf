import type { FileKind } from "./file-types.ts";

/** What the operator decides about files. Times are in milliseconds. */
export interface FileOptions {
  /** The largest file of each kind, in bytes. @defaultValue 28 MiB for pictures and voice, 100 MiB for the rest */
  readonly maxBytes?: Readonly<Record<FileKind, number>>;
  /** How long an upload may stand still. @defaultValue 30 seconds */
  readonly idleMs?: number;
  /** How long an upload may take. @defaultValue 15 minutes */
  readonly totalMs?: number;
  /** Uploads of one user at the same time. @defaultValue 4 */
  readonly uploadsAtOnce?: number;
  /** Pixels of a picture, and of all frames together of one that is coded again. @defaultValue 40 million */
  readonly maxPixels?: number;
  /** Frames of a moving picture. @defaultValue 500 */
  readonly maxFrames?: number;
  /** How long one step of working on a picture may take, in seconds. @defaultValue 20 */
  readonly pictureSeconds?: number;
  /** How long a file is kept that no message and no profile shows. @defaultValue 24 hours */
  readonly unreferencedMs?: number;
}

const MIB = 1_048_576;

/** What {@link FileOptions} leave open. */
export const DEFAULT_FILE_OPTIONS = {
  maxBytes: { image: 28 * MIB, voice: 28 * MIB, video: 100 * MIB, file: 100 * MIB },
  idleMs: 30_000,
  totalMs: 15 * 60_000,
  uploadsAtOnce: 4,
  maxPixels: 40_000_000,
  maxFrames: 500,
  pictureSeconds: 20,
  unreferencedMs: 24 * 3_600_000,
} as const satisfies Required<FileOptions>;

/**
 * Fills the defaults in.
 *
 * @throws {RangeError} that names every number that is not above 0 and finite.
 */
export function resolveFileOptions(options: FileOptions): Required<FileOptions> {
  const resolved = { ...DEFAULT_FILE_OPTIONS, ...options };
  const { maxBytes, ...rest } = resolved;
  const sizes = Object.entries(maxBytes).map(([kind, value]): [string, number] => [`maxBytes.${kind}`, value]);
  const problems = [...Object.entries(rest), ...sizes].filter(([, value]) => !(value > 0 && Number.isFinite(value)));
  if (problems.length > 0)
    throw new RangeError(problems.map(([name, value]) => `${name} is ${value}, set a number above 0`).join("; "));
  return resolved;
}
