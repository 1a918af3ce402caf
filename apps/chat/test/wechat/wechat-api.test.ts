import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createWechatApi, type WechatCall } from "../../src/wechat/wechat-api.ts";
import { WechatError } from "../../src/wechat/wechat-error.ts";
import { APPLICATION, startWechat } from "./support/started-wechat.ts";

const PATH = "/sns/jscode2session";

function login(code: string): WechatCall<{ openid: string }> {
  const query = { appid: APPLICATION.appId, secret: APPLICATION.appSecret, js_code: code };
  return {
    path: PATH,
    query: { ...query, grant_type: "authorization_code" },
    answer: z.object({ openid: z.string() }),
  };
}

describe("the WeChat client", () => {
  test("resolves with the answer, which comes as plain text", async () => {
    await using started = await startWechat();
    const code = started.wechat.account("o-ada").login();

    expect(await started.api.call(login(code))).toEqual({ openid: "o-ada" });
    expect(started.apiClock.timerCount).toBe(0);
  });

  test("asks a busy WeChat three times, after 200 and 800 ms", async () => {
    await using started = await startWechat();
    const code = started.wechat.account("o-ada").login();
    started.wechat.failNext({ kind: "errcode", errcode: -1 }, { times: 2 });
    const startedAtMs = started.apiClock.now();

    const answer = await started.settled(started.api.call(login(code)));

    expect(answer).toEqual({ openid: "o-ada" });
    expect(started.wechat.callCount(PATH)).toBe(3);
    expect(started.apiClock.now() - startedAtMs).toBeGreaterThanOrEqual(1_000);
  });

  test("gives up on a WeChat that stays busy", async () => {
    await using started = await startWechat();
    started.wechat.failNext({ kind: "errcode", errcode: -1 }, { times: 9 });

    const call = started.settled(started.api.call(login("code")));

    await expect(call).rejects.toMatchObject({ code: "unavailable", errcode: -1, retryable: true });
    expect(started.wechat.callCount(PATH)).toBe(3);
    expect(started.apiClock.timerCount).toBe(0);
  });

  test.each([
    [40029, "invalid_code", false],
    [40163, "invalid_code", false],
    [45011, "rate_limited", true],
    [45009, "rate_limited", true],
    [40226, "forbidden", false],
    [40001, "token_rejected", true],
    [40014, "token_rejected", true],
    [42001, "token_rejected", true],
    [40003, "user_unreachable", false],
    [61010, "user_unreachable", false],
    [43101, "not_subscribed", false],
  ])("rejects %i as %s and asks once", async (errcode, code, retryable) => {
    await using started = await startWechat();
    started.wechat.failNext({ kind: "errcode", errcode });

    await expect(started.api.call(login("code"))).rejects.toMatchObject({ code, errcode, retryable });
    expect(started.wechat.callCount(PATH)).toBe(1);
    expect(started.failures).toEqual([]);
  });

  test.each([40013, 40125, 41002, 41004, 41008, 47001, 99999])(
    "rejects %i as internal and complains, without the secret",
    async (errcode) => {
      await using started = await startWechat();
      started.wechat.failNext({ kind: "errcode", errcode });

      await expect(started.api.call(login("a-code"))).rejects.toMatchObject({ code: "internal", errcode });

      expect(started.failures.map(({ message }) => message)).toEqual([
        `WeChat's /sns/jscode2session failed: internal (${errcode})`,
      ]);
    },
  );

  test("complains about an answer of an unknown shape", async () => {
    await using started = await startWechat();
    const code = started.wechat.account("o-ada").login();
    const call = { ...login(code), answer: z.object({ phone: z.string() }) };

    await expect(started.api.call(call)).rejects.toMatchObject({ code: "internal", errcode: undefined });
    const [complaint] = started.failures;
    expect(complaint?.message).toContain("the answer has an unknown shape");
    expect(complaint?.message).not.toContain("o-ada");
  });

  test("takes a torn connection and a proxy's page for a WeChat out of reach", async () => {
    await using started = await startWechat();
    started.wechat.failNext({ kind: "cut" });
    started.wechat.failNext({ kind: "bad_gateway" });

    await expect(started.api.call(login("code"))).rejects.toMatchObject({ code: "unavailable", errcode: undefined });
    await expect(started.api.call(login("code"))).rejects.toMatchObject({ code: "unavailable", errcode: undefined });
    expect(started.wechat.callCount(PATH)).toBe(2);
  });

  test("says what the network says of a WeChat that does not listen", async () => {
    await using started = await startWechat();
    await started.wechat.close();

    await expect(started.api.call(login("code"))).rejects.toThrow(
      "WeChat's /sns/jscode2session failed: no answer of WeChat's (ECONNREFUSED)",
    );
  });

  test("waits as long as its limit", async () => {
    await using started = await startWechat({ limitMs: 5_000 });
    started.wechat.failNext({ kind: "hang" });
    const call = started.api.call(login("code"));
    const rejection = expect(call).rejects.toThrow("WeChat's /sns/jscode2session failed: no answer within 5000 ms");
    await eventually(() => started.wechat.callCount(PATH) === 1);

    await started.apiClock.advance(4_999);
    expect(started.apiClock.timerCount).toBe(1);
    await started.apiClock.advance(1);

    await rejection;
  });

  test("quotes no address in its errors, whatever fetch says", async () => {
    await using started = await startWechat({
      fetch: (url) => Promise.reject(new TypeError(`Failed to parse URL from ${url}`)),
    });

    const error: unknown = await started.api.call(login("a-code")).catch((cause: unknown) => cause);

    expect(error).toBeInstanceOf(WechatError);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/a-secret|a-code/);
  });

  test("follows no redirect", async () => {
    await using started = await startWechat();
    let mode: string | undefined;
    const { apiClock: clock } = started;
    const api = createWechatApi({
      clock,
      failed: () => {},
      fetch: (url, request) => {
        mode = request.redirect;
        return fetch(url.replace("https://api.weixin.qq.com", started.wechat.url), request);
      },
    });
    const code = started.wechat.account("o-ada").login();

    expect(await api.call(login(code))).toEqual({ openid: "o-ada" });
    expect(mode).toBe("error");
  });
});
