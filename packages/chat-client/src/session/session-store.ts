import type { Me, Session } from "@hutong/chat-api";
import type { KeyValueStorage } from "@hutong/client";
import { type ReadonlySignal, signal } from "@preact/signals-core";

import type { AnonymousCall, TokenSource } from "../calls/call.ts";
import { CallError, codeOf } from "../calls/call-error.ts";
import { type ChatClock, systemClock } from "../clock.ts";
import { isRecord } from "../is-record.ts";
import { parseJson } from "../parse-json.ts";

/** Who is signed in here. */
export interface SignedIn {
  readonly me: Me;
  /** What the server calls this session, for example when it ends it. */
  readonly sessionId: string;
  /** Goes with every call. */
  readonly accessToken: string;
  /** Works once. */
  readonly refreshToken: string;
  /** When the access token ends, milliseconds since 1970 by this device's clock. */
  readonly expiresAt: number;
}

/** Why a session ended without being asked to, as the server says it. */
export type EndReason = "signed_in_elsewhere" | "account_disabled" | "session_ended" | "signed_out";

/** The other tabs that share a storage. */
export interface SessionTabs {
  /** Calls back when another tab has written to the storage; the returned function ends that. */
  watch(changed: () => void): () => void;
  /** Runs while no other tab is in its own `lock`. */
  lock<T>(run: () => Promise<T>): Promise<T>;
}

/** What a {@link SessionStore} is made of. */
export interface SessionStoreOptions {
  /** Keeps the session for the next start; stays the caller's. */
  readonly storage: KeyValueStorage;
  readonly call: AnonymousCall;
  /** @defaultValue that of the runtime */
  readonly clock?: ChatClock;
  /** @defaultValue none: nobody else writes to the storage */
  readonly tabs?: SessionTabs;
}

/** An access token with less life than this is traded before it is used. */
const LEAST_LIFE_MS = 30_000;
/** Codes of a refresh after which there is no session any more. */
const FINAL = new Set(["unauthorized", "token_expired", "account_disabled", "not_found", "bad_request"]);
const KEY = "session";

/**
 * The session of this device, shared by the tabs of a browser. A refresh token works once, so all who need a new one share
 * one refresh, tabs trade it one at a time, and whoever comes second takes what the first one got.
 *
 * @example
 * ```ts
 * const session = new SessionStore({ storage, call: createAnonymousCall(http) });
 * await session.restore();
 * ```
 */
export class SessionStore implements TokenSource {
  readonly #current = signal<SignedIn | undefined>(undefined);
  readonly #ended = signal<EndReason | undefined>(undefined);
  readonly #options: SessionStoreOptions;
  readonly #clock: ChatClock;
  readonly #unwatch: (() => void) | undefined;
  #refreshing: Promise<string> | undefined;
  /** How often this object wrote: what was read before a write is older than it. */
  #writeCount = 0;

  /** Nothing is read before `restore`. */
  constructor(options: SessionStoreOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#unwatch = options.tabs?.watch(() => void this.restore());
  }

  /** `undefined` while nobody is signed in. */
  get current(): ReadonlySignal<SignedIn | undefined> {
    return this.#current;
  }

  /** Why the last session ended by itself; `undefined` after a sign-in and after a sign-out. */
  get ended(): ReadonlySignal<EndReason | undefined> {
    return this.#ended;
  }

