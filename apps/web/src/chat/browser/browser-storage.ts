import type { SessionTabs } from "@hutong/chat-client";
import type { KeyValueStorage } from "@hutong/client";

const PREFIX = "hutong.";
const SESSION_KEY = "hutong.session";

/** Texts in this browser's storage, which is there at once and tells other tabs of changes. */
export const browserStorage: KeyValueStorage = {
  get: async (key) => localStorage.getItem(PREFIX + key) ?? undefined,
  set: async (key, value) => localStorage.setItem(PREFIX + key, value),
  delete: async (key) => localStorage.removeItem(PREFIX + key),
  keys: async (prefix) =>
    Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX + prefix))
      .map((key) => key.slice(PREFIX.length)),
};

/** The other tabs of this browser, as far as they have the same session. */
export const browserTabs: SessionTabs = {
  watch: (changed) => {
    const hear = ({ key }: StorageEvent): void => {
      // A storage that is cleared as a whole has no key.
      if (key === SESSION_KEY || key === null) changed();
    };
    addEventListener("storage", hear);
    return () => removeEventListener("storage", hear);
  },
  lock: (run) => lockOf(SESSION_KEY, run),
};

/**
 * Browsers without locks, pages without HTTPS, and people who allow no storage run at once: the server forgives a race of
 * two refreshes.
 */
async function lockOf<T>(name: string, run: () => Promise<T>): Promise<T> {
  const { locks } = navigator as { locks?: LockManager };
  let running: Promise<T> | undefined;
  // What `run` rejects with is what the caller hears below; anything else is a lock that is refused.
  await locks?.request(name, () => (running = run())).catch(() => undefined);
  return running ?? run();
}
