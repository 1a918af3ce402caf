import { createCipheriv, createHash, randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";

/** A person who uses the phone. */
export interface Profile {
  /** Who it is for one mini-program. */
  readonly openId: string;
  /** Shown name. */
  readonly nickName: string;
  /** Address of the picture. */
  readonly avatarUrl: string;
}

/** What `wx.getUserInfo` gives. */
export interface UserInfo {
  /** What is shown of the user. */
  readonly userInfo: object;
  /** The same as JSON, which the signature covers. */
  readonly rawData: string;
  /** SHA-1 of `rawData` and the session key, in hex. */
  readonly signature: string;
  /** The user with a watermark, AES-128-CBC, in base64. */
  readonly encryptedData: string;
  /** Initialisation vector, in base64. */
  readonly iv: string;
}

/** Another source of accounts, such as a fake WeChat that also answers a server's questions. */
export interface WechatAccount {
  /** Gives a code that a server may exchange once. */
  login(): string;
  /** Gives the user's data, encrypted for the session of the last login. */
  userInfo(): UserInfo;
  /** Whether the session of the last login is still valid. */
  isSessionValid(): boolean;
}

/** How long a code may be exchanged, in milliseconds. */
export const CODE_LIFETIME_MS = 300_000;

interface Login {
  readonly openId: string;
  readonly sessionKey: string;
  readonly atMs: number;
}

/**
 * A small WeChat: it signs people in and tells a server who they are. Data is encrypted and signed as WeChat
 * does it, so a server's own checks are exercised.
 */
export class WechatAccounts {
  readonly #clock: Clock;
  readonly #codes = new Map<string, Login>();

  /** Starts without a code. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Makes the account of a person on one phone. */
  account(profile: Profile, appId: string): WechatAccount {
    let sessionKey: string | undefined;
    const signIn = (): string => {
      this.#forgetOld();
      sessionKey = randomBytes(16).toString("base64");
      const code = randomBytes(16).toString("hex");
      this.#codes.set(code, { openId: profile.openId, sessionKey, atMs: this.#clock.now() });
      return code;
    };
    return {
      login: signIn,
      isSessionValid: () => sessionKey !== undefined,
      userInfo: () => {
        if (sessionKey === undefined) signIn();
        return encryptedUser(profile, { appId, sessionKey: sessionKey ?? "", nowMs: this.#clock.now() });
      },
    };
  }

  /** Answers `jscode2session`: a code counts once, within five minutes. */
  exchange(code: string): Readonly<Record<string, unknown>> {
    this.#forgetOld();
    const login = this.#codes.get(code);
    this.#codes.delete(code);
    if (login === undefined) return { errcode: 40_029, errmsg: "invalid code" };
    return { openid: login.openId, session_key: login.sessionKey };
  }

  #forgetOld(): void {
    const sinceMs = this.#clock.now() - CODE_LIFETIME_MS;
    for (const [code, { atMs }] of this.#codes) if (atMs < sinceMs) this.#codes.delete(code);
  }
}

interface Encryption {
  readonly appId: string;
  readonly sessionKey: string;
  readonly nowMs: number;
}

function encryptedUser({ openId, nickName, avatarUrl }: Profile, { appId, sessionKey, nowMs }: Encryption): UserInfo {
  const userInfo = { nickName, gender: 0, language: "zh_CN", city: "", province: "", country: "", avatarUrl };
  const rawData = JSON.stringify(userInfo);
  const signature = createHash("sha1")
    .update(rawData + sessionKey)
    .digest("hex");
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-128-cbc", Buffer.from(sessionKey, "base64"), iv);
  const plain = JSON.stringify({
    openId,
    ...userInfo,
    watermark: { timestamp: Math.floor(nowMs / 1000), appid: appId },
  });
  const encryptedData = cipher.update(plain, "utf8", "base64") + cipher.final("base64");
  return { userInfo, rawData, signature, encryptedData, iv: iv.toString("base64") };
}
