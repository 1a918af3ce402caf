import type { KeyValueStorage } from "./key-value-storage.ts";

/** Keeps texts as long as the object lives: for tests, and for pushes that outlive a socket but not the page. */
export function memoryStorage(): KeyValueStorage {
  const values = new Map<string, string>();
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
    keys: async (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)),
  };
}
