import type { Readable } from "node:stream";

/** Bytes of a file, both ends included, counted from 0. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** Why a {@link FileStore} cannot do what it is asked. */
export type FileStoreErrorCode = "missing" | "full" | "unavailable";

/** A failure of a {@link FileStore}. */
export class FileStoreError extends Error {
  override readonly name = "FileStoreError";
  readonly code: FileStoreErrorCode;

  constructor(code: FileStoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/**
 * Keeps contents under keys of 32 hexadecimal digits in lower case. A key is written once and its content never changes. A
 * store knows nothing of owners, names and types, and it MUST NOT be reachable by anyone but the server.
 */
export interface FileStore {
  /**
   * Keeps `size` bytes. When it resolves, the content MUST outlive a crash of the machine; until then, and for ever when it
   * rejects, the key MUST NOT be there, not even in part. It MUST read `content` to its end or destroy it. It MUST reject
   * when `content` fails or has another length. It MAY replace a key that is there.
   *
   * @throws {FileStoreError} `full` when there is no room, `unavailable` when the store does not answer.
   */
  put(key: string, content: Readable, size: number): Promise<void>;
  /**
   * Resolves with the content, or with a range of it that lies within the content. The reader owns the stream and destroys
   * it when it has enough; a store MUST let go of everything then. Reading goes on while the key is deleted, or fails.
   *
   * @throws {FileStoreError} `missing` or `unavailable`.
   */
  open(key: string, range?: ByteRange): Promise<Readable>;
  /**
   * Whether a key is there.
   *
   * @throws {FileStoreError} `unavailable`.
   */
  exists(key: string): Promise<boolean>;
  /**
   * Removes a key; one that is not there is no failure.
   *
   * @throws {FileStoreError} `unavailable`.
   */
  delete(key: string): Promise<void>;
}

/** @throws {TypeError} for what is no key: every implementation asks first, because keys become paths. */
export function requireKey(key: string): void {
  if (!/^[0-9a-f]{32}$/.test(key)) throw new TypeError("a storage key has 32 hexadecimal digits in lower case");
}
