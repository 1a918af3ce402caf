/** What a socket asks of the page or app around it. */
export interface Page {
  /** `false` only when the runtime is sure that there is no network. */
  isOnline(): boolean;
  /** Whether somebody can see the page. */
  isVisible(): boolean;
  /** Calls back when one of the two may have changed, or a frozen page came back; the returned function ends it. */
  watch(changed: () => void): () => void;
}

const EVENTS = ["online", "offline", "visibilitychange", "pageshow"] as const;

/** The page of a browser; in Node, one that is always online and visible and never changes. */
export const globalPage: Page = {
  isOnline: () => globalThis.navigator?.onLine !== false,
  isVisible: () => globalThis.document?.visibilityState !== "hidden",
  watch(changed) {
    if (typeof globalThis.addEventListener !== "function") return () => undefined;
    for (const event of EVENTS) globalThis.addEventListener(event, changed);
    return () => {
      for (const event of EVENTS) globalThis.removeEventListener(event, changed);
    };
  },
};
