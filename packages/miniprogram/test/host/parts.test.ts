import { createDecipheriv, createHash } from "node:crypto";
import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { DEFAULT_DEVICE, parseDevice, systemInfoOf } from "../../src/host/device.ts";
import { pageWindowOf } from "../../src/host/page-window.ts";
import { MAX_TEMPORARY_BYTES, TemporaryFiles } from "../../src/host/temporary-files.ts";
import { UserFiles } from "../../src/host/user-files.ts";
import { WechatAccounts } from "../../src/host/wechat-accounts.ts";
import { compileFiles, onePage } from "../support/compile.ts";

describe("accounts of the runner's WeChat", () => {
  const profile = { openId: "o1", nickName: "Ada", avatarUrl: "http://a/" };

  test("a code tells a server once who the user is, within five minutes", async () => {
    const clock = new FakeClock();
    const accounts = new WechatAccounts(clock);
    const account = accounts.account(profile, "wx1");
    const [first, late] = [account.login(), account.login()];

    const answers = [accounts.exchange(first), accounts.exchange(first), accounts.exchange("made up")];
    await clock.advance(300_001);

    expect(answers[0]).toMatchObject({ openid: "o1" });
    expect(answers.slice(1)).toEqual([
      { errcode: 40_029, errmsg: "invalid code" },
      { errcode: 40_029, errmsg: "invalid code" },
    ]);
    expect(accounts.exchange(late)).toMatchObject({ errcode: 40_029 });
  });

  test("user data decrypts with the key of the session, bears the app id, and its signature holds", () => {
    const accounts = new WechatAccounts(new FakeClock(1_700_000_000_000));
    const account = accounts.account(profile, "wx1");
    const key = String(accounts.exchange(account.login())["session_key"]);
    const { encryptedData, iv, rawData, signature } = account.userInfo();

    const decipher = createDecipheriv("aes-128-cbc", Buffer.from(key, "base64"), Buffer.from(iv, "base64"));
    const plain: unknown = JSON.parse(decipher.update(encryptedData, "base64", "utf8") + decipher.final("utf8"));

    expect(plain).toMatchObject({
      openId: "o1",
      nickName: "Ada",
      watermark: { appid: "wx1", timestamp: 1_700_000_000 },
    });
    expect(signature).toBe(
      createHash("sha1")
        .update(rawData + key)
        .digest("hex"),
    );
  });
});

describe("what a mini-program reads about the phone", () => {
  test("the bars of the phone take their part of the screen", () => {
    const heights = [
      { hasNavigationBar: true, hasTabBar: true },
      { hasNavigationBar: true, hasTabBar: false },
      { hasNavigationBar: false, hasTabBar: false },
    ].map((surroundings) => systemInfoOf(DEFAULT_DEVICE, surroundings).windowHeight);

    expect(heights).toEqual([669, 753, 844]);
  });

  test("a phone that says nonsense is the default one", () => {
    expect(parseDevice({ width: "wide", theme: "blue", height: Number.NaN })).toEqual(DEFAULT_DEVICE);
    expect(parseDevice(undefined)).toEqual(DEFAULT_DEVICE);
  });

  test("settings of a page come before those of the app, and names of the theme have values", async () => {
    const project = await compileFiles({
      ...onePage({ wxml: "", json: '{"navigationBarTitleText":"Own"}' }),
      "app.json":
        '{"pages":["pages/index/index"],"darkmode":true,"window":{"navigationBarTitleText":"App","navigationBarBackgroundColor":"@bar","navigationBarTextStyle":"black"}}',
      "theme.json": '{"light":{"bar":"#fff"},"dark":{"bar":"#111"}}',
    });

    expect(pageWindowOf(project, "pages/index/index", "light")).toMatchObject({
      title: "Own",
      barColor: "#fff",
      barTextStyle: "black",
    });
    expect(pageWindowOf(project, "pages/index/index", "dark").barColor).toBe("#111");
  });
});

describe("temporary files", () => {
  test("have unguessable paths with an extension, and a limit", () => {
    const files = new TemporaryFiles(new UserFiles());
    const path = files.add({ bytes: new Uint8Array([1]), type: "image/png" });

    expect(path).toMatch(/^http:\/\/tmp\/[0-9a-f]{24}\.png$/);
    expect(files.get(path)?.bytes).toEqual(new Uint8Array([1]));
    expect(files.add({ bytes: new Uint8Array([1]), type: "constructor" })).toMatch(/^http:\/\/tmp\/[0-9a-f]{24}$/);
    expect(() => files.add({ bytes: new Uint8Array(MAX_TEMPORARY_BYTES), type: "" })).toThrow(
      "the temporary files are full",
    );
  });
});
