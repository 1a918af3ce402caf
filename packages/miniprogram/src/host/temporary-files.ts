import { randomBytes } from "node:crypto";
import { HostFailure } from "./host-failure.ts";
import type { UserFiles } from "./user-files.ts";

/** A file that a mini-program may use until it ends. */
export interface TemporaryFile {
  /** Its content. */
  readonly bytes: Uint8Array;
  /** Media type. */
  readonly type: string;
}

/** All temporary files of one session, in bytes. */
export const MAX_TEMPORARY_BYTES = 128 * 1_048_576;

const PREFIX = "http://tmp/";
const EXTENSIONS = new Map([
  ["image/png", "png"],
  ["image/jpeg", "jpg"],
  ["image/gif", "gif"],
  ["image/webp", "webp"],
  ["image/svg+xml", "svg"],
  ["video/mp4", "mp4"],
  ["audio/mpeg", "mp3"],
  ["audio/webm", "webm"],
  ["audio/wav", "wav"],
]);

/** The temporary files of one session, in memory, and the way to those that the mini-program keeps. */
export class TemporaryFiles {
  /** Files that outlive the session. */
  readonly user: UserFiles;
  readonly #files = new Map<string, TemporaryFile>();
  #bytes = 0;

  /** `user` belongs to the phone, not to the session. */
  constructor(user: UserFiles) {
    this.user = user;
  }

  /**
   * Keeps a file and gives its path, which looks like those of WeChat.
   *
   * @throws {HostFailure} when the session holds too much.
   */
  add(file: TemporaryFile): string {
    if (this.#bytes + file.bytes.length > MAX_TEMPORARY_BYTES) throw new HostFailure("the temporary files are full");
    this.#bytes += file.bytes.length;
    const extension = EXTENSIONS.get(file.type.split(";")[0] ?? "");
    const name = `${randomBytes(12).toString("hex")}${extension === undefined ? "" : `.${extension}`}`;
    this.#files.set(name, file);
    return PREFIX + name;
  }

  /** Forgets the files of a run that has ended. */
  clear(): void {
    this.#files.clear();
    this.#bytes = 0;
  }

  /** The file of that name or path, `undefined` when there is none. */
  get(path: string): TemporaryFile | undefined {
    return this.#files.get(path.startsWith(PREFIX) ? path.slice(PREFIX.length) : path) ?? this.user.get(path);
  }
}
