import type { FakeWxApp, FakeWxCallbacks, FakeWxFailure } from "./fake-wx-app.ts";

/** What is kept under one key, in bytes. */
const MAX_VALUE_BYTES = 1024 * 1024;
/** What is kept in all, in bytes. */
const MAX_BYTES = 10 * MAX_VALUE_BYTES;
const KILOBYTE = 1024;

/** What `wx.getStorageInfo` tells. */
export interface FakeWxStorageInfo {
  /** In the order of their first use. */
  readonly keys: readonly string[];
  /** In kilobytes. */
  readonly currentSize: number;
  /** In kilobytes. */
  readonly limitSize: number;
}

/** The storage of one mini-program on one phone; it outlives every run. Values are kept as JSON. */
export class FakeWxStorage {
  readonly #values = new Map<string, string>();

  /** Gives the value, `""` when there is none. */
  get(key: string): unknown {
    const text = this.#values.get(key);
    return text === undefined ? "" : JSON.parse(text);
  }

  /** Whether there is a value. */
  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** Keeps a value; gives what WeChat says when it does not fit, and then keeps the old one. */
  set(key: string, value: unknown): string | undefined {
    const text = JSON.stringify(value === undefined ? "" : value);
    // The quotes of a text are not the application's.
    const bytes = Buffer.byteLength(typeof value === "string" ? value : text);
    if (bytes > MAX_VALUE_BYTES) return "entry size limit reached";
    if (this.#bytes() - this.#bytesOf(key) + bytes > MAX_BYTES) return "exceed storage max size 10Mb";
    this.#values.set(key, text);
    return undefined;
  }

  /** Drops a value. */
  remove(key: string): void {
    this.#values.delete(key);
  }

  /** Drops everything. */
  clear(): void {
    this.#values.clear();
  }

  /** Tells what there is. */
  info(): FakeWxStorageInfo {
    return {
      keys: [...this.#values.keys()],
      currentSize: Math.ceil(this.#bytes() / KILOBYTE),
      limitSize: MAX_BYTES / KILOBYTE,
    };
  }

  #bytes(): number {
    return [...this.#values.keys()].reduce((sum, key) => sum + this.#bytesOf(key), 0);
  }

  #bytesOf(key: string): number {
    return Buffer.byteLength(this.#values.get(key) ?? "");
  }
}

type Keyed<TResult> = { readonly key: string } & FakeWxCallbacks<TResult & FakeWxFailure>;

/** The members of `wx` that are about storage. */
export function storageApi(app: FakeWxApp, storage: FakeWxStorage) {
  const answer = app.answer.bind(app);
  return {
    getStorageSync: (key: string): unknown => storage.get(key),
    setStorageSync(key: string, data: unknown): void {
      const failure = storage.set(key, data);
      if (failure !== undefined) throw new Error(`setStorageSync:fail ${failure}`);
    },
    removeStorageSync: (key: string): void => storage.remove(key),
    clearStorageSync: (): void => storage.clear(),
    getStorageInfoSync: (): FakeWxStorageInfo => storage.info(),
    getStorage: (options: Keyed<{ readonly data: unknown }>) =>
      answer(
        options,
        "getStorage",
        storage.has(options.key) ? { result: { data: storage.get(options.key) } } : { failure: "data not found" },
      ),
    setStorage(options: Keyed<object> & { readonly data: unknown }) {
      const failure = storage.set(options.key, options.data);
      return answer(options, "setStorage", failure === undefined ? { result: {} } : { failure });
    },
    removeStorage(options: Keyed<object>) {
      storage.remove(options.key);
      return answer(options, "removeStorage", { result: {} });
    },
    clearStorage(options?: FakeWxCallbacks<FakeWxFailure>) {
      storage.clear();
      return answer(options, "clearStorage", { result: { errMsg: "" } });
    },
    getStorageInfo: (options?: FakeWxCallbacks<FakeWxStorageInfo & FakeWxFailure>) =>
      answer(options, "getStorageInfo", { result: storage.info() }),
  };
}
