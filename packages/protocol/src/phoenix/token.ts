import { decodeUtf8 } from "../utf8.ts";

/** What precedes a token that travels as a subprotocol. */
export const TOKEN_PREFIX = "base64url.bearer.phx.";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * Decodes the part after {@link TOKEN_PREFIX}: base64 of either alphabet, because
 * the prefix promises one and phoenix.js uses the other; padding is optional.
 * `undefined` when it is not base64, or not of UTF-8 text.
 */
export function decodeToken(encoded: string): string | undefined {
  const digits = encoded
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .replace(/={1,2}$/, "");
  if (digits.length % 4 === 1) return undefined;
  const bytes: number[] = [];
  let pending = 0;
  let pendingBits = 0;
  for (const digit of digits) {
    const value = ALPHABET.indexOf(digit);
    if (value === -1) return undefined;
    pending = (pending << 6) | value;
    pendingBits += 6;
    if (pendingBits < 8) continue;
    pendingBits -= 8;
    bytes.push(pending >> pendingBits);
    pending &= (1 << pendingBits) - 1;
  }
  return decodeUtf8(Uint8Array.from(bytes));
}
