import { createJwtVerifier } from "@hutong/jwt";
import { type Clock, systemClock } from "@hutong/server/plugin";
import { SignJWT } from "jose";
import { z } from "zod";

const ISSUER = "hutong";

/** Whom a token speaks for. */
export interface TokenHolder {
  readonly name: string;
  /** Names of the private rooms that the token opens; `undefined` opens all. */
  readonly rooms?: readonly string[] | undefined;
}

/** What a token turned out to be. */
export type TokenCheck =
  | { readonly kind: "valid"; readonly holder: TokenHolder }
  | { readonly kind: "token_expired" | "token_invalid" };

const HOLDER = z.object({ name: z.string().min(1).max(30), rooms: z.array(z.string()).optional() });

/** Makes and checks the chat's own tokens. */
export interface Tokens {
  /** Signs a token that is valid for `hours` from now. */
  issue(holder: TokenHolder, hours: number): Promise<string>;
  /** Checks a token. */
  check(token: string): Promise<TokenCheck>;
}

/** Tokens signed with a secret of at least 32 bytes. */
export function createTokens(secret: Uint8Array, clock: Pick<Clock, "now"> = systemClock): Tokens {
  const verify = createJwtVerifier({ key: { kind: "secret", secret }, issuer: ISSUER, now: () => clock.now() });
  return {
    issue: ({ name, rooms }, hours) =>
      new SignJWT({ name, ...(rooms !== undefined && { rooms: [...rooms] }) })
        .setProtectedHeader({ alg: "HS256" })
        .setIssuer(ISSUER)
        .setIssuedAt(new Date(clock.now()))
        .setExpirationTime(new Date(clock.now() + hours * 3_600_000))
        .sign(secret),
    async check(token) {
      const verification = await verify(token);
      if (verification.kind !== "valid")
        return { kind: verification.kind === "expired" ? "token_expired" : "token_invalid" };
      const holder = HOLDER.safeParse(verification.claims);
      return holder.success ? { kind: "valid", holder: holder.data } : { kind: "token_invalid" };
    },
  };
}
