import { randomUUID } from "node:crypto";
import { access, type FileHandle, mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { type ByteRange, type FileStore, FileStoreError, requireKey } from "./file-store.ts";

/** Where a {@link LocalFileStore} works. Both folders are made when they are missing, and are on one file system. */
export interface LocalFileStoreFolders {
  /** Contents, in sub-folders named after the first two digits of their keys. */
  readonly folder: string;
  /** What is being written. A crash leaves files here, which `removeOldDrafts` takes away. */
  readonly draftFolder: string;
}

/** Files in a folder of this machine. */
export class LocalFileStore implements FileStore {
  readonly #folders: LocalFileStoreFolders;

  constructor(folders: LocalFileStoreFolders) {
    this.#folders = folders;
  }

  async put(key: string, content: Readable, size: number): Promise<void> {
    const path = this.#pathOf(key);
    const draft = join(this.#folders.draftFolder, randomUUID());
    try {
      await mkdir(this.#folders.draftFolder, { recursive: true, mode: 0o700 });
      await writeWhole(draft, content, size);
      const hasNewFolder = (await mkdir(dirname(path), { recursive: true, mode: 0o700 })) !== undefined;
      await rename(draft, path);
      // A name outlives a crash only when its folder has been written too.
      await syncFolder(dirname(path));
      if (hasNewFolder) await syncFolder(this.#folders.folder);
    } catch (error) {
      await rm(draft, { force: true });
      throw toFileStoreError(error);
    } finally {
      content.destroy();
    }
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    const file = await this.#run(() => open(this.#pathOf(key), "r"));
    return file.createReadStream(range === undefined ? {} : { start: range.first, end: range.last });
  }

  async exists(key: string): Promise<boolean> {
    try {
      await this.#run(() => access(this.#pathOf(key)));
      return true;
    } catch (error) {
      if (error instanceof FileStoreError && error.code === "missing") return false;
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    await this.#run(() => rm(this.#pathOf(key), { force: true }));
  }

  async #run<TResult>(work: () => Promise<TResult>): Promise<TResult> {
    try {
      return await work();
    } catch (error) {
      throw toFileStoreError(error);
    }
  }

  /** Keys have no dots and no slashes, so that no path leads out of the folder. */
  #pathOf(key: string): string {
    requireKey(key);
    return join(this.#folders.folder, key.slice(0, 2), key);
  }
}

async function writeWhole(path: string, content: Readable, size: number): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await writeFile(file, content);
    const { size: written } = await file.stat();
    if (written !== size) throw new Error(`the content has ${written} bytes instead of ${size}`);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle | undefined;
  try {
    folder = await open(path, "r");
    await folder.sync();
  } finally {
    await folder?.close();
  }
}

function toFileStoreError(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return new FileStoreError("missing", "there is no such file", error);
  if (isFull(error)) return new FileStoreError("full", "the disk has no room for the file", error);
  if (typeof code === "string" && /^E[A-Z]+$/.test(code))
    return new FileStoreError("unavailable", `the disk cannot be used (${code})`, error);
  return error;
}

/** Whether a write failed because the disk or somebody's share of it is used up. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}
