import type { WxFailure } from "./wx.ts";

/** Every failure of WeChat that the client tells apart. Codes are API: never renamed, never reused. */
export const WECHAT_ERROR_CODES = {
  too_many_tasks: { retryable: true, words: "exceed max task count" },
  interrupted: { retryable: true, words: "interrupted" },
  timed_out: { retryable: true, words: "time" },
  aborted: { retryable: false, words: "abort" },
  domain_not_listed: { retryable: false, words: "not in domain list" },
  value_too_large: { retryable: false, words: "entry size limit" },
  storage_full: { retryable: true, words: "storage max size" },
  login_refused: { retryable: false, words: undefined },
  failed: { retryable: true, words: undefined },
} as const satisfies Record<string, { readonly retryable: boolean; readonly words: string | undefined }>;

/** A row of {@link WECHAT_ERROR_CODES}. */
export type WechatErrorCode = keyof typeof WECHAT_ERROR_CODES;

/** WeChat did not do what it was asked for. Callers branch on `code`. */
export class WechatError extends Error {
  override readonly name = "WechatError";
  readonly code: WechatErrorCode;
  /** Whether the same call can succeed later. */
  readonly retryable: boolean;

  constructor(code: WechatErrorCode, message: string) {
    super(message);
    this.code = code;
    this.retryable = WECHAT_ERROR_CODES[code].retryable;
  }
}

/** Makes the error that a failure means. WeChat's words differ between versions, so a part of them decides. */
export function toWechatError({ errMsg }: WxFailure): WechatError {
  const text = errMsg.toLowerCase();
  for (const [code, { words }] of Object.entries(WECHAT_ERROR_CODES))
    // The keys of the table are its codes.
    if (words !== undefined && text.includes(words)) return new WechatError(code as WechatErrorCode, errMsg);
  return new WechatError("failed", errMsg);
}
