// What no HTTP header can carry; the runtime would refuse it, which looks like a network that is down.
const NOT_IN_HEADERS = /[^\t -~\x80-\xff]/;

/** @throws {TypeError} when a token does not fit into a header. */
export function assertHeaderText(token = ""): void {
  if (NOT_IN_HEADERS.test(token)) throw new TypeError("the token fits no header; encode it");
}
