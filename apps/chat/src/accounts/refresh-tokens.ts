import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

// A refresh token is `<session id>.<random>.<tag>`. The tag proves that this server made it, so that a token which is
// no longer good is known for what it is, a used one, whatever its age, and a made-up one ends nobody's session. The
// next token follows from the one before and the secret: a client whose answer was lost asks again and gets the same
// pair, and so do two tabs that ask at once. The database holds hashes, so a copy of it opens nothing.

/** Makes refresh tokens, each from the one before. */
export class RefreshTokens {
  readonly #secret: Uint8Array;

  /** `secret` has at least 32 bytes. */
  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** The first token of a session. */
  first(sessionId: string): string {
    return this.#withTag(`${sessionId}.${randomBytes(32).toString("base64url")}`);
  }

  /** The token that follows; always the same one. */
  next(token: string): string {
    const sessionId = token.slice(0, token.indexOf("."));
    return this.#withTag(`${sessionId}.${this.#digest("next", token)}`);
  }

  /** Of which session a token is or was; `undefined` when it was not made here. */
  sessionIdOf(token: string): string | undefined {
    const [sessionId = "", random = ""] = token.split(".");
    const expected = Buffer.from(this.#withTag(`${sessionId}.${random}`));
    const given = Buffer.from(token);
    return given.length === expected.length && timingSafeEqual(given, expected) ? sessionId : undefined;
  }

  #withTag(body: string): string {
    return `${body}.${this.#digest("tag", body)}`;
  }

  #digest(purpose: "next" | "tag", text: string): string {
    return createHmac("sha256", this.#secret).update(`refresh token ${purpose}\n${text}`).digest("base64url");
  }
}
