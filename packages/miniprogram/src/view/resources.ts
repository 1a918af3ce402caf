import { resolvePath } from "../compiler/paths.ts";
import { isRecord } from "../is-record.ts";
import { USER_FILE_SCHEME } from "../service/launch.ts";

/** Where things of a mini-program lie for a browser. */
export interface ResourceOptions {
  /** Address of the folder with the project's files, ending in a slash. */
  readonly assets: string;
  /** Address of the temporary files and of those that the mini-program keeps, ending in a slash. */
  readonly files: string;
  /** Hosts that lead elsewhere, and where: origins by host. */
  readonly map: ReadonlyMap<string, string>;
}

/** Reads hosts that lead elsewhere, as the runner sends them. */
export function hostMapOf(value: unknown): ResourceOptions["map"] {
  return new Map(Object.entries(isRecord(value) ? value : {}).map(([host, target]) => [host, String(target)]));
}

/** Makes an address that a browser can load of one that stands in the file `from` of a project. */
export function resolveResource(address: string, from: string, { assets, files, map }: ResourceOptions): string {
  if (address === "" || /^(data|blob):/.test(address)) return address;
  if (address.startsWith("http://tmp/")) return files + address.slice("http://tmp/".length);
  if (address.startsWith(USER_FILE_SCHEME)) return files + encodePath(address.slice(USER_FILE_SCHEME.length));
  if (/^https?:/.test(address)) return mapped(address, map);
  if (address.startsWith("//")) return mapped(`https:${address}`, map);
  // A scheme that is none of these could run code.
  if (/^[a-z][a-z0-9+.-]*:/i.test(address)) return "";
  return assets + encodePath(resolvePath(from, address));
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function mapped(address: string, map: ReadonlyMap<string, string>): string {
  if (map.size === 0) return address;
  try {
    const url = new URL(address);
    const target = map.get(url.host) ?? map.get(url.hostname);
    return target === undefined ? address : new URL(url.pathname + url.search, target).href;
  } catch {
    // The browser will say what is wrong with it.
    return address;
  }
}
