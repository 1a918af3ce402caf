// One client for every interface of WeChat's. All of them answer 200 and signal
// errors by a number in the body, under a content type that cannot be relied on.
// Addresses hold the application's secret or an access token, so neither an
// address nor the error of the HTTP client, which may quote it, goes any further.
import type { Clock } from "@hutong/server/plugin";
import { z } from "zod";
import { BUSY_ERRCODE, fromErrcode, WechatError } from "./wechat-error.ts";

/** The part of `fetch` that is needed. */
export type WechatFetch = (
  url: string,
  request: {
    readonly method: "GET" | "POST";
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    /** Redirects fail: what a call carries is for WeChat only. */
    readonly redirect: "error";
    readonly signal: AbortSignal;
  },
) => Promise<{ text(): Promise<string> }>;

/** Options of {@link createWechatApi}. */
export interface WechatApiOptions {
  /** Usually the global `fetch`. */
  readonly fetch: WechatFetch;
  readonly clock: Clock;
  /** Hears of calls that fail because of a configuration or a fault of ours. */
  readonly failed: (error: WechatError) => void;
  /** Without a final slash. @defaultValue `"https://api.weixin.qq.com"` */
  readonly baseUrl?: string;
  /** Time for one request and its answer, in milliseconds. @defaultValue 5_000 */
  readonly limitMs?: number;
}

/** Defaults of {@link WechatApiOptions}. */
export const DEFAULT_WECHAT_API = { baseUrl: "https://api.weixin.qq.com", limitMs: 5_000 } as const;

/** One call: what is sent, and the shape of a good answer. */
export interface WechatCall<T> {
  /** For example `/sns/jscode2session`. */
  readonly path: string;
  /** Encoded here. */
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON by POST; without one the call is a GET. */
  readonly body?: object;
  /** Reads the answer once WeChat has reported no error. */
  readonly answer: z.ZodType<T>;
}

/** Calls WeChat. */
export interface WechatApi {
  /**
   * Resolves with the answer. A busy WeChat is asked twice more; nothing else is asked again, because a login
   * code is good for one request.
   *
   * @throws {WechatError} whatever goes wrong.
   */
  call<T>(call: WechatCall<T>): Promise<T>;
}

/** Waits before WeChat is asked again, in milliseconds. */
const RETRY_DELAYS_MS = [200, 800] as const;

const REPORT = z.object({ errcode: z.number().optional() });

/** Makes a client for WeChat's interfaces. */
export function createWechatApi(options: WechatApiOptions): WechatApi {
  return {
    async call(call) {
      try {
        const answer = call.answer.safeParse(await askPatiently(call, options));
        if (answer.success) return answer.data;
        throw new WechatError("internal", call.path, { reason: "the answer has an unknown shape" });
      } catch (error) {
        if (error instanceof WechatError && error.code === "internal") options.failed(error);
        throw error;
      }
    },
  };
}

async function askPatiently(call: WechatCall<unknown>, options: WechatApiOptions): Promise<unknown> {
  for (let retryCount = 0; ; retryCount += 1) {
    const { errcode, answer } = await ask(call, options);
    if (errcode === 0) return answer;
    const delayMs = RETRY_DELAYS_MS[retryCount];
    if (errcode !== BUSY_ERRCODE || delayMs === undefined) throw fromErrcode(errcode, call.path);
    await new Promise<void>((resolve) => options.clock.after(delayMs, resolve));
  }
}

interface Reading {
  /** 0 when WeChat reports no error. */
  readonly errcode: number;
  readonly answer: unknown;
}

async function ask({ path, query, body }: WechatCall<unknown>, options: WechatApiOptions): Promise<Reading> {
  const { baseUrl, limitMs } = { ...DEFAULT_WECHAT_API, ...options };
  const late = new AbortController();
  const cancel = options.clock.after(limitMs, () => late.abort());
  const content =
    body === undefined ? { method: "GET" as const } : { method: "POST" as const, body: JSON.stringify(body) };
  try {
    const url = `${baseUrl}${path}?${new URLSearchParams(query).toString()}`;
    const headers = { "content-type": "application/json" };
    const response = await options.fetch(url, { ...content, headers, redirect: "error", signal: late.signal });
    return read(await response.text());
  } catch (cause) {
    const reason = late.signal.aborted ? `no answer within ${limitMs} ms` : `no answer of WeChat's${codeOf(cause)}`;
    throw new WechatError("unavailable", path, { reason });
  } finally {
    cancel();
  }
}

/** Throws for what is no JSON object: a page of a proxy on the way, for example. */
function read(text: string): Reading {
  const answer: unknown = JSON.parse(text);
  return { errcode: REPORT.parse(answer).errcode ?? 0, answer };
}

/** What the network says, such as ` (ECONNREFUSED)`: the one part of a cause that cannot quote the address. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  return /^[A-Z_]{1,40}$/.test(code) ? ` (${code})` : "";
}
