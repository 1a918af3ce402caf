import { errors, jwtVerify, SignJWT } from "jose";
import type { Clock } from "@hutong/server/plugin";
import { z } from "zod";
import type { Caller } from "../api/handlers.ts";

const ISSUER = "hutong";
// Room tokens have the same issuer and secret; neither kind may pass for the other.
const AUDIENCE = "hutong-session";
const TYPE = "at+jwt";
const MAX_LENGTH = 2_048;

const CLAIMS = z.object({ sub: z.string(), sid: z.string() });

/** What an access token turned out to be. It says for whom it was made, not whether the session still lives. */
export type AccessCheck =
  | { readonly kind: "valid"; readonly userId: string; readonly sessionId: string }
  | { readonly kind: "token_expired" | "unauthorized" };

/** What access tokens are made with. */
export interface AccessTokenParts {
  /** At least 32 bytes. */
  readonly secret: Uint8Array;
  readonly clock: Clock;
  readonly lifeMs: number;
}

/** Makes and checks the short tokens that come with every call. */
export class AccessTokens {
  /** From the moment a token is made, in milliseconds. */
  readonly lifeMs: number;
  readonly #secret: Uint8Array;
  readonly #clock: Clock;

  constructor({ secret, clock, lifeMs }: AccessTokenParts) {
    this.lifeMs = lifeMs;
    this.#secret = secret;
    this.#clock = clock;
  }

  /** Signs a token for a session. */
  issue({ userId, sessionId, kind }: Caller): Promise<string> {
    const now = this.#clock.now();
    return (
      new SignJWT({ sid: sessionId, kind })
        .setProtectedHeader({ alg: "HS256", typ: TYPE })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setIssuedAt(new Date(now))
        // In whole seconds, and never before the client expects it.
        .setExpirationTime(Math.ceil((now + this.lifeMs) / 1_000))
        .sign(this.#secret)
    );
  }

  /** Checks signature, kind and age of a token. */
  async check(token: string): Promise<AccessCheck> {
    if (token.length > MAX_LENGTH) return { kind: "unauthorized" };
    try {
      const { payload } = await jwtVerify(token, this.#secret, {
        algorithms: ["HS256"],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: TYPE,
        currentDate: new Date(this.#clock.now()),
      });
      const claims = CLAIMS.safeParse(payload);
      if (!claims.success) return { kind: "unauthorized" };
      return { kind: "valid", userId: claims.data.sub, sessionId: claims.data.sid };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { kind: "token_expired" };
      // The library reports some malformed tokens as TypeError.
      if (error instanceof errors.JOSEError || error instanceof TypeError) return { kind: "unauthorized" };
      throw error;
    }
  }
}
