import type { DraftHome } from "../model/drafts.ts";
import type { SessionHome } from "../model/session-store.ts";
import { createId } from "./create-id.ts";

const SESSION_KEY = "hutong.session";
const DEVICE_KEY = "hutong.device";

/** The session in this browser's storage, shared by its tabs. */
export const browserSessionHome: SessionHome = {
  read: () => localStorage.getItem(SESSION_KEY) ?? undefined,
  write: (text) =>
    text === undefined ? localStorage.removeItem(SESSION_KEY) : localStorage.setItem(SESSION_KEY, text),
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

/** Drafts in this browser's storage. */
export function browserDraftHome(userId: string): DraftHome {
  const key = `hutong.drafts.${userId}`;
  return {
    read: () => localStorage.getItem(key) ?? undefined,
    write: (text) => localStorage.setItem(key, text),
  };
}

/** Forgets what belongs to a user besides the session. */
export function forgetDrafts(userId: string): void {
  localStorage.removeItem(`hutong.drafts.${userId}`);
}

/** What this browser calls itself at the server: the same key every time. */
export function browserDevice(): { key: string; platform: "web"; name: string } {
  let key = localStorage.getItem(DEVICE_KEY);
  if (key === null) {
    key = createId();
    localStorage.setItem(DEVICE_KEY, key);
  }
  return { key, platform: "web", name: toDeviceName(navigator.userAgent) };
}

/** "Chrome · Linux" from a browser's description of itself. */
export function toDeviceName(userAgent: string): string {
  const browsers = { Edg: "Edge", OPR: "Opera", Firefox: "Firefox", Chrome: "Chrome", Safari: "Safari" };
  const systems = {
    iPhone: "iPhone",
    iPad: "iPad",
    Android: "Android",
    Windows: "Windows",
    Mac: "macOS",
    Linux: "Linux",
  };
  const find = (names: Readonly<Record<string, string>>): string | undefined =>
    Object.entries(names).find(([sign]) => userAgent.includes(sign))?.[1];
  return [find(browsers), find(systems)]
    .filter((name) => name !== undefined)
    .join(" · ")
    .slice(0, 50);
}

/** Browsers without locks, and pages without HTTPS, run at once: the server forgives a race of two refreshes. */
function lockOf<T>(name: string, run: () => Promise<T>): Promise<T> {
  const { locks } = navigator as { locks?: LockManager };
  return locks === undefined ? run() : locks.request(name, run).then((result: T) => result);
}
