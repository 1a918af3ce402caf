import { describe, expect, test } from "vitest";
import { FakeClock } from "../../src/fake-clock.ts";
import { createFakeWechat } from "../../src/wechat/fake-wechat.ts";
import { startWechatCaller } from "./wechat-caller.ts";

describe("the fake WeChat", () => {
  test("answers errors with status 200 and a content type of plain text", async () => {
    await using caller = await startWechatCaller();

    const response = await fetch(`${caller.wechat.url}/sns/jscode2session`);

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/plain");
    expect(await response.json()).toEqual({ errcode: 41002, errmsg: "appid missing, rid: 65f0-fake-41002" });
  });

  test("does not know other paths", async () => {
    await using caller = await startWechatCaller();

    expect(await caller.get("/cgi-bin/menu")).toMatchObject({ errcode: 40066 });
  });

  test("says where it listens once it does", () => {
    const wechat = createFakeWechat({ appId: "wx-test", appSecret: "a-secret", clock: new FakeClock() });

    expect(() => wechat.url).toThrow("the fake WeChat does not listen; await listen() first");
  });

  test("fails as many calls as it is told to, of the path it is told", async () => {
    await using caller = await startWechatCaller();
    const code = caller.wechat.account("o-ada").login();
    caller.wechat.failNext({ kind: "errcode", errcode: -1 }, { path: "/sns/jscode2session", times: 2 });

    expect(await caller.get("/cgi-bin/token")).toMatchObject({ errcode: 40002 });
    expect(await caller.exchange(code)).toMatchObject({ errcode: -1, errmsg: "system error, rid: 65f0-fake--1" });
    expect(await caller.exchange(code)).toMatchObject({ errcode: -1 });
    expect(await caller.exchange(code)).toMatchObject({ openid: "o-ada" });
  });

  test("can tear a connection, and answer as a proxy does", async () => {
    await using caller = await startWechatCaller();
    caller.wechat.failNext({ kind: "cut" });
    caller.wechat.failNext({ kind: "bad_gateway" });

    await expect(fetch(caller.wechat.url)).rejects.toThrow("fetch failed");
    const response = await fetch(caller.wechat.url);

    expect(response.status).toBe(502);
    expect(response.headers.get("content-type")).toBe("text/html");
  });

  test("counts calls by path", async () => {
    await using caller = await startWechatCaller();

    await caller.exchange("unknown");
    await caller.exchange("unknown");

    expect(caller.wechat.callCount("/sns/jscode2session")).toBe(2);
    expect(caller.wechat.callCount("/cgi-bin/token")).toBe(0);
  });

  test("drops a body that is too long", async () => {
    await using caller = await startWechatCaller();

    await expect(caller.post("/cgi-bin/stable_token", "x".repeat(1_000_001))).rejects.toThrow("fetch failed");
  });

  test("closes while a call hangs", async () => {
    const caller = await startWechatCaller();
    caller.wechat.failNext({ kind: "hang" });
    const hanging = expect(fetch(caller.wechat.url)).rejects.toThrow("fetch failed");
    await expect.poll(() => caller.wechat.callCount("/")).toBe(1);

    await caller.wechat.close();

    await hanging;
  });
});
