import type { Caller } from "../api/handlers.ts";
import type { AccessTokens } from "./access-tokens.ts";
import type { Callers } from "./callers.ts";
import type { Tickets } from "./tickets.ts";

/** What {@link createAuthenticate} asks. */
export interface AuthenticateParts {
  readonly accessTokens: AccessTokens;
  readonly tickets: Tickets;
  readonly callers: Callers;
}

/** Finds out who calls. Rejects only when the database does not answer. */
export type Authenticate = (token: string | undefined) => Promise<Caller | "token_expired" | "unauthorized">;

/**
 * For HTTP and for the socket's handshake: takes access tokens and tickets. Every other text, a token for rooms too, is
 * `"unauthorized"`; so are a session that has ended and a disabled user, at the latest a second later.
 */
export function createAuthenticate({ accessTokens, tickets, callers }: AuthenticateParts): Authenticate {
  return async (token) => {
    if (token === undefined) return "unauthorized";
    // Tickets are base64url, access tokens have dots.
    if (!token.includes(".")) {
      const sessionId = await tickets.redeem(token);
      return (sessionId === undefined ? undefined : await callers.caller(sessionId)) ?? "unauthorized";
    }
    const check = await accessTokens.check(token);
    if (check.kind !== "valid") return check.kind;
    const caller = await callers.caller(check.sessionId);
    return caller?.userId === check.userId ? caller : "unauthorized";
  };
}
