import { describe, expect, test } from "vitest";
import { codeToSession } from "../../src/wechat/code-to-session.ts";
import { APPLICATION, startWechat } from "./support/started-wechat.ts";

describe("codeToSession", () => {
  test("gives the user and the session key", async () => {
    await using started = await startWechat();
    const ada = started.wechat.account("o-ada", { nickName: "Ada", unionId: "u-ada" });
    const bob = started.wechat.account("o-bob");

    expect(await codeToSession(started.api, APPLICATION, ada.login())).toEqual({
      openid: "o-ada",
      unionid: "u-ada",
      sessionKey: expect.stringMatching(/^[\w+/]{22}==$/),
    });
    expect(await codeToSession(started.api, APPLICATION, bob.login())).toMatchObject({ unionid: undefined });
  });

  test("takes a code once", async () => {
    await using started = await startWechat();
    const code = started.wechat.account("o-ada").login();
    await codeToSession(started.api, APPLICATION, code);

    const second = codeToSession(started.api, APPLICATION, code);

    await expect(second).rejects.toMatchObject({ code: "invalid_code", errcode: 40163 });
    expect(started.wechat.callCount("/sns/jscode2session")).toBe(2);
  });

  test("takes a code for five minutes", async () => {
    await using started = await startWechat();
    const code = started.wechat.account("o-ada").login();
    await started.clock.advance(300_000);

    const exchange = codeToSession(started.api, APPLICATION, code);

    await expect(exchange).rejects.toMatchObject({ code: "invalid_code", errcode: 40029 });
  });

  test.each([
    ["an empty code", ""],
    ["a code of 257 characters", "x".repeat(257)],
  ])("does not bother WeChat with %s", async (_name, code) => {
    await using started = await startWechat();

    await expect(codeToSession(started.api, APPLICATION, code)).rejects.toMatchObject({ code: "invalid_code" });
    expect(started.wechat.callCount("/sns/jscode2session")).toBe(0);
  });

  test("sends the code as one parameter, whatever is in it", async () => {
    await using started = await startWechat();

    const exchange = codeToSession(started.api, APPLICATION, "1&appid=other#");

    await expect(exchange).rejects.toMatchObject({ code: "invalid_code", errcode: 40029 });
  });
});
