import { toWechatError } from "./wechat-error.ts";
import { resolveWx, type Wx, type WxRequestOptions, type WxResponse } from "./wx.ts";

/** A request as an application makes it. */
export interface WechatRequest {
  /** An absolute address. */
  readonly url: string;
  /** WeChat has no PATCH. @defaultValue `"GET"` */
  readonly method?: WxRequestOptions["method"];
  /** Header names and values. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A JSON value; not with `GET`. @defaultValue no body */
  readonly body?: unknown;
  /** Time that the answer may take, in milliseconds. @defaultValue that of `app.json`, a minute at first */
  readonly timeoutMs?: number;
  /** @defaultValue WeChat's own. */
  readonly wx?: Wx;
}

/** An answer of a server, whatever its status. */
export interface WechatResponse {
  /** HTTP status. */
  readonly status: number;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** The JSON value of the body; its text when it is none. */
  readonly body: unknown;
}

/**
 * Sends a request. Resolves with the answer, also with one of status 500.
 *
 * @throws {WechatError} `interrupted` when the mini-program was frozen meanwhile, `timed_out`, `too_many_tasks`,
 * `domain_not_listed`, `failed`.
 */
export function sendRequest(request: WechatRequest): Promise<WechatResponse> {
  const { url, method = "GET", headers = {}, body, timeoutMs } = request;
  const wx = resolveWx(request.wx);
  return new Promise((resolve, reject) => {
    wx.request({
      url,
      method,
      header: body === undefined ? headers : { "content-type": "application/json", ...headers },
      ...(body !== undefined && { data: JSON.stringify(body) }),
      ...(timeoutMs !== undefined && { timeout: timeoutMs }),
      success: (response) => resolve(readResponse(response)),
      fail: (failure) => reject(toWechatError(failure)),
    });
  });
}

/** Makes the answer of what WeChat gives, in which header names have any case and the body may be parsed or not. */
export function readResponse({ statusCode, header = {}, data }: WxResponse): WechatResponse {
  const headers = Object.entries(header).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return { status: statusCode, headers: new Map(headers), body: typeof data === "string" ? parse(data) : data };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Only a SyntaxError can come here: the body is a text of its own.
    return text;
  }
}
