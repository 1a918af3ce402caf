import { createHash, timingSafeEqual } from "node:crypto";

/** Shortest admin token, in characters. */
export const MIN_ADMIN_TOKEN_LENGTH = 32;

/** Tells whether an `Authorization` header carries the admin token. Takes the same time for every wrong token. */
export function isAdmin(header: string | undefined, adminToken: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(header ?? "")?.[1] ?? "";
  // Digests have one length whatever was given, which the comparison needs.
  return timingSafeEqual(digest(given), digest(adminToken));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