  /** Takes up the session that is kept. Never rejects: without a storage nobody is signed in. */
  async restore(): Promise<void> {
    const before = this.#writeCount;
    const text = await this.#options.storage.get(KEY).catch(() => null);
    // A storage that fails has nothing newer than what is known.
    if (this.#writeCount !== before || text === null) return;
    const kept = parseSession(text);
    // First, because whoever sees the session end asks why.
    this.#ended.value = kept === undefined ? parseEnd(text) : undefined;
    this.#current.value = kept;
  }

  /** Takes the answer of a sign-in of any kind. */
  adopt(session: Session): void {
    const { me, sessionId, accessToken, refreshToken, expiresInMs } = session;
    this.#ended.value = undefined;
    this.#put({ me, sessionId, accessToken, refreshToken, expiresAt: this.#clock.now() + expiresInMs });
  }

  /** Keeps a newer state of the account. */
  update(me: Me): void {
    const current = this.#current.peek();
    if (current !== undefined) this.#put({ ...current, me });
  }

  /** Forgets the session; `reason` says why when nobody asked for it. */
  end(reason?: EndReason): void {
    this.#ended.value = reason;
    this.#put(undefined);
  }

  /**
   * An access token that is still good for a while.
   *
   * @throws {CallError} `unauthorized` when nobody is signed in (any more), or why the refresh failed.
   */
  async token(): Promise<string> {
    const current = this.#current.peek();
    if (current === undefined) throw new CallError("unauthorized");
    if (current.expiresAt - this.#clock.now() > LEAST_LIFE_MS) return current.accessToken;
    return this.refresh(current.accessToken);
  }

  /**
   * Gets the next pair of tokens, unless `used` is no longer the access token: then somebody was faster.
   *
   * @throws {CallError} why not. Where the session is over it is ended here too.
   */
  refresh(used: string): Promise<string> {
    if (this.#refreshing !== undefined) return this.#refreshing;
    const { tabs } = this.#options;
    const run = (): Promise<string> => this.#refresh(used);
    const refreshing = tabs === undefined ? run() : tabs.lock(run);
    const forget = (): void => void (this.#refreshing = undefined);
    refreshing.then(forget, forget);
    this.#refreshing = refreshing;
    return refreshing;
  }

  /** Tokens as long as this user is signed in: for what may go on after a sign-out. Rejects with a {@link CallError}. */
  tokensOf(userId: string): TokenSource {
    const check = (token: string): string => {
      if (this.#current.peek()?.me.id !== userId) throw new CallError("unauthorized");
      return token;
    };
    return { token: () => this.token().then(check), refresh: (used) => this.refresh(used).then(check) };
  }

  /** Stops hearing other tabs. */
  close(): void {
    this.#unwatch?.();
  }

  async #refresh(used: string): Promise<string> {
    // Another tab may have been faster, or have signed out.
    if (this.#options.tabs !== undefined) await this.restore();
    const current = this.#current.peek();
    if (current === undefined) throw new CallError("unauthorized");
    if (current.accessToken !== used) return current.accessToken;
    const isCurrent = (): boolean => this.#current.peek()?.sessionId === current.sessionId;
    try {
      const session = await this.#options.call("refresh_session", { refreshToken: current.refreshToken });
      // Somebody has signed out meanwhile, and perhaps in again.
      if (!isCurrent()) throw new CallError("unauthorized");
      this.adopt(session);
      return session.accessToken;
    } catch (error) {
      const code = codeOf(error);
      if (FINAL.has(code) && isCurrent()) this.end(code === "account_disabled" ? code : "session_ended");
      throw error;
    }
  }

  #put(session: SignedIn | undefined): void {
    const { storage } = this.#options;
    this.#writeCount += 1;
    this.#current.value = session;
    const ended = this.#ended.peek();
    // Other tabs hear from the storage that the session ended, and why.
    const kept = session ?? (ended && { ended });
    const isKept = kept === undefined ? storage.delete(KEY) : storage.set(KEY, JSON.stringify(kept));
    // A session that ends with this run is better than none.
    isKept.catch(() => undefined);
  }
}

/** Reads what an earlier run wrote; `undefined` for anything else. */
export function parseSession(text: string | undefined): SignedIn | undefined {
  const value = parseJson(text);
  if (!isRecord(value) || !isRecord(value["me"]) || typeof value["me"]["id"] !== "string") return undefined;
  const texts = [value["sessionId"], value["accessToken"], value["refreshToken"]];
  if (texts.some((one) => typeof one !== "string") || typeof value["expiresAt"] !== "number") return undefined;
  // Each field that this code depends on was looked at above; the account comes anew with each join.
  return value as Readonly<Record<string, unknown>> & SignedIn;
}

/** Reads why the last session ended, where an earlier run or another tab wrote that. */
function parseEnd(text: string | undefined): EndReason | undefined {
  const value = parseJson(text);
  // Only an end reason is written there.
  return isRecord(value) && typeof value["ended"] === "string" ? (value["ended"] as EndReason) : undefined;
}
