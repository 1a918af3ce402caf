import { createFakeWechat, eventually, FakeClock, type FakeWechat } from "@hutong/testing";
import { createWechatApi, type WechatApi, type WechatApiOptions } from "../../../src/wechat/wechat-api.ts";
import type { WechatError } from "../../../src/wechat/wechat-error.ts";

/** WeChat in the tests' own hands, and our client of it. */
export interface StartedWechat extends AsyncDisposable {
  readonly wechat: FakeWechat;
  /** WeChat's time. */
  readonly clock: FakeClock;
  /** Our client's time, for time limits and waits. */
  readonly apiClock: FakeClock;
  readonly api: WechatApi;
  /** What our client complained about. */
  readonly failures: WechatError[];
  /** Lets our client's time pass in steps of 100 ms until the promise has settled, and gives what it came to. */
  settled<T>(promise: Promise<T>): Promise<T>;
}

export const APPLICATION = { appId: "wx-test", appSecret: "a-secret" } as const;

/** Starts both. There is no time limit but that of the options, so that a slow machine meets none. */
export async function startWechat(options: Partial<WechatApiOptions> = {}): Promise<StartedWechat> {
  const [clock, apiClock] = [new FakeClock(), new FakeClock()];
  const wechat = createFakeWechat({ ...APPLICATION, clock });
  const failures: WechatError[] = [];
  const failed = (error: WechatError): void => void failures.push(error);
  const baseUrl = await wechat.listen();
  const api = createWechatApi({ fetch, clock: apiClock, failed, baseUrl, limitMs: 1e9, ...options });
  return {
    wechat,
    clock,
    apiClock,
    api,
    failures,
    async settled(promise) {
      let isSettled = false;
      const noted = promise.finally(() => (isSettled = true));
      noted.catch(() => {}); // whoever asked gets the rejection of `promise`
      await eventually(async () => {
        await apiClock.advance(100);
        return isSettled;
      });
      return promise;
    },
    [Symbol.asyncDispose]: () => wechat.close(),
  };
}
