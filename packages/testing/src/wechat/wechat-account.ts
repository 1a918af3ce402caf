/** What WeChat tells an application about a person. Region and gender have been empty since 2022. */
export interface WechatUserInfo {
  /** Chosen by the person; not unique. */
  readonly nickName: string;
  /** `""` for none. */
  readonly avatarUrl: string;
  /** 0 unknown, 1 male, 2 female. */
  readonly gender: number;
  /** `""` since 2022. */
  readonly city: string;
  /** `""` since 2022. */
  readonly province: string;
  /** `""` since 2022. */
  readonly country: string;
  /** For example `zh_CN`. */
  readonly language: string;
}

/** The answer of `wx.getUserInfo`. */
export interface WechatSignedUserInfo {
  /** What the mini-program may show; nothing vouches for it. */
  readonly userInfo: WechatUserInfo;
  /** `userInfo` as the JSON text that was signed. */
  readonly rawData: string;
  /** SHA-1 of `rawData` and the session key, in hexadecimal. */
  readonly signature: string;
  /** User info, openid and watermark, encrypted with the session key; Base64. */
  readonly encryptedData: string;
  /** Initial vector of `encryptedData`; Base64. */
  readonly iv: string;
}

/** A person who is signed in to WeChat on one phone: what a fake `wx` asks when a mini-program logs in. */
export interface WechatAccount {
  /** Makes a code for `wx.login`. It can be used once within five minutes, and ends the session before it. */
  login(): string;
  /** Answers `wx.getUserInfo`, signed and encrypted with the key of the newest session. */
  userInfo(): WechatSignedUserInfo;
  /** Answers `wx.checkSession`: `false` before the first login and once the session has ended. */
  isSessionValid(): boolean;
}
