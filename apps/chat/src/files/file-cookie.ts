import { createHmac, timingSafeEqual } from "node:crypto";
import type { Callers } from "../accounts/callers.ts";
import type { Caller } from "../api/handlers.ts";

const NAME = "hutong_files";
const GIVEN = new RegExp(String.raw`(?:^|;\s*)${NAME}=([\w-]{1,64})\.([\w-]{43})(?:;|$)`);
const PATH = "/api/files";
/** The session ends the cookie; this only keeps it over a restart of the browser. */
const MAX_AGE_SECONDS = 60 * 24 * 3_600;

/** What a {@link FileCookie} is made with. */
export interface FileCookieParts {
  /** At least 32 bytes. */
  readonly secret: Uint8Array;
  readonly callers: Pick<Callers, "caller">;
  /** Whether people come over HTTPS; the cookie then never travels without. */
  readonly isSecure: boolean;
}

/**
 * Lets the elements of a page load files, which send no header of their own. It opens files to whoever has it, and nothing
 * else: uploads and all other calls want the access token. It is good for as long as its session.
 */
export class FileCookie {
  readonly #parts: FileCookieParts;

  constructor(parts: FileCookieParts) {
    this.#parts = parts;
  }

  /** The `Set-Cookie` header for a session. */
  headerFor({ sessionId }: Pick<Caller, "sessionId">): string {
    const secure = this.#parts.isSecure ? "; Secure" : "";
    return `${NAME}=${sessionId}.${this.#sign(sessionId)}; Path=${PATH}; Max-Age=${MAX_AGE_SECONDS}; HttpOnly; SameSite=Strict${secure}`;
  }

  /** Whose a `Cookie` header is; `undefined` without a good cookie, and when its session has ended. */
  async caller(header: string | undefined): Promise<Caller | undefined> {
    const [, sessionId = "", signature = ""] = GIVEN.exec(header ?? "") ?? [];
    if (sessionId === "") return undefined;
    const isSigned = timingSafeEqual(Buffer.from(signature), Buffer.from(this.#sign(sessionId)));
    return isSigned ? this.#parts.callers.caller(sessionId) : undefined;
  }

  #sign(sessionId: string): string {
    // The name keeps it apart from everything else that is signed with the secret.
    return createHmac("sha256", this.#parts.secret).update(`${NAME}\n${sessionId}`).digest("base64url");
  }
}
