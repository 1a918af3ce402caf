import { keep, readKept } from "../../kept-text.ts";
import { createId } from "./create-id.ts";

const DEVICE_KEY = "hutong.device";

/** What this browser calls itself at the server: the same key every time. */
export function browserDevice(): { key: string; platform: "web"; name: string } {
  const key = readKept("localStorage", DEVICE_KEY) ?? createId();
  keep("localStorage", DEVICE_KEY, key);
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
