import { describe, expect, test } from "vitest";
import { busyAnswer, errorAnswer, loginAnswer, signedInAnswer, tunnelAnswer } from "../../src/wafer/answers.ts";

describe("wafer answers", () => {
  test("a login has the keys of both versions", () => {
    const userInfo = { openId: "o-ada", nickName: "Ada", avatarUrl: "https://example.com/a.png" };

    expect(loginAnswer({ id: "id", skey: "skey", userInfo, loggedInAtMs: 1_700_000_000_999 })).toEqual({
      "F2C224D4-2BCE-4C64-AF9F-A6D872000D1A": 1,
      session: { id: "id", skey: "skey" },
      code: 0,
      data: { skey: "skey", userinfo: userInfo, time: 1_700_000_000 },
    });
  });

  test.each(["ERR_LOGIN_FAILED", "ERR_INVALID_SESSION"] as const)("%s has the keys of both versions", (error) => {
    expect(errorAnswer(error, "log in again")).toEqual({
      "F2C224D4-2BCE-4C64-AF9F-A6D872000D1A": 1,
      error,
      code: -1,
      message: "log in again",
    });
  });

  test("what nothing came of ends no session", () => {
    expect(busyAnswer("come again")).toEqual({ code: 1, message: "come again", data: {} });
  });

  test("a good session at the login has no magic key", () => {
    expect(signedInAnswer()).toEqual({ code: 0, message: "小程序会话已登录" });
  });

  test("a tunnel has the keys of both versions", () => {
    expect(tunnelAnswer("7", "wss://example.com/tunnel/7?ticket=t")).toEqual({
      url: "wss://example.com/tunnel/7?ticket=t",
      code: 0,
      data: { tunnelId: "7", connectUrl: "wss://example.com/tunnel/7?ticket=t" },
    });
  });
});
