import { MAX_USER_FILE_BYTES, USER_FILE_SCHEME } from "../launch.ts";
import { fromBase64, toBase64 } from "./binary.ts";
import type { Invoke } from "./network.ts";
import { ApiError } from "./results.ts";

/** The folder in which an application may write what it likes. */
export const USER_FOLDER = `${USER_FILE_SCHEME}usr`;
/** Stands before the names of files that were saved without a path. */
const STORE_PREFIX = `${USER_FILE_SCHEME}store_`;

/**
 * The files that a mini-program keeps: held here, because some calls do not wait, and written through to the
 * host, which keeps them for the next start.
 */
export class UserFiles {
  readonly #files: Map<string, Uint8Array>;
  readonly #folders = new Set([USER_FOLDER]);
  readonly #invoke: Invoke;
  #lastStored = 0;

  /** `kept` holds the files of earlier starts in base64. */
  constructor(kept: Readonly<Record<string, string>>, invoke: Invoke) {
    this.#files = new Map(Object.entries(kept).map(([path, base64]) => [path, new Uint8Array(fromBase64(base64))]));
    this.#invoke = invoke;
    for (const path of this.#files.keys()) this.#addParents(path);
  }

  /** Content of a file; `undefined` when there is none. */
  read(path: string): Uint8Array | undefined {
    return this.#files.get(path);
  }

  /** Writes a whole file. @throws {ApiError} outside of the user's folder, and when the space is used up. */
  write(api: string, path: string, bytes: Uint8Array): void {
    const isAllowed = path.startsWith(`${USER_FOLDER}/`) || path.startsWith(STORE_PREFIX);
    if (!isAllowed) throw new ApiError({ errMsg: `${api}:fail permission denied, open "${path}"` });
    if (this.#folders.has(path)) throw illegal(api, path);
    const others = this.#byteLength() - (this.#files.get(path)?.length ?? 0);
    if (others + bytes.length > MAX_USER_FILE_BYTES)
      throw new ApiError({ errMsg: `${api}:fail the maximum size of the file storage limit is exceeded` });
    this.#files.set(path, bytes);
    this.#addParents(path);
    void this.#invoke("writeUserFile", { path, base64: toBase64(bytes.slice().buffer) });
  }

  /** Removes a file. @throws {ApiError} when there is none. */
  remove(api: string, path: string): void {
    if (!this.#files.delete(path)) throw missing(api, path);
    void this.#invoke("removeUserFile", { path });
  }

  /** A path for a file that is saved without one, with the ending of the file it comes from. */
  storePath(from: string): string {
    const ending = /\.\w{1,8}$/.exec(from)?.[0] ?? "";
    let path = "";
    do path = `${STORE_PREFIX}${++this.#lastStored}${ending}`;
    while (this.#files.has(path));
    return path;
  }

  /** Files that were saved without a path. */
  stored(): readonly string[] {
    return [...this.#files.keys()].filter((path) => path.startsWith(STORE_PREFIX));
  }

  /** Whether a folder of that name was made, by itself or with a file in it. */
  isFolder(path: string): boolean {
    return this.#folders.has(withoutSlash(path));
  }

  /** Makes a folder. @throws {ApiError} when the name is taken. */
  makeFolder(api: string, path: string): void {
    const folder = withoutSlash(path);
    if (folder !== USER_FOLDER && !folder.startsWith(`${USER_FOLDER}/`))
      throw new ApiError({ errMsg: `${api}:fail permission denied, open "${path}"` });
    if (this.#folders.has(folder) || this.#files.has(folder))
      throw new ApiError({ errMsg: `${api}:fail file already exists ${path}` });
    this.#folders.add(folder);
    this.#addParents(folder);
  }

  /** Removes a folder and, when asked, what is in it. @throws {ApiError} when there is none, or it is not empty. */
  removeFolder(api: string, path: string, isRecursive: boolean): void {
    const folder = withoutSlash(path);
    if (!this.#folders.has(folder)) throw missing(api, path);
    const inside = this.#below(folder);
    if (inside.length > 0 && !isRecursive) throw new ApiError({ errMsg: `${api}:fail directory not empty` });
    for (const one of inside) {
      if (this.#files.has(one)) this.remove(api, one);
      this.#folders.delete(one);
    }
    this.#folders.delete(folder);
  }

  /** Names of what lies in a folder. @throws {ApiError} when there is none. */
  list(api: string, path: string): readonly string[] {
    const folder = withoutSlash(path);
    if (!this.#folders.has(folder)) throw missing(api, path);
    const names = this.#below(folder).map((one) => one.slice(folder.length + 1).split("/")[0] ?? "");
    return [...new Set(names)];
  }

  #below(folder: string): readonly string[] {
    return [...this.#folders, ...this.#files.keys()].filter((path) => path.startsWith(`${folder}/`));
  }

  #addParents(path: string): void {
    for (let end = path.lastIndexOf("/"); end > USER_FOLDER.length; end = path.lastIndexOf("/", end - 1))
      this.#folders.add(path.slice(0, end));
  }

  #byteLength(): number {
    let total = 0;
    for (const bytes of this.#files.values()) total += bytes.length;
    return total;
  }
}

/** What a call fails with when there is no such file or folder. */
export function missing(api: string, path: string): ApiError {
  return new ApiError({ errMsg: `${api}:fail no such file or directory, open "${path}"` });
}

function illegal(api: string, path: string): ApiError {
  return new ApiError({ errMsg: `${api}:fail illegal operation on a directory, open "${path}"` });
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, "");
}
