import type { InvokeResult } from "../../bus/message.ts";
import { isRecord } from "../../is-record.ts";
import { ApiError, deliver } from "./results.ts";

/** Largest value, in bytes of UTF-16 text. */
export const MAX_VALUE_BYTES = 1_048_576;
/** All values together, in bytes. */
export const MAX_STORAGE_BYTES = 10 * 1_048_576;

/** The storage of a mini-program: read here, written through to the host. */
export class Storage {
  readonly #values: Map<string, string>;
  readonly #write: (change: { readonly key?: string; readonly value?: string }) => void;

  /** `write` gets every change: a key with its value, a key without one, or nothing when all is gone. */
  constructor(
    values: Readonly<Record<string, string>>,
    write: (change: { readonly key?: string; readonly value?: string }) => void,
  ) {
    this.#values = new Map(Object.entries(values));
    this.#write = write;
  }

  /** The functions of `wx`. */
  get api(): Readonly<Record<string, unknown>> {
    const later = (name: string, run: (args: Readonly<Record<string, unknown>>) => object | void) => (args: unknown) =>
      deliver(
        args,
        Promise.resolve().then(() => attempt(name, () => run(isRecord(args) ? args : {}))),
      );
    return {
      getStorageSync: (key: unknown) => this.#get(key) ?? "",
      setStorageSync: (key: unknown, data: unknown) => this.#set("setStorageSync", key, data),
      removeStorageSync: (key: unknown) => this.#remove(key),
      clearStorageSync: () => this.#clear(),
      getStorageInfoSync: () => this.#info(),
      batchGetStorageSync: (keys: readonly unknown[]) => keys.map((key) => this.#get(key) ?? ""),
      batchSetStorageSync: (list: readonly { readonly key: unknown; readonly value: unknown }[]) => {
        for (const { key, value } of list) this.#set("batchSetStorageSync", key, value);
      },
      getStorage: later("getStorage", ({ key }) => ({ data: this.#need(key) })),
      setStorage: later("setStorage", ({ key, data }) => this.#set("setStorage", key, data)),
      removeStorage: later("removeStorage", ({ key }) => this.#remove(key)),
      clearStorage: later("clearStorage", () => this.#clear()),
      getStorageInfo: later("getStorageInfo", () => this.#info()),
    };
  }

  /** Everything is gone, and the host knows. */
  forget(): void {
    this.#values.clear();
  }

  #get(key: unknown): unknown {
    const value = typeof key === "string" ? this.#values.get(key) : undefined;
    return value === undefined ? undefined : JSON.parse(value);
  }

  #need(key: unknown): unknown {
    const value = this.#get(key);
    if (value === undefined) throw new ApiError({ errMsg: "getStorage:fail data not found" });
    return value;
  }

  #set(api: string, key: unknown, data: unknown): void {
    // Any other key would be another one, or none at all, on its way to the host.
    if (typeof key !== "string")
      throw new ApiError({ errMsg: `${api}:fail parameter error: parameter.key should be String` });
    const value = JSON.stringify(data ?? null);
    if (value === undefined) return;
    const others = this.#bytes() - (this.#values.get(key)?.length ?? 0) * 2;
    if (value.length * 2 > MAX_VALUE_BYTES) throw new ApiError({ errMsg: `${api}:fail exceed storage item max size` });
    if (others + value.length * 2 > MAX_STORAGE_BYTES)
      throw new ApiError({ errMsg: `${api}:fail exceed storage max size` });
    this.#values.set(key, value);
    this.#write({ key, value });
  }

  #remove(key: unknown): void {
    if (typeof key === "string" && this.#values.delete(key)) this.#write({ key });
  }

  #clear(): void {
    this.#values.clear();
    this.#write({});
  }

  #bytes(): number {
    let total = 0;
    for (const value of this.#values.values()) total += value.length * 2;
    return total;
  }

  #info(): object {
    return {
      keys: [...this.#values.keys()],
      currentSize: Math.ceil(this.#bytes() / 1024),
      limitSize: MAX_STORAGE_BYTES / 1024,
    };
  }
}

function attempt(name: string, run: () => object | void): InvokeResult {
  try {
    return { ...run(), errMsg: `${name}:ok` };
  } catch (error) {
    return { errMsg: error instanceof ApiError ? error.errMsg : `${name}:fail` };
  }
}
