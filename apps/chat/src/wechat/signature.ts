import { createHash, timingSafeEqual } from "node:crypto";

/** Tells whether `signature` is the SHA-1 of the text, in hexadecimal. Takes the same time for every wrong one. */
export function isSha1Of(text: string, signature: string): boolean {
  const expected = createHash("sha1").update(text).digest();
  const given = /^[\da-f]{40}$/i.test(signature) ? Buffer.from(signature, "hex") : Buffer.alloc(expected.length);
  return timingSafeEqual(given, expected);
}

/** Tells whether the `rawData` of a `wx.getUserInfo` was signed with the key of this session. */
export function isSignedUserInfo(rawData: string, signature: string, sessionKey: string): boolean {
  return isSha1Of(`${rawData}${sessionKey}`, signature);
}

/** The query parameters that WeChat signs a push with. */
export interface PushSignature {
  readonly signature: string;
  /** Seconds since 1970. */
  readonly timestamp: string;
  readonly nonce: string;
}

/** Tells whether a push was signed with the token that was entered in WeChat's console. The body is not part of what is signed. */
export function isSignedPush({ signature, timestamp, nonce }: PushSignature, token: string): boolean {
  return isSha1Of([token, timestamp, nonce].sort().join(""), signature);
}
