import { z } from "zod";
import type { WechatApi } from "./wechat-api.ts";
import { WechatError } from "./wechat-error.ts";

/** What an application shows WeChat; the secret stays on servers. */
export interface WechatApplication {
  readonly appId: string;
  readonly appSecret: string;
}

/** Who logged in, as WeChat knows them. */
export interface WechatLogin {
  /** Names the user within this application. */
  readonly openid: string;
  /** Names the user across the applications of one owner; `undefined` where the application is bound to none. */
  readonly unionid: string | undefined;
  /** Decrypts and verifies what this client sends; Base64. MUST NOT leave the server. */
  readonly sessionKey: string;
}

/** Longest code that is sent on, in characters. */
export const MAX_CODE_LENGTH = 256;

const PATH = "/sns/jscode2session";

const ANSWER = z
  .object({ openid: z.string().min(1), session_key: z.string().min(1), unionid: z.string().optional() })
  .transform(({ openid, unionid, session_key: sessionKey }): WechatLogin => ({ openid, unionid, sessionKey }));

/**
 * Exchanges the code of a `wx.login` for the user it stands for. A code is good for one call, also for one that fails.
 *
 * @throws {WechatError} `invalid_code` when the client has to log in again; `unavailable`, `rate_limited`,
 * `forbidden` and `internal` as everywhere.
 */
export async function codeToSession(
  api: WechatApi,
  application: WechatApplication,
  code: string,
): Promise<WechatLogin> {
  if (code === "" || code.length > MAX_CODE_LENGTH)
    throw new WechatError("invalid_code", PATH, { reason: `the code has ${code.length} characters` });
  const { appId, appSecret } = application;
  const query = { appid: appId, secret: appSecret, js_code: code, grant_type: "authorization_code" };
  return api.call({ path: PATH, query, answer: ANSWER });
}
