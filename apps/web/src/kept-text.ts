/** How long the browser keeps a text: beyond the page, or as long as the tab is there. */
export type KeptArea = "localStorage" | "sessionStorage";

/** Reads what the browser keeps under a key; `undefined` too where it refuses to keep anything. */
export function readKept(area: KeptArea, key: string): string | undefined {
  try {
    return globalThis[area].getItem(key) ?? undefined;
  } catch {
    // A SecurityError: the person allows this page no storage.
    return undefined;
  }
}

/** Keeps a text, `undefined` forgets it. Where there is no room, or no storage, it lasts as long as the page knows it. */
export function keep(area: KeptArea, key: string, text: string | undefined): void {
  try {
    if (text === undefined) globalThis[area].removeItem(key);
    else globalThis[area].setItem(key, text);
  } catch {
    // A SecurityError as above, or a QuotaExceededError.
  }
}
