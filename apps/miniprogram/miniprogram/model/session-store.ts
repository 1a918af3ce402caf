import type { Me, Session } from "@hutong/chat-api";
import type { Clock, KeyValueStorage } from "@hutong/client/wechat";
import type { EntryCall, TokenSource } from "./call";
import { CallError, codeOf } from "./call-error";
import type { Changes } from "./changes";
import { isRecord } from "./is-record";
import { parseJson } from "./parse-json";

/** Who is signed in here. */
export interface SignedIn {
  readonly me: Me;
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** When the access token ends, milliseconds since 1970 by this device's clock. */
  readonly expiresAt: number;
}

/** Why a session ended without being asked to, as the server says it. */
export type EndReason = "signed_in_elsewhere" | "account_disabled" | "session_ended" | "signed_out";

/** What a {@link SessionStore} is made of. */
export interface SessionStoreOptions {
  readonly storage: KeyValueStorage;
  readonly call: EntryCall;
  readonly clock: Clock;
  readonly changes: Changes;
}

/** An access token with less life than this is traded before it is used. */
const LEAST_LIFE_MS = 30_000;
/** Codes of a refresh after which there is no session any more. */
const FINAL = new Set(["unauthorized", "token_expired", "account_disabled", "not_found", "bad_request"]);
const KEY = "session";

/** The session of this mini-program. A refresh token works once, so all who need a new token share one refresh. */
export class SessionStore implements TokenSource {
  readonly #options: SessionStoreOptions;
  #current: SignedIn | undefined;
  #ended: EndReason | undefined;
  #refreshing: Promise<string> | undefined;

  constructor(options: SessionStoreOptions) {
    this.#options = options;
  }

  /** `undefined` while nobody is signed in. */
  get current(): SignedIn | undefined {
    return this.#current;
  }

  /** Why the last session ended by itself; `undefined` after a sign-in and after a sign-out. */
  get ended(): EndReason | undefined {
    return this.#ended;
  }

  /** Takes up the session of an earlier run. Never rejects. */
  async restore(): Promise<void> {
    // Without a storage nobody is signed in.
    const text = await this.#options.storage.get(KEY).catch(() => undefined);
    this.#current = parseSession(text);
  }

  /** Takes the answer of a sign-in of any kind. */
  adopt({ me, sessionId, accessToken, refreshToken, expiresInMs }: Session): void {
    this.#ended = undefined;
    this.#put({ me, sessionId, accessToken, refreshToken, expiresAt: this.#options.clock.now() + expiresInMs });
  }

  /** Keeps a newer state of the account. */
  update(me: Me): void {
    if (this.#current !== undefined) this.#put({ ...this.#current, me });
  }

  /** Forgets the session; `reason` says why when nobody asked for it. */
  end(reason?: EndReason): void {
    this.#ended = reason;
    this.#put(undefined);
  }

  /** @throws {CallError} `unauthorized` when nobody is signed in (any more), or why the refresh failed. */
  async token(): Promise<string> {
    const current = this.#current;
    if (current === undefined) throw new CallError("unauthorized");
    if (current.expiresAt - this.#options.clock.now() > LEAST_LIFE_MS) return current.accessToken;
    return this.refresh(current.accessToken);
  }

  /** @throws {CallError} why not. Where the session is over it is ended here too. */
  async refresh(used: string): Promise<string> {
    const current = this.#current;
    if (current !== undefined && current.accessToken !== used) return current.accessToken;
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<string> {
    const refreshToken = this.#current?.refreshToken;
    if (refreshToken === undefined) throw new CallError("unauthorized");
    try {
      const session = await this.#options.call("refresh_session", { refreshToken });
      this.adopt(session);
      return session.accessToken;
    } catch (error) {
      const code = codeOf(error);
      if (FINAL.has(code)) this.end(code === "account_disabled" ? "account_disabled" : "session_ended");
      throw error;
    }
  }

  #put(session: SignedIn | undefined): void {
    const { storage, changes } = this.#options;
    this.#current = session;
    const kept = session === undefined ? storage.delete(KEY) : storage.set(KEY, JSON.stringify(session));
    // A session that ends with the mini-program is better than none.
    kept.catch(() => undefined);
    changes.tell();
  }
}

/** Reads what an earlier run wrote; `undefined` for anything else. */
export function parseSession(text: string | undefined): SignedIn | undefined {
  const value = parseJson(text);
  if (!isRecord(value) || !isRecord(value["me"]) || typeof value["me"]["id"] !== "string") return undefined;
  const texts = [value["sessionId"], value["accessToken"], value["refreshToken"]];
  if (texts.some((one) => typeof one !== "string") || typeof value["expiresAt"] !== "number") return undefined;
  // Each field that this code depends on was looked at above.
  return value as Readonly<Record<string, unknown>> & SignedIn;
}
