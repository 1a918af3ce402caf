import { isRecord } from "../is-record.ts";
import type { KeyValueStorage } from "../storage/key-value-storage.ts";
import { sendRequest, type WechatResponse } from "./request.ts";
import { toWechatError, WechatError } from "./wechat-error.ts";
import { resolveWx, type Wx } from "./wx.ts";

/** Where a login goes and where its outcome is kept. */
export interface LoginOptions {
  /** Where the code of `wx.login` is posted, as `{ "code": … }`. The answer is a `{ "token": … }` with a status of 2xx. */
  readonly url: string;
  /** Keeps the token for the next start; stays the caller's. @defaultValue none: each start logs in */
  readonly storage?: KeyValueStorage;
  /** Time that the request may take, in milliseconds. @defaultValue that of `app.json`, a minute at first */
  readonly timeoutMs?: number;
  /** @defaultValue WeChat's own. */
  readonly wx?: Wx;
}

/** A user's session with a server of ours. */
export interface WechatLogin {
  /**
   * Gives the token, and logs in when there is none. Calls at the same time share one login. A kept token is
   * given as long as WeChat's own session lasts.
   *
   * @throws {WechatError} `login_refused` when the server does not answer with a token, and the codes of {@link sendRequest}.
   */
  token(): Promise<string>;
  /** Drops a token that a server refuses: the next `token` logs in. Does nothing when that token was replaced already. */
  forget(token: string): void;
  /**
   * Calls `send` with headers that carry the token. An answer of status 401 makes it log in anew and call once more; what comes then is
   * the answer. Rejects as `token` and `send` do.
   *
   * @example
   * ```ts
   * const { body } = await login.authorized((headers) => sendRequest({ url, headers }));
   * ```
   */
  authorized(send: (headers: Readonly<Record<string, string>>) => Promise<WechatResponse>): Promise<WechatResponse>;
}

const KEY = "token";
const UNAUTHORIZED = 401;

class Login implements WechatLogin {
  readonly #options: LoginOptions;
  readonly #wx: Wx;
  #pending: Promise<string> | undefined;
  #token: string | undefined;
  /** Whether the storage may hold a token that was not looked at. */
  #isFirst: boolean;

  constructor(options: LoginOptions) {
    this.#options = options;
    this.#wx = resolveWx(options.wx);
    this.#isFirst = options.storage !== undefined;
  }

  token(): Promise<string> {
    if (this.#token !== undefined) return Promise.resolve(this.#token);
    return (this.#pending ??= this.#obtain());
  }

  forget(token: string): void {
    if (token === this.#token) this.#token = undefined;
  }

  async authorized(send: Parameters<WechatLogin["authorized"]>[0]): Promise<WechatResponse> {
    const token = await this.token();
    const response = await send({ Authorization: `Bearer ${token}` });
    if (response.status !== UNAUTHORIZED) return response;
    this.forget(token);
    return send({ Authorization: `Bearer ${await this.token()}` });
  }

  async #obtain(): Promise<string> {
    try {
      this.#token = (await this.#kept()) ?? (await this.#login());
      return this.#token;
    } finally {
      this.#pending = undefined;
    }
  }

  async #kept(): Promise<string | undefined> {
    if (!this.#isFirst) return undefined;
    // A storage that cannot be read is as good as an empty one.
    const token = await this.#options.storage?.get(KEY).catch(() => undefined);
    const isUsable = token !== undefined && (await this.#hasSession());
    this.#isFirst = false;
    return isUsable ? token : undefined;
  }

  #hasSession(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#wx.checkSession({ success: () => resolve(true), fail: () => resolve(false) });
    });
  }

  async #login(): Promise<string> {
    const { url, timeoutMs, storage } = this.#options;
    const code = await new Promise<string>((resolve, reject) => {
      this.#wx.login({
        success: (result) => resolve(result.code),
        fail: (failure) => reject(toWechatError(failure)),
      });
    });
    const request = { url, method: "POST", body: { code }, wx: this.#wx } as const;
    const { status, body } = await sendRequest(timeoutMs === undefined ? request : { ...request, timeoutMs });
    const token = isRecord(body) && status >= 200 && status < 300 ? body["token"] : undefined;
    if (typeof token !== "string") throw new WechatError("login_refused", `login was answered with status ${status}`);
    // A token that cannot be kept is as good until the mini-program ends.
    await storage?.set(KEY, token).catch(() => undefined);
    return token;
  }
}

/**
 * Makes the login of a mini-program's user. Nothing is asked before the first call.
 *
 * @example
 * ```ts
 * const login = createLogin({ url: "https://example.com/login", storage: wechatStorage("login") });
 * const socket = createSocket("wss://example.com/socket", { login });
 * ```
 */
export function createLogin(options: LoginOptions): WechatLogin {
  return new Login(options);
}
