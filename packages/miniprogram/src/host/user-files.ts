import { MAX_USER_FILE_BYTES, USER_FILE_SCHEME } from "../service/launch.ts";
import { textOf } from "../is-record.ts";
import type { ApiTable } from "./api-table.ts";
import { contentTypeOf } from "./content-type.ts";
import { HostFailure } from "./host-failure.ts";

/** One file that a mini-program keeps. */
export interface UserFile {
  /** Its content. */
  readonly bytes: Uint8Array;
  /** Media type by the ending of its name. */
  readonly type: string;
}

/** The files that a mini-program keeps on one phone, in memory: they outlive its starts, as its storage does. */
export class UserFiles {
  readonly #files = new Map<string, Uint8Array>();
  #byteLength = 0;

  /** The calls of the logic layer, which checks them before it makes them. */
  get api(): ApiTable {
    return {
      writeUserFile: ({ path, base64 }) => this.#write(nameOf(textOf(path)), Buffer.from(textOf(base64), "base64")),
      removeUserFile: ({ path }) => this.#remove(nameOf(textOf(path))),
    };
  }

  /** The file of that path, with or without its scheme; `undefined` when there is none. */
  get(path: string): UserFile | undefined {
    const name = nameOf(path);
    const bytes = this.#files.get(name);
    if (bytes === undefined) return undefined;
    return { bytes, type: contentTypeOf(name) ?? "application/octet-stream" };
  }

  /** Every file in base64, by path. */
  all(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.#files].map(([name, bytes]) => [USER_FILE_SCHEME + name, Buffer.from(bytes).toString("base64")]),
    );
  }

  #write(name: string, bytes: Uint8Array): void {
    const others = this.#byteLength - (this.#files.get(name)?.length ?? 0);
    if (others + bytes.length > MAX_USER_FILE_BYTES) throw new HostFailure("the user files are full");
    this.#byteLength = others + bytes.length;
    this.#files.set(name, bytes);
  }

  #remove(name: string): void {
    this.#byteLength -= this.#files.get(name)?.length ?? 0;
    this.#files.delete(name);
  }
}

function nameOf(path: string): string {
  return path.startsWith(USER_FILE_SCHEME) ? path.slice(USER_FILE_SCHEME.length) : path;
}
