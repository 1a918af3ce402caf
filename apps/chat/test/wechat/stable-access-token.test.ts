import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type AccessTokenStore, MemoryAccessTokenStore } from "../../src/wechat/access-token-store.ts";
import { StableAccessToken } from "../../src/wechat/stable-access-token.ts";
import type { WechatCall } from "../../src/wechat/wechat-api.ts";
import { APPLICATION, type StartedWechat, startWechat } from "./support/started-wechat.ts";

const PATH = "/cgi-bin/stable_token";

const CHECK: WechatCall<{ errcode: number }> = {
  path: "/wxa/msg_sec_check",
  body: { version: 2, openid: "o-ada", scene: 2, content: "hello" },
  answer: z.object({ errcode: z.number() }),
};

function processOf(
  { api, clock }: StartedWechat,
  store: AccessTokenStore = new MemoryAccessTokenStore(),
): StableAccessToken {
  return new StableAccessToken({ api, application: APPLICATION, store, clock });
}

describe("StableAccessToken", () => {
  test("fetches a token once for calls at the same time, and keeps it", async () => {
    await using started = await startWechat();
    started.wechat.account("o-ada").login();
    const api = processOf(started);

    await Promise.all([api.call(CHECK), api.call(CHECK), api.call(CHECK)]);
    await api.call(CHECK);

    expect(started.wechat.callCount(PATH)).toBe(1);
    expect(started.wechat.callCount("/wxa/msg_sec_check")).toBe(4);
  });

  test("shares the token of the store with other processes", async () => {
    await using started = await startWechat();
    started.wechat.account("o-ada").login();
    const store = new MemoryAccessTokenStore();

    await processOf(started, store).call(CHECK);
    await processOf(started, store).call(CHECK);

    expect(started.wechat.callCount(PATH)).toBe(1);
  });

  test("fetches the next token four minutes before the end of the old one", async () => {
    await using started = await startWechat();
    const ada = started.wechat.account("o-ada");
    ada.login();
    const store = new MemoryAccessTokenStore();
    const api = processOf(started, store);
    await api.call(CHECK);
    const first = await store.read("wx-test");

    await started.clock.advance(6_959_999);
    ada.login();
    await api.call(CHECK);
    const early = started.wechat.callCount(PATH);
    await started.clock.advance(1);
    await api.call(CHECK);
    const second = await store.read("wx-test");

    expect([early, started.wechat.callCount(PATH)]).toEqual([1, 2]);
    expect(first?.expiresAtMs).toBe(1_700_007_200_000);
    expect(second?.expiresAtMs).toBe(1_700_014_160_000);
    expect(second?.token).not.toBe(first?.token);
  });

  test("goes on with the old token to its end when no new one can be had", async () => {
    await using started = await startWechat();
    const ada = started.wechat.account("o-ada");
    ada.login();
    const api = processOf(started);
    await api.call(CHECK);
    await started.clock.advance(7_199_999);
    ada.login();
    started.wechat.failNext({ kind: "errcode", errcode: 45009 }, { path: PATH, times: 2 });

    expect(await api.call(CHECK)).toEqual({ errcode: 0 });
    await started.clock.advance(1);

    await expect(api.call(CHECK)).rejects.toMatchObject({ code: "rate_limited" });
  });

  test.each([40001, 40014, 42001])("replaces a token that WeChat rejects with %i, and calls again", async (errcode) => {
    await using started = await startWechat();
    started.wechat.account("o-ada").login();
    const api = processOf(started);
    await api.call(CHECK);
    started.wechat.failNext({ kind: "errcode", errcode }, { path: "/wxa/msg_sec_check" });

    expect(await api.call(CHECK)).toEqual({ errcode: 0 });
    expect(started.wechat.callCount(PATH)).toBe(2);
  });

  test("replaces a token once per call", async () => {
    await using started = await startWechat();
    started.wechat.account("o-ada").login();
    const api = processOf(started);
    started.wechat.failNext({ kind: "errcode", errcode: 40001 }, { path: "/wxa/msg_sec_check", times: 5 });

    await expect(api.call(CHECK)).rejects.toMatchObject({ code: "token_rejected", errcode: 40001 });
    expect(started.wechat.callCount("/wxa/msg_sec_check")).toBe(2);
    expect(started.wechat.callCount(PATH)).toBe(2);
  });

  test("takes the token that another process has fetched meanwhile", async () => {
    await using started = await startWechat();
    started.wechat.account("o-ada").login();
    const other = new MemoryAccessTokenStore();
    await processOf(started, other).call(CHECK);
    const store = new MemoryAccessTokenStore();
    await store.write("wx-test", { token: "81_old", expiresAtMs: started.clock.now() + 7_000_000 });
    const reads = [store, other];
    const api = processOf(started, {
      read: async (appId) => reads.shift()?.read(appId),
      write: async () => expect.unreachable("there is nothing new to write"),
    });

    expect(await api.call(CHECK)).toEqual({ errcode: 0 });
    expect(started.wechat.callCount(PATH)).toBe(1);
  });

  test("tries again after a fetch that failed", async () => {
    await using started = await startWechat();
    started.wechat.account("o-ada").login();
    const api = processOf(started);
    started.wechat.failNext({ kind: "cut" });

    await expect(api.call(CHECK)).rejects.toMatchObject({ code: "unavailable" });
    expect(await api.call(CHECK)).toEqual({ errcode: 0 });
  });
});
