import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { ChatError } from "../api/chat-error.ts";
import { detectType, type FileType, HEAD_BYTES } from "./file-types.ts";
import { isFull } from "./local-file-store.ts";

/** A file that somebody has sent, before it is stored. */
export interface Draft {
  /** Where it lies. Whoever has the draft removes it. */
  readonly path: string;
  readonly size: number;
  /** Of what was sent, in hexadecimal digits. */
  readonly sha256: string;
  readonly type: FileType;
}

/** How a draft is written. */
export interface DraftParts {
  /** Made when it is missing. */
  readonly draftFolder: string;
  /** The largest size of a type, in bytes; asked once the first bytes are there. May throw a `ChatError`. */
  readonly maxBytesOf: (type: FileType) => number;
}

/**
 * Writes what comes to a file of its own. When it rejects, the file is gone.
 *
 * @throws {ChatError} `bad_request` for an empty file, `too_large`, `storage_full`.
 */
export async function writeDraft(content: Readable, { draftFolder, maxBytesOf }: DraftParts): Promise<Draft> {
  const path = join(draftFolder, randomUUID());
  try {
    await mkdir(draftFolder, { recursive: true, mode: 0o700 });
    const file = await open(path, "wx", 0o600);
    try {
      const writer = new DraftWriter(file, maxBytesOf);
      for await (const chunk of content) await writer.write(chunk);
      return { path, ...(await writer.end()) };
    } finally {
      await file.close();
    }
  } catch (error) {
    content.destroy();
    await removeDraft({ path });
    throw isFull(error) ? new ChatError("storage_full", { cause: error }) : error;
  }
}

/** Removes a draft; one that is gone is no failure. */
export async function removeDraft({ path }: Pick<Draft, "path">): Promise<void> {
  await rm(path, { force: true });
}

/** Removes what a crash has left in the folder: everything that was last written before a time. */
export async function removeOldDrafts(draftFolder: string, beforeMs: number): Promise<void> {
  await mkdir(draftFolder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(draftFolder)) {
    const path = join(draftFolder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity })); // finished meanwhile
    if (mtimeMs < beforeMs) await removeDraft({ path });
  }
}

/** Counts, hashes and looks at what is written. */
class DraftWriter {
  readonly #file: FileHandle;
  readonly #maxBytesOf: DraftParts["maxBytesOf"];
  readonly #hash = createHash("sha256");
  #size = 0;
  /** The first bytes, until they are enough to know the type. */
  #head: Uint8Array = new Uint8Array();
  #type: FileType | undefined;

  constructor(file: FileHandle, maxBytesOf: DraftParts["maxBytesOf"]) {
    this.#file = file;
    this.#maxBytesOf = maxBytesOf;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#size += chunk.length;
    if (this.#type === undefined) {
      this.#head = Buffer.concat([this.#head, chunk]);
      if (this.#head.length >= HEAD_BYTES) this.#type = await detectType(this.#head);
    }
    if (this.#type !== undefined) this.#checkSize(this.#type);
    this.#hash.update(chunk);
    await this.#file.writeFile(chunk);
  }

  async end(): Promise<Omit<Draft, "path">> {
    if (this.#size === 0) throw new ChatError("bad_request", { message: "The file is empty" });
    const type = this.#type ?? (await detectType(this.#head));
    this.#checkSize(type);
    return { size: this.#size, sha256: this.#hash.digest("hex"), type };
  }

  #checkSize(type: FileType): void {
    if (this.#size > this.#maxBytesOf(type)) throw new ChatError("too_large");
  }
}
