import type { KeyValueStorage } from "./key-value-storage.ts";

const STORE = "texts";

/**
 * Keeps texts in a database of the browser, which it makes where there is none. Put the user into the name:
 * `indexedDbStorage("chat:" + userId)`. Nothing is opened before the first call; one that fails rejects with the browser's
 * error, and the next one opens anew.
 *
 * @example
 * ```ts
 * const socket = createSocket("/socket", { outbox: durableOutbox({ storage: indexedDbStorage("chat:42") }) });
 * ```
 */
export function indexedDbStorage(name: string): KeyValueStorage {
  let database: Promise<IDBDatabase> | undefined;
  const forget = (): void => void (database = undefined);

  const open = async (): Promise<IDBDatabase> => {
    const request = indexedDB.open(name, 1);
    request.addEventListener("upgradeneeded", () => request.result.createObjectStore(STORE));
    const opened = await resultOf(request);
    // A database that is being deleted waits for this; the browser closes one when it clears its data.
    opened.addEventListener("versionchange", () => {
      opened.close();
      forget();
    });
    opened.addEventListener("close", forget);
    return opened;
  };

  const run = async <T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    database ??= open();
    try {
      const transaction = (await database).transaction(STORE, mode);
      const done = doneOf(transaction);
      const result = await resultOf(ask(transaction.objectStore(STORE)));
      // Until the transaction is complete, a write may still be undone.
      await done;
      return result;
    } catch (error) {
      forget();
      throw error;
    }
  };

  return {
    async get(key) {
      const value: unknown = await run("readonly", (store) => store.get(key));
      return typeof value === "string" ? value : undefined;
    },
    async set(key, value) {
      await run("readwrite", (store) => store.put(value, key));
    },
    delete: (key) => run("readwrite", (store) => store.delete(key)),
    async keys(prefix) {
      const keys = await run("readonly", (store) => store.getAllKeys());
      return keys.filter((key) => typeof key === "string").filter((key) => key.startsWith(prefix));
    },
  };
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("the request failed")));
  });
}

function doneOf(transaction: IDBTransaction): Promise<void> {
  const done = new Promise<void>((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(transaction.error ?? new Error("the transaction was aborted")));
  });
  // When the request fails, that error is the one that is reported.
  done.catch(() => undefined);
  return done;
}
