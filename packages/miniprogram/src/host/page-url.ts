import { normalisePath, resolvePath, withoutExtension } from "../compiler/paths.ts";

/** The address of a page, taken apart. */
export interface PageUrl {
  /** Path of the page, without a leading slash. */
  readonly path: string;
  /** Names decoded, values as they stand in the address. */
  readonly query: Readonly<Record<string, string>>;
}

/** Reads `/pages/a/a?b=1`. A relative address starts at the page that is open. */
export function parsePageUrl(url: string, from: string | undefined): PageUrl {
  const [address = "", search = ""] = url.split("?", 2);
  const path = from === undefined || address.startsWith("/") ? normalisePath(address) : resolvePath(from, address);
  return { path: withoutExtension(path, ".html"), query: parseQuery(search) };
}

function parseQuery(search: string): Readonly<Record<string, string>> {
  const pairs = search.split("&").filter((pair) => pair !== "");
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = "", ...value] = pair.split("=");
      // WeChat hands values to pages as they stand in the address.
      return [decode(name), value.join("=")];
    }),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign stands for itself.
    return text;
  }
}
