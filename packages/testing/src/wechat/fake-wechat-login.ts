import { randomBytes } from "node:crypto";
import type { Clock } from "@hutong/server/plugin";
import type { WechatLoginSession } from "./fake-wechat-account.ts";
import { type FakeWechatAnswer, type FakeWechatRequest, wechatFailure } from "./fake-wechat-endpoint.ts";

/** How long a code can be exchanged, in milliseconds. */
export const CODE_LIFETIME_MS = 300_000;

/** The secrets that WeChat gives to an application. */
export interface WechatCredentials {
  /** Public: mini-programs carry it. */
  readonly appId: string;
  /** Stays on servers. */
  readonly appSecret: string;
}

interface IssuedCode {
  readonly session: WechatLoginSession;
  readonly expiresAtMs: number;
  isUsed: boolean;
}

/** Makes codes and exchanges each once for its session. */
export class FakeWechatLogin {
  readonly #credentials: WechatCredentials;
  readonly #clock: Clock;
  readonly #codes = new Map<string, IssuedCode>();

  constructor(credentials: WechatCredentials, clock: Clock) {
    this.#credentials = credentials;
    this.#clock = clock;
  }

  /** Makes a code that stands for a session. */
  issue(session: WechatLoginSession): string {
    const code = `0${randomBytes(12).toString("base64url")}`;
    this.#codes.set(code, { session, expiresAtMs: this.#clock.now() + CODE_LIFETIME_MS, isUsed: false });
    return code;
  }

  /** Answers `/sns/jscode2session`. */
  exchange({ query }: FakeWechatRequest): FakeWechatAnswer {
    const refusal = refuseCredentials(query, this.#credentials);
    if (refusal !== undefined) return refusal;
    if (query.get("grant_type") !== "authorization_code") return wechatFailure(40002);
    const text = query.get("js_code") ?? "";
    if (text === "") return wechatFailure(41008);
    const code = this.#codes.get(text);
    if (code === undefined) return wechatFailure(40029);
    if (code.isUsed) return wechatFailure(40163);
    if (this.#clock.now() >= code.expiresAtMs) return wechatFailure(40029);
    code.isUsed = true;
    const { account, sessionKey } = code.session;
    const { unionId } = account.profile;
    return { session_key: sessionKey, openid: account.openid, ...(unionId !== undefined && { unionid: unionId }) };
  }
}

/** The refusal of parameters that lack the application's credentials or have wrong ones. */
export function refuseCredentials(
  parameters: { get(name: string): unknown },
  { appId, appSecret }: WechatCredentials,
): FakeWechatAnswer | undefined {
  const given = { appId: parameters.get("appid") ?? "", appSecret: parameters.get("secret") ?? "" };
  if (given.appId === "") return wechatFailure(41002);
  if (given.appSecret === "") return wechatFailure(41004);
  if (given.appId !== appId) return wechatFailure(40013);
  if (given.appSecret !== appSecret) return wechatFailure(40125);
  return undefined;
}
