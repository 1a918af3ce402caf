import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { S3mini } from "s3mini";
import { type ByteRange, type FileStore, FileStoreError, requireKey } from "./file-store.ts";

/** The calls of an S3 client that a {@link S3FileStore} makes. */
export type S3Calls = Pick<S3mini, "putObject" | "getObjectRaw" | "objectExists" | "deleteObject">;

/** Where an S3-compatible service is, and who we are to it. */
export interface S3Address {
  /** With the bucket, as path or as host: `https://s3.example.com/bucket`. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Makes a store over S3. The client's library is loaded here, so that whoever keeps files in a folder does without. */
export async function openS3FileStore(address: S3Address): Promise<S3FileStore> {
  const { S3mini } = await import("s3mini");
  return new S3FileStore(new S3mini({ ...address, fetch: streamingFetch }));
}

/** A `fetch` that takes a stream as a body, and that signed requests never leave the address with. */
function streamingFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const streaming: RequestInit & { duplex: "half" } = { ...init, duplex: "half", redirect: "error" };
  return fetch(input, streaming);
}

/** Files in a bucket of an S3-compatible service, which writes an object whole or not at all. */
export class S3FileStore implements FileStore {
  readonly #calls: S3Calls;

  constructor(calls: S3Calls) {
    this.#calls = calls;
  }

  async put(key: string, content: Readable, size: number): Promise<void> {
    requireKey(key);
    const counted = exactly(content, size);
    try {
      const body = Readable.toWeb(counted) as ReadableStream<Uint8Array>;
      await this.#calls.putObject(key, body, undefined, undefined, undefined, size);
    } catch (error) {
      throw counted.errored ?? toFileStoreError(error);
    } finally {
      counted.destroy();
      content.destroy();
    }
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    const response = await run(key, () =>
      range === undefined
        ? this.#calls.getObjectRaw(key)
        : // The library's end is not part of the range.
          this.#calls.getObjectRaw(key, false, range.first, range.last + 1),
    );
    if (response.body === null) return Readable.from([]);
    // One class under the names of two libraries of types, here and above.
    return Readable.fromWeb(response.body as NodeReadableStream<Uint8Array>);
  }

  async exists(key: string): Promise<boolean> {
    return (await run(key, () => this.#calls.objectExists(key))) === true;
  }

  async delete(key: string): Promise<void> {
    await run(key, () => this.#calls.deleteObject(key));
  }
}

async function run<TResult>(key: string, call: () => Promise<TResult>): Promise<TResult> {
  requireKey(key);
  try {
    return await call();
  } catch (error) {
    throw toFileStoreError(error);
  }
}

/** The bytes of `content`, failing when there are more or fewer than `size`. */
function exactly(content: Readable, size: number): Readable {
  return Readable.from(
    (async function* () {
      let count = 0;
      for await (const chunk of content) {
        const bytes: Uint8Array = chunk;
        count += bytes.length;
        if (count > size) break;
        yield bytes;
      }
      if (count !== size) throw new RangeError(`the content has another length than ${size} bytes`);
    })(),
    { objectMode: false },
  );
}

function toFileStoreError(error: unknown): FileStoreError {
  const status = error instanceof Error && "status" in error ? Number(error.status) : undefined;
  if (status === 404) return new FileStoreError("missing", "there is no such object", error);
  if (status === 507) return new FileStoreError("full", "the bucket has no room for the object", error);
  const said = status === undefined ? "did not answer" : `refused (${status})`;
  return new FileStoreError("unavailable", `the object store ${said}`, error);
}
