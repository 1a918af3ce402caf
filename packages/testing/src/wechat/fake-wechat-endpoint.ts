/** A request to the fake WeChat, read as far as every endpoint needs it. */
export interface FakeWechatRequest {
  /** In capitals. */
  readonly method: string;
  /** Decoded. */
  readonly query: URLSearchParams;
  /** Fields of a JSON body; `undefined` where the body is no JSON object. */
  readonly fields: ReadonlyMap<string, unknown> | undefined;
}

/** The JSON object that answers a request. */
export type FakeWechatAnswer = Readonly<Record<string, unknown>>;

/** Answers the requests of one path. */
export type FakeWechatEndpoint = (request: FakeWechatRequest) => FakeWechatAnswer;

/** What WeChat says about its own errors. */
const ERROR_TEXTS: ReadonlyMap<number, string> = new Map([
  [-1, "system error"],
  [40001, "invalid credential, access_token is invalid or not latest"],
  [40002, "invalid grant_type"],
  [40003, "invalid openid"],
  [40004, "invalid media type"],
  [40013, "invalid appid"],
  [40014, "invalid access_token"],
  [40029, "invalid code"],
  [40037, "invalid template_id"],
  [40066, "invalid url"],
  [40125, "invalid appsecret"],
  [40129, "invalid scene"],
  [40163, "code been used"],
  [40226, "code blocked"],
  [41001, "access_token missing"],
  [41002, "appid missing"],
  [41004, "appsecret missing"],
  [41008, "missing code"],
  [41030, "invalid page"],
  [42001, "access_token expired"],
  [43002, "require POST method"],
  [43101, "user refuse to accept the msg"],
  [43302, "require POST method"],
  [44002, "empty post data"],
  [45002, "content size out of limit"],
  [45009, "reach max api daily quota limit"],
  [45011, "api minute-quota reach limit, mustslower, retry next minute"],
  [47001, "data format error"],
  [47003, "argument invalid"],
  [61010, "code is expired"],
]);

/** An answer that reports an error, worded as WeChat words it. */
export function wechatFailure(errcode: number): FakeWechatAnswer {
  const text = ERROR_TEXTS.get(errcode) ?? "unknown error";
  return { errcode, errmsg: `${text}, rid: 65f0-fake-${String(errcode)}` };
}

/** The text of a body's field; `""` where there is none. */
export function textField({ fields }: FakeWechatRequest, name: string): string {
  const value = fields?.get(name);
  return typeof value === "string" ? value : "";
}

/** Reads a body; `undefined` when it is no JSON object. */
export function readFields(body: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  } catch {
    // JSON.parse throws for what is no JSON.
  }
  return undefined;
}
