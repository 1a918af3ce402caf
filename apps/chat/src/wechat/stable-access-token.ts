// Calls on behalf of the application carry an access token. WeChat's "stable"
// interface gives every process the same one until five minutes before its end,
// so processes that fetch at the same time do not throw each other out. The store
// only saves calls; nothing breaks when it is slow to learn of a new token.
import type { Clock } from "@hutong/server/plugin";
import { z } from "zod";
import type { AccessToken, AccessTokenStore } from "./access-token-store.ts";
import type { WechatApplication } from "./code-to-session.ts";
import type { WechatApi, WechatCall } from "./wechat-api.ts";
import { WechatError } from "./wechat-error.ts";

/** What {@link StableAccessToken} works with. */
export interface StableAccessTokenParts {
  readonly api: WechatApi;
  readonly application: WechatApplication;
  readonly store: AccessTokenStore;
  readonly clock: Clock;
}

/** WeChat makes a new token in the last five minutes of the old one; a minute later it surely has, whatever our clock says. */
const REFRESH_BEFORE_MS = 240_000;

const ANSWER = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/** Calls WeChat on behalf of the application, with an access token that is fetched when it is needed. */
export class StableAccessToken implements WechatApi {
  readonly #parts: StableAccessTokenParts;
  #fetching: Promise<string> | undefined;

  constructor(parts: StableAccessTokenParts) {
    this.#parts = parts;
  }

  /**
   * As {@link WechatApi.call}, with `access_token` in the query. When WeChat rejects the token, the call is made once
   * more with a new one.
   *
   * @throws {WechatError} as that one does; an error of the store as it is.
   */
  async call<T>(call: WechatCall<T>): Promise<T> {
    const token = await this.#current();
    try {
      return await this.#callWith(token, call);
    } catch (error) {
      if (!(error instanceof WechatError) || error.code !== "token_rejected") throw error;
      return this.#callWith(await this.#replacementOf(token), call);
    }
  }

  #callWith<T>(token: string, call: WechatCall<T>): Promise<T> {
    return this.#parts.api.call({ ...call, query: { ...call.query, access_token: token } });
  }

  async #current(): Promise<string> {
    const kept = await this.#read();
    const leftMs = kept === undefined ? 0 : kept.expiresAtMs - this.#parts.clock.now();
    if (kept !== undefined && leftMs > REFRESH_BEFORE_MS) return kept.token;
    try {
      return await this.#fetchOnce();
    } catch (error) {
      // The old token is good to its end, so a WeChat that is busy now need not be noticed.
      if (kept !== undefined && leftMs > 0) return kept.token;
      throw error;
    }
  }

  /** Another process, or another call of this one, may have replaced the token while this call was underway. */
  async #replacementOf(rejected: string): Promise<string> {
    const kept = await this.#read();
    return kept !== undefined && kept.token !== rejected ? kept.token : this.#fetchOnce();
  }

  #read(): Promise<AccessToken | undefined> {
    const { store, application } = this.#parts;
    return store.read(application.appId);
  }

  #fetchOnce(): Promise<string> {
    this.#fetching ??= this.#fetch().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  async #fetch(): Promise<string> {
    const { api, application, store, clock } = this.#parts;
    const { appId, appSecret } = application;
    const askedAtMs = clock.now();
    const body = { grant_type: "client_credential", appid: appId, secret: appSecret };
    const answer = await api.call({ path: "/cgi-bin/stable_token", body, answer: ANSWER });
    const expiresAtMs = askedAtMs + answer.expires_in * 1_000;
    await store.write(appId, { token: answer.access_token, expiresAtMs });
    return answer.access_token;
  }
}
