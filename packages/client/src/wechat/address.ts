// `URL` and `URLSearchParams` are missing in mini-programs.

const ADDRESS = /^(wss?:\/\/[^/?#\s]+(?:\/[^?#\s]*?)?)\/*(?:\?([^#\s]*))?$/i;

/**
 * Makes the function that gives the WebSocket's address for the parameters of one attempt. A query in the
 * address is kept; parameters win over its fields of the same name.
 *
 * @throws {TypeError} when the address is not absolute with `wss:` or `ws:`.
 */
export function parseAddress(address: string): (params: Readonly<Record<string, string>>) => string {
  const parts = ADDRESS.exec(address);
  if (parts === null)
    throw new TypeError(`socket address is "${address}"; a mini-program needs one like wss://example.com/socket`);
  const [, base = "", query = ""] = parts;
  return (params) => {
    const given = new Map(Object.entries(params));
    const kept = query.split("&").filter((field) => field !== "" && !given.has(nameOf(field)));
    const added = Array.from(given, ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
    return `${base}/websocket?${[...kept, ...added].join("&")}`;
  };
}

function nameOf(field: string): string {
  const [name = ""] = field.split("=", 1);
  try {
    return decodeURIComponent(name);
  } catch {
    // Only a URIError can come here: the name is not encoded text, so it equals no parameter's.
    return name;
  }
}
