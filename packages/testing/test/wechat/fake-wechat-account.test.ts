import { createDecipheriv, createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { FakeWechatAccount } from "../../src/wechat/fake-wechat-account.ts";
import { CREDENTIALS, startWechatCaller, type WechatCaller } from "./wechat-caller.ts";

async function sessionKeyOf(caller: WechatCaller, account: FakeWechatAccount): Promise<string> {
  const answer = await caller.exchange(account.login());
  return String(new Map(Object.entries(answer ?? {})).get("session_key"));
}

describe("an account of the fake WeChat", () => {
  test("is known by its openid, and by its unionid where it has one", async () => {
    await using caller = await startWechatCaller();
    const ada = caller.wechat.account("o-ada", { nickName: "Ada", unionId: "u-ada" });
    const bob = caller.wechat.account("o-bob", { nickName: "Bob" });

    expect(await caller.exchange(ada.login())).toEqual({
      openid: "o-ada",
      unionid: "u-ada",
      session_key: expect.stringMatching(/^[\w+/]{22}==$/),
    });
    expect(await caller.exchange(bob.login())).not.toHaveProperty("unionid");
  });

  test("is one account per openid, whose profile may change", async () => {
    await using caller = await startWechatCaller();
    const ada = caller.wechat.account("o-ada", { nickName: "Ada" });

    expect(caller.wechat.account("o-ada")).toBe(ada);
    expect(ada.userInfo().userInfo.nickName).toBe("Ada");
    expect(caller.wechat.account("o-ada", { nickName: "Ada L." }).userInfo().userInfo.nickName).toBe("Ada L.");
  });

  test("makes codes that are good once", async () => {
    await using caller = await startWechatCaller();
    const code = caller.wechat.account("o-ada").login();

    expect(await caller.exchange(code)).toMatchObject({ openid: "o-ada" });
    expect(await caller.exchange(code)).toMatchObject({ errcode: 40163 });
    expect(await caller.exchange("never-made")).toMatchObject({ errcode: 40029 });
  });

  test("makes codes that are good for five minutes", async () => {
    await using caller = await startWechatCaller();
    const [early, late] = [caller.wechat.account("o-ada").login(), caller.wechat.account("o-bob").login()];

    await caller.clock.advance(299_999);
    expect(await caller.exchange(early)).toMatchObject({ openid: "o-ada" });
    await caller.clock.advance(1);
    expect(await caller.exchange(late)).toMatchObject({ errcode: 40029 });
  });

  test.each([
    ["appid=wx-other&secret=a-secret&js_code=1", 40013],
    ["appid=wx-test&secret=b-secret&js_code=1", 40125],
    ["secret=a-secret&js_code=1", 41002],
    ["appid=wx-test&js_code=1", 41004],
    [`${CREDENTIALS}&grant_type=authorization_code`, 41008],
    [`${CREDENTIALS}&js_code=1`, 40002],
  ])("exchanges nothing for %s", async (query, errcode) => {
    await using caller = await startWechatCaller();

    expect(await caller.get(`/sns/jscode2session?${query}`)).toMatchObject({ errcode });
  });

  test("signs its user info with the key of the newest session", async () => {
    await using caller = await startWechatCaller();
    const ada = caller.wechat.account("o-ada", { nickName: "Ada" });
    const oldKey = await sessionKeyOf(caller, ada);
    const key = await sessionKeyOf(caller, ada);

    const { rawData, signature, userInfo } = ada.userInfo();

    expect(JSON.parse(rawData)).toEqual(userInfo);
    expect(signature).toBe(createHash("sha1").update(`${rawData}${key}`).digest("hex"));
    expect(signature).not.toBe(createHash("sha1").update(`${rawData}${oldKey}`).digest("hex"));
  });

  test("encrypts its user info with a watermark", async () => {
    await using caller = await startWechatCaller();
    const ada = caller.wechat.account("o-ada", { nickName: "阿达", avatarUrl: "https://example.com/a.png" });
    const key = await sessionKeyOf(caller, ada);

    const { encryptedData, iv } = ada.userInfo();
    const decipher = createDecipheriv("aes-128-cbc", Buffer.from(key, "base64"), Buffer.from(iv, "base64"));
    const plain: unknown = JSON.parse(decipher.update(encryptedData, "base64", "utf8") + decipher.final("utf8"));

    expect(plain).toEqual({
      openId: "o-ada",
      nickName: "阿达",
      gender: 0,
      language: "zh_CN",
      city: "",
      province: "",
      country: "",
      avatarUrl: "https://example.com/a.png",
      watermark: { appid: "wx-test", timestamp: 1_700_000_000 },
    });
  });

  test("has a valid session from its first login until the session ends", async () => {
    await using caller = await startWechatCaller();
    const ada = caller.wechat.account("o-ada");

    const before = ada.isSessionValid();
    ada.login();
    const during = ada.isSessionValid();
    ada.expireSession();

    expect([before, during, ada.isSessionValid()]).toEqual([false, true, false]);
  });
});
