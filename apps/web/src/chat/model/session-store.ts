import type { ActionInput, ActionOutput, AnonymousActionName, Me, Session } from "@hutong/chat-api";
import { type ReadonlySignal, signal } from "@preact/signals";

import type { Clock } from "../../clock.ts";
import { isRecord } from "../../is-record.ts";
import { CallError, codeOf } from "./call-error.ts";

/** Where the tabs of one browser keep their session. */
export interface SessionHome {
  read(): string | undefined;
  /** `undefined` deletes. Other tabs hear of it. */
  write(text: string | undefined): void;
  /** Calls back when another tab wrote; the returned function ends that. */
  watch(changed: () => void): () => void;
  /** Runs while no other tab is in its own `lock`. */
  lock<T>(run: () => Promise<T>): Promise<T>;
}

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

/** Calls an action that needs no session. */
export type AnonymousCall = <TName extends AnonymousActionName>(
  name: TName,
  input: ActionInput<TName>,
) => Promise<ActionOutput<TName>>;

/** What a {@link SessionStore} is made of. */
export interface SessionStoreOptions {
  readonly home: SessionHome;
  readonly call: AnonymousCall;
  readonly clock: Clock;
}

/** An access token with less life than this is traded before it is used. */
const LEAST_LIFE_MS = 30_000;
/** Codes of a refresh after which there is no session any more. */
const FINAL = new Set(["unauthorized", "token_expired", "account_disabled", "not_found", "bad_request"]);

/**
 * The session of this browser, shared by its tabs. A refresh token works once, so the tabs trade it one at a
 * time, and whoever comes second takes what the first one got.
 */
export class SessionStore {
  readonly #current = signal<SignedIn | undefined>(undefined);
  readonly #ended = signal<EndReason | undefined>(undefined);
  readonly #options: SessionStoreOptions;
  readonly #unwatch: () => void;
  #refreshing: Promise<SignedIn> | undefined;

  constructor(options: SessionStoreOptions) {
    this.#options = options;
    this.#current.value = parseSession(options.home.read());
    this.#unwatch = options.home.watch(() => {
      this.#current.value = parseSession(options.home.read());
    });
  }

  /** `undefined` while nobody is signed in. */
  get current(): ReadonlySignal<SignedIn | undefined> {
    return this.#current;
  }

  /** Why the last session ended by itself; `undefined` after a sign-in and after a sign-out. */
  get ended(): ReadonlySignal<EndReason | undefined> {
    return this.#ended;
  }

  /** Takes the answer of a sign-in of any kind. */
  adopt(session: Session): void {
    const { me, sessionId, accessToken, refreshToken, expiresInMs } = session;
    this.#ended.value = undefined;
    this.#put({ me, sessionId, accessToken, refreshToken, expiresAt: this.#options.clock.now() + expiresInMs });
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
    if (current.expiresAt - this.#options.clock.now() > LEAST_LIFE_MS) return current.accessToken;
    return (await this.refresh(current.accessToken)).accessToken;
  }

  /**
   * Gets the next pair of tokens, unless `used` is no longer the access token: then somebody was faster.
   *
   * @throws {CallError} why not. Where the session is over it is ended here too.
   */
  refresh(used: string): Promise<SignedIn> {
    this.#refreshing ??= this.#options.home
      .lock(() => this.#refresh(used))
      .finally(() => {
        this.#refreshing = undefined;
      });
    return this.#refreshing;
  }

  /** Stops hearing other tabs. */
  close(): void {
    this.#unwatch();
  }

  async #refresh(used: string): Promise<SignedIn> {
    const kept = parseSession(this.#options.home.read());
    if (kept === undefined) {
      this.#current.value = undefined;
      throw new CallError("unauthorized");
    }
    if (kept.accessToken !== used) {
      this.#current.value = kept;
      return kept;
    }
    try {
      const session = await this.#options.call("refresh_session", { refreshToken: kept.refreshToken });
      this.adopt(session);
    } catch (error) {
      const code = codeOf(error);
      if (FINAL.has(code)) this.end(code === "account_disabled" ? "account_disabled" : "session_ended");
      throw error;
    }
    const next = this.#current.peek();
    if (next === undefined) throw new CallError("unauthorized");
    return next;
  }

  #put(session: SignedIn | undefined): void {
    this.#options.home.write(session === undefined ? undefined : JSON.stringify(session));
    this.#current.value = session;
  }
}

/** Reads what the page itself wrote; `undefined` for anything else. */
export function parseSession(text: string | undefined): SignedIn | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Only a SyntaxError can come here: somebody else wrote under our name.
    return undefined;
  }
  if (!isRecord(value) || !isRecord(value["me"]) || typeof value["me"]["id"] !== "string") return undefined;
  const { sessionId, accessToken, refreshToken, expiresAt } = value;
  if (typeof sessionId !== "string" || typeof accessToken !== "string") return undefined;
  if (typeof refreshToken !== "string" || typeof expiresAt !== "number") return undefined;
  return { me: readMe(value["me"]), sessionId, accessToken, refreshToken, expiresAt };
}

/** The id was checked; the rest is what the page wrote from the server's answer, and each join brings it anew. */
function readMe(value: Readonly<Record<string, unknown>>): Me {
  const me: unknown = value;
  return me as Me;
}
