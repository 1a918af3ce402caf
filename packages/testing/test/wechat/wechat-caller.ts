import { FakeClock } from "../../src/fake-clock.ts";
import { createFakeWechat, type FakeWechat } from "../../src/wechat/fake-wechat.ts";

/** A fake WeChat that listens, and somebody who calls it. */
export interface WechatCaller extends AsyncDisposable {
  readonly wechat: FakeWechat;
  readonly clock: FakeClock;
  get(pathAndQuery: string): Promise<unknown>;
  post(pathAndQuery: string, body: unknown): Promise<unknown>;
  /** Exchanges a code with good credentials. */
  exchange(code: string): Promise<unknown>;
  /** A new token of `/cgi-bin/stable_token`. */
  token(): Promise<string>;
}

export const CREDENTIALS = "appid=wx-test&secret=a-secret";

export async function startWechatCaller(): Promise<WechatCaller> {
  const clock = new FakeClock();
  const wechat = createFakeWechat({ appId: "wx-test", appSecret: "a-secret", clock });
  const url = await wechat.listen();
  const read = async (response: Response): Promise<unknown> => response.json();
  const caller: WechatCaller = {
    wechat,
    clock,
    get: async (pathAndQuery) => read(await fetch(`${url}${pathAndQuery}`)),
    post: async (pathAndQuery, body) =>
      read(await fetch(`${url}${pathAndQuery}`, { method: "POST", body: JSON.stringify(body) })),
    exchange: (code) => caller.get(`/sns/jscode2session?${CREDENTIALS}&js_code=${code}&grant_type=authorization_code`),
    token: async () => {
      const body = { grant_type: "client_credential", appid: "wx-test", secret: "a-secret" };
      const answer = await caller.post("/cgi-bin/stable_token", body);
      return String(new Map(Object.entries(answer ?? {})).get("access_token"));
    },
    [Symbol.asyncDispose]: () => wechat.close(),
  };
  return caller;
}
