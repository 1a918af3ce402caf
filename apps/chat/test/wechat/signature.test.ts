import { describe, expect, test } from "vitest";
import { codeToSession } from "../../src/wechat/code-to-session.ts";
import { isSha1Of, isSignedPush, isSignedUserInfo } from "../../src/wechat/signature.ts";
import { APPLICATION, startWechat } from "./support/started-wechat.ts";

describe("isSha1Of", () => {
  test.each([
    ["a9993e364706816aba3e25717850c26c9cd0d89d", true],
    ["A9993E364706816ABA3E25717850C26C9CD0D89D", true],
    ["a9993e364706816aba3e25717850c26c9cd0d89e", false],
    ["a9993e364706816aba3e25717850c26c9cd0d8", false],
    ["", false],
    ["阿".repeat(40), false],
  ])("tells whether %s is the digest of abc", (signature, isGood) => {
    expect(isSha1Of("abc", signature)).toBe(isGood);
  });
});

describe("isSignedUserInfo", () => {
  test("knows what a phone signed in this session", async () => {
    await using started = await startWechat();
    const ada = started.wechat.account("o-ada", { nickName: "阿达" });
    const { sessionKey } = await codeToSession(started.api, APPLICATION, ada.login());
    const { rawData, signature } = ada.userInfo();

    expect(isSignedUserInfo(rawData, signature, sessionKey)).toBe(true);
    expect(isSignedUserInfo(rawData.replace("阿达", "Eve"), signature, sessionKey)).toBe(false);
    expect(isSignedUserInfo(rawData, signature, "AAECAwQFBgcICQoLDA0ODw==")).toBe(false);
  });
});

describe("isSignedPush", () => {
  // The digest of "100nonce1700000000push-token", computed with another program.
  const push = { timestamp: "1700000000", nonce: "100nonce" };

  test("sorts token, timestamp and nonce before it signs them", () => {
    const signature = "da1995f34237c871dea1462d21f24609c96d47ea";

    expect(isSignedPush({ ...push, signature }, "push-token")).toBe(true);
    expect(isSignedPush({ ...push, signature }, "other-token")).toBe(false);
    expect(isSignedPush({ ...push, nonce: "101nonce", signature }, "push-token")).toBe(false);
  });
});
