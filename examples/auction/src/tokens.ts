import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "@hutong/database";
import { createJwtVerifier } from "@hutong/jwt";
import { SignJWT } from "jose";

const ISSUER = "hutong-auction";
const LIFE = "7 days";

/** Whom a token speaks for, and until when, in milliseconds since 1970. */
export interface TokenHolder {
  readonly personId: string;
  readonly expiresAtMs: number;
}

/** Makes and checks the tokens that bidders show. */
export interface Tokens {
  /** Signs a token for a person. */
  issue(personId: string): Promise<string>;
  /** The holder of a token; `undefined` when it is expired, forged or none of ours. */
  check(token: string): Promise<TokenHolder | undefined>;
}

/** Tokens signed with the secret in a folder, which is made on the first start and readable by its owner only. */
export async function openTokens(folder: string): Promise<Tokens> {
  const secret = await loadSecret(folder);
  const verify = createJwtVerifier({ key: { kind: "secret", secret }, issuer: ISSUER });
  return {
    issue: (personId) =>
      new SignJWT()
        .setProtectedHeader({ alg: "HS256" })
        .setIssuer(ISSUER)
        .setSubject(personId)
        .setIssuedAt()
        .setExpirationTime(LIFE)
        .sign(secret),
    async check(token) {
      const verification = await verify(token);
      if (verification.kind !== "valid") return undefined;
      const { sub, exp } = verification.claims;
      return sub === undefined || exp === undefined ? undefined : { personId: sub, expiresAtMs: exp * 1_000 };
    },
  };
}

async function loadSecret(folder: string): Promise<Uint8Array> {
  const path = join(folder, "token-secret");
  // The bids lie here too, with where they came from.
  await makeFolder(folder);
  try {
    await writeFile(path, randomBytes(32).toString("base64url"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    // An earlier start has made it.
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return Buffer.from(await readFile(path, "utf8"), "base64url");
}
