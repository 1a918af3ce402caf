/** What callers branch on when WeChat does not do what it was asked. */
export const WECHAT_ERROR_CODES = {
  unavailable: { retryable: true, summary: "WeChat is busy, late or out of reach." },
  rate_limited: { retryable: true, summary: "WeChat wants fewer calls." },
  invalid_code: { retryable: false, summary: "The login code is unknown, used or too old; the client logs in again." },
  forbidden: { retryable: false, summary: "WeChat bars this user." },
  token_rejected: { retryable: true, summary: "WeChat does not take the access token any more." },
  user_unreachable: { retryable: false, summary: "WeChat knows no such user, or has not seen the user lately." },
  not_subscribed: { retryable: false, summary: "The user allows no further message of this template." },
  internal: { retryable: false, summary: "The call or its configuration is wrong; the log has WeChat's number." },
} as const satisfies Record<string, { retryable: boolean; summary: string }>;

/** A code of {@link WECHAT_ERROR_CODES}. */
export type WechatErrorCode = keyof typeof WECHAT_ERROR_CODES;

/** WeChat's busy answer, the only one that is asked again. */
export const BUSY_ERRCODE = -1;

/** A number that is not listed is `internal`. */
const CODES: ReadonlyMap<number, WechatErrorCode> = new Map([
  [BUSY_ERRCODE, "unavailable"],
  [40029, "invalid_code"],
  [40163, "invalid_code"],
  [45009, "rate_limited"],
  [45011, "rate_limited"],
  [40226, "forbidden"],
  [40001, "token_rejected"],
  [40014, "token_rejected"],
  [42001, "token_rejected"],
  [40003, "user_unreachable"],
  [61010, "user_unreachable"],
  [43101, "not_subscribed"],
]);

/** Options of {@link WechatError}. */
export interface WechatErrorOptions {
  /** WeChat's own number, where it gave one. */
  readonly errcode?: number;
  /** What went wrong where WeChat gave no number; never the address of the call, which holds secrets. */
  readonly reason?: string;
}

/** A call to WeChat did not succeed. Its text holds neither secrets nor what users sent. */
export class WechatError extends Error {
  override readonly name = "WechatError";
  readonly code: WechatErrorCode;
  /** WeChat's own number; `undefined` when no answer of WeChat's came. */
  readonly errcode: number | undefined;
  /** Whether the same call can succeed later. */
  readonly retryable: boolean;

  constructor(code: WechatErrorCode, path: string, { errcode, reason }: WechatErrorOptions = {}) {
    super(`WeChat's ${path} failed: ${reason ?? (errcode === undefined ? code : `${code} (${errcode})`)}`);
    this.code = code;
    this.errcode = errcode;
    this.retryable = WECHAT_ERROR_CODES[code].retryable;
  }
}

/** The error that stands for a number of WeChat's. */
export function fromErrcode(errcode: number, path: string): WechatError {
  return new WechatError(CODES.get(errcode) ?? "internal", path, { errcode });
}
