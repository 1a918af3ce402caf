/** Where a socket is mounted, resolved once. */
export interface Endpoint {
  /** The URL of one transport's path with its query, in the scheme of `http` or of `ws`. */
  url(scheme: "http" | "ws", path: string, params: Readonly<Record<string, string>>): string;
}

/**
 * Reads the address of a socket: absolute with `http:`, `https:`, `ws:` or `wss:`, or
 * relative to the page. A query in the address is kept.
 *
 * @throws {TypeError} when the address is relative and there is no page, or has another scheme.
 */
export function parseEndpoint(address: string): Endpoint {
  const page = globalThis.location?.href;
  const base = new URL(address, page);
  const isSecure = base.protocol === "https:" || base.protocol === "wss:";
  if (!isSecure && base.protocol !== "http:" && base.protocol !== "ws:")
    throw new TypeError(`socket address has scheme "${base.protocol}"; use http:, https:, ws: or wss:`);
  return {
    url(scheme, path, params) {
      // Assigning `protocol` would not do: the URL standard fixes some schemes.
      const query = new URLSearchParams(base.search);
      for (const [name, value] of Object.entries(params)) query.set(name, value);
      return `${scheme}${isSecure ? "s" : ""}://${base.host}${base.pathname.replace(/\/+$/, "")}/${path}?${query.toString()}`;
    },
  };
}
