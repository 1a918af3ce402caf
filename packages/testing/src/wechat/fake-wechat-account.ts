import { createCipheriv, createHash, randomBytes } from "node:crypto";
import type { Clock } from "@hutong/server/plugin";
import type { WechatAccount, WechatSignedUserInfo, WechatUserInfo } from "./wechat-account.ts";

/** What an account shows of itself. */
export interface WechatProfile {
  /** Chosen by the person; not unique. */
  readonly nickName: string;
  /** @defaultValue `""` */
  readonly avatarUrl?: string;
  /** Given where the application is bound to an Open Platform account. @defaultValue none */
  readonly unionId?: string;
}

/** What an account needs of the cloud it belongs to. */
export interface FakeWechatAccountParts {
  /** Stands in the watermark of what the account encrypts. */
  readonly appId: string;
  /** Decides the time of watermarks. */
  readonly clock: Clock;
  /** Makes a code that stands for the session. */
  readonly issueCode: (session: WechatLoginSession) => string;
}

/** What a code is exchanged for. */
export interface WechatLoginSession {
  /** Who logged in. */
  readonly account: FakeWechatAccount;
  /** 16 bytes in Base64. */
  readonly sessionKey: string;
}

const KEY_BYTES = 16;

/** An account of the fake WeChat, signed in on one phone. Signatures and ciphertexts are computed, not canned. */
export class FakeWechatAccount implements WechatAccount {
  readonly openid: string;
  /** May be changed; the next `userInfo` has it. */
  profile: WechatProfile;
  readonly #parts: FakeWechatAccountParts;
  #sessionKey = newSessionKey();
  #isSessionValid = false;
  #activeAtMs = -Infinity;

  constructor(openid: string, profile: WechatProfile, parts: FakeWechatAccountParts) {
    this.openid = openid;
    this.profile = profile;
    this.#parts = parts;
  }

  /** When the person last logged in, in milliseconds since 1970; `-Infinity` before the first time. */
  get activeAtMs(): number {
    return this.#activeAtMs;
  }

  login(): string {
    this.#sessionKey = newSessionKey();
    this.#isSessionValid = true;
    this.#activeAtMs = this.#parts.clock.now();
    return this.#parts.issueCode({ account: this, sessionKey: this.#sessionKey });
  }

  userInfo(): WechatSignedUserInfo {
    const { avatarUrl = "", nickName, unionId } = this.profile;
    const region = { city: "", province: "", country: "" };
    const userInfo: WechatUserInfo = { nickName, gender: 0, language: "zh_CN", ...region, avatarUrl };
    const rawData = JSON.stringify(userInfo);
    const watermark = { timestamp: Math.floor(this.#parts.clock.now() / 1_000), appid: this.#parts.appId };
    const plain = { openId: this.openid, ...userInfo, ...(unionId !== undefined && { unionId }), watermark };
    const signature = createHash("sha1").update(`${rawData}${this.#sessionKey}`).digest("hex");
    return { userInfo, rawData, signature, ...encrypt(JSON.stringify(plain), this.#sessionKey) };
  }

  isSessionValid(): boolean {
    return this.#isSessionValid;
  }

  /** Ends the session, as WeChat does with one that was not used for long. */
  expireSession(): void {
    this.#isSessionValid = false;
    this.#sessionKey = newSessionKey();
  }
}

function newSessionKey(): string {
  return randomBytes(KEY_BYTES).toString("base64");
}

function encrypt(text: string, sessionKey: string): { readonly encryptedData: string; readonly iv: string } {
  const iv = randomBytes(KEY_BYTES);
  const cipher = createCipheriv("aes-128-cbc", Buffer.from(sessionKey, "base64"), iv);
  const encrypted = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return { encryptedData: encrypted.toString("base64"), iv: iv.toString("base64") };
}
