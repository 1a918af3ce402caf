import { createCipheriv } from "node:crypto";
import { FakeClock, createFakeWechat } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { decryptUserData, type EncryptedUserData } from "../../src/wechat/encrypted-data.ts";
import { codeToSession } from "../../src/wechat/code-to-session.ts";
import { APPLICATION, startWechat } from "./support/started-wechat.ts";

const SESSION_KEY = "AAECAwQFBgcICQoLDA0ODw==";
const IV = "Dw4NDAsKCQgHBgUEAwIBAA==";
const NOW_MS = 1_700_000_000_000;
const CONTEXT = { appId: "wx-test", openid: "o-ada", sessionKey: SESSION_KEY, nowMs: NOW_MS };

const PLAIN = {
  openId: "o-ada",
  nickName: "Ada",
  avatarUrl: "",
  watermark: { appid: "wx-test", timestamp: 1_700_000_000 },
};

function encrypt(text: string): EncryptedUserData {
  const cipher = createCipheriv("aes-128-cbc", Buffer.from(SESSION_KEY, "base64"), Buffer.from(IV, "base64"));
  return { encryptedData: cipher.update(text, "utf8", "base64") + cipher.final("base64"), iv: IV };
}

describe("decryptUserData", () => {
  test("reads what a phone sends", async () => {
    await using started = await startWechat();
    const ada = started.wechat.account("o-ada", { nickName: "阿达", avatarUrl: "https://example.com/a.png" });
    const { openid, sessionKey } = await codeToSession(started.api, APPLICATION, ada.login());

    const data = decryptUserData(ada.userInfo(), { appId: "wx-test", openid, sessionKey, nowMs: NOW_MS });

    expect(data).toEqual({
      openid: "o-ada",
      unionid: undefined,
      nickName: "阿达",
      avatarUrl: "https://example.com/a.png",
    });
  });

  test("refuses what was encrypted for the session before", async () => {
    await using started = await startWechat();
    const ada = started.wechat.account("o-ada");
    const { openid, sessionKey } = await codeToSession(started.api, APPLICATION, ada.login());
    ada.login();

    expect(decryptUserData(ada.userInfo(), { appId: "wx-test", openid, sessionKey, nowMs: NOW_MS })).toBeUndefined();
  });

  test("refuses what was encrypted for another application", () => {
    const other = createFakeWechat({ appId: "wx-other", appSecret: "b-secret", clock: new FakeClock() });

    expect(decryptUserData(other.account("o-ada").userInfo(), CONTEXT)).toBeUndefined();
  });

  test.each([
    ["another application's watermark", { ...PLAIN, watermark: { ...PLAIN.watermark, appid: "wx-other" } }],
    ["another user", { ...PLAIN, openId: "o-eve" }],
    ["no watermark", { ...PLAIN, watermark: undefined }],
    ["a watermark that is 301 s old", { ...PLAIN, watermark: { appid: "wx-test", timestamp: 1_699_999_699 } }],
    ["a watermark that is 301 s ahead", { ...PLAIN, watermark: { appid: "wx-test", timestamp: 1_700_000_301 } }],
    ["a list", [PLAIN]],
  ])("refuses %s", (_name, plain) => {
    expect(decryptUserData(encrypt(JSON.stringify(plain)), CONTEXT)).toBeUndefined();
  });

  test("takes a watermark that is 300 s old", () => {
    const watermark = { appid: "wx-test", timestamp: 1_699_999_700 };

    expect(decryptUserData(encrypt(JSON.stringify({ ...PLAIN, watermark })), CONTEXT)).toMatchObject({
      openid: "o-ada",
    });
  });

  test.each<[string, EncryptedUserData]>([
    ["text that is no JSON", encrypt("hello")],
    ["data that is no ciphertext", { encryptedData: "hello", iv: IV }],
    ["no data", { encryptedData: "", iv: IV }],
    ["an initial vector of 15 bytes", { ...encrypt(JSON.stringify(PLAIN)), iv: "Dw4NDAsKCQgHBgUEAwIB" }],
    ["more than 8,192 characters", encrypt(JSON.stringify({ ...PLAIN, nickName: "x".repeat(8_192) }))],
  ])("refuses %s", (_name, data) => {
    expect(decryptUserData(data, CONTEXT)).toBeUndefined();
  });

  test("refuses a ciphertext whose padding was broken", () => {
    const bytes = Buffer.from(encrypt(JSON.stringify(PLAIN)).encryptedData, "base64");
    bytes[bytes.length - 1]! ^= 1;

    expect(decryptUserData({ encryptedData: bytes.toString("base64"), iv: IV }, CONTEXT)).toBeUndefined();
  });

  test("refuses another user's id, made by changing a bit of the initial vector", () => {
    const data = { ...encrypt(JSON.stringify(PLAIN)), iv: "Dw4NDAsKCQgHBgUEAwIBAQ==" };

    expect(decryptUserData(data, CONTEXT)).toBeUndefined();
    expect(decryptUserData(data, { ...CONTEXT, openid: "o-ad`" })).toMatchObject({ openid: "o-ad`" });
  });
});
