import { afterEach, describe, expect, test, vi } from "vitest";
import { indexedDbStorage } from "../../src/storage/indexed-db-storage.ts";

/** The part of IndexedDB that the storage uses: one store, requests that answer later, transactions that complete after them. */
class FakeIndexedDb {
  readonly values = new Map<string, unknown>();
  readonly connections: EventTarget[] = [];
  /** What the next request fails with. */
  failure: Error | undefined;

  open(): EventTarget {
    const database = Object.assign(new EventTarget(), {
      createObjectStore: () => undefined,
      transaction: () => this.#transaction(),
      close: () => undefined,
    });
    this.connections.push(database);
    const request = Object.assign(new EventTarget(), { result: database });
    queueMicrotask(() => {
      request.dispatchEvent(new Event("upgradeneeded"));
      request.dispatchEvent(new Event("success"));
    });
    return request;
  }

  #transaction(): EventTarget {
    const transaction = new EventTarget();
    const ask = (act: () => unknown): EventTarget => {
      const { failure } = this;
      this.failure = undefined;
      const request = Object.assign(new EventTarget(), { result: failure ? undefined : act(), error: failure });
      queueMicrotask(() => {
        request.dispatchEvent(new Event(failure ? "error" : "success"));
        queueMicrotask(() => transaction.dispatchEvent(new Event(failure ? "abort" : "complete")));
      });
      return request;
    };
    const store = {
      get: (key: string) => ask(() => this.values.get(key)),
      put: (value: unknown, key: string) => ask(() => void this.values.set(key, value)),
      delete: (key: string) => ask(() => void this.values.delete(key)),
      getAllKeys: () => ask(() => [...this.values.keys(), 7]),
    };
    return Object.assign(transaction, { objectStore: () => store });
  }
}

function install(): FakeIndexedDb {
  const fake = new FakeIndexedDb();
  vi.stubGlobal("indexedDB", fake);
  return fake;
}

afterEach(() => vi.unstubAllGlobals());

describe("indexedDbStorage", () => {
  test("opens nothing before the first call, and one database for all", async () => {
    const fake = install();
    const storage = indexedDbStorage("chat:1");
    expect(fake.connections).toHaveLength(0);

    await Promise.all([storage.set("a", "1"), storage.set("b", "2")]);

    expect(fake.connections).toHaveLength(1);
  });

  test("keeps, gives, lists and deletes texts", async () => {
    const fake = install();
    const storage = indexedDbStorage("chat:1");
    for (const key of ["p:a", "p:b", "q:a"]) await storage.set(key, `text of ${key}`);
    fake.values.set("odd", 7);

    expect(await storage.get("p:b")).toBe("text of p:b");
    expect(await storage.get("odd")).toBeUndefined();
    expect(await storage.keys("p:")).toEqual(["p:a", "p:b"]);
    await storage.delete("p:a");
    expect(await storage.get("p:a")).toBeUndefined();
  });

  test("rejects with the browser's error, and opens anew for the next call", async () => {
    const fake = install();
    const storage = indexedDbStorage("chat:1");
    fake.failure = new Error("quota");

    await expect(storage.set("a", "1")).rejects.toThrow("quota");

    await storage.set("a", "2");
    expect(await storage.get("a")).toBe("2");
    expect(fake.connections).toHaveLength(2);
  });

  test.each(["versionchange", "close"])("opens anew after %s", async (event) => {
    const fake = install();
    const storage = indexedDbStorage("chat:1");
    await storage.set("a", "1");

    fake.connections[0]?.dispatchEvent(new Event(event));

    expect(await storage.get("a")).toBe("1");
    expect(fake.connections).toHaveLength(2);
  });
});
