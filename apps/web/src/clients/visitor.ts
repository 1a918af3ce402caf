/**
 * Who this page is to the server, from its load to its end: a client that comes back after a broken link is then the
 * same member. It is told to nobody else, so that nobody else can be this member.
 */
export const VISITOR: string = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
  byte.toString(16).padStart(2, "0"),
).join("");
