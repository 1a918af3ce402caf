import { request } from "node:http";
import { systemClock } from "@hutong/server/plugin";
import { eventually, FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { ApiClient } from "../support/api-client.ts";
import { keysOf, loginHeaders, RawClient, startWechatChat } from "../support/wechat-chat.ts";
import { dropTable } from "../support/drop-table.ts";

const MAGIC = "F2C224D4-2BCE-4C64-AF9F-A6D872000D1A";
const REFUSED = { [MAGIC]: 1, error: "ERR_LOGIN_FAILED", code: -1, message: "登录失败，请重新登录" };
/** Neither the magic key nor the code -1, at which a client forgets its session. */
const BUSY = { code: 1, message: "服务繁忙，请稍后再试", data: {} };
const INVALID = { [MAGIC]: 1, error: "ERR_INVALID_SESSION", code: -1, message: "会话无效，请重新登录" };

describe("/login", () => {
  test("answers clients of both versions in one object", async () => {
    await using chat = await startWechatChat();

    const answer = await chat.get("/login", loginHeaders(chat.wechat, "o-ada", "Ada"));

    const skey = keysOf(answer)["X-WX-Skey"];
    const userinfo = { openId: "o-ada", nickName: "Ada", avatarUrl: "https://wx.example/o-ada.png" };
    expect(answer).toEqual({
      [MAGIC]: 1,
      session: { id: expect.stringMatching(/^[\w-]{43}$/), skey },
      code: 0,
      data: { skey, userinfo, time: expect.any(Number) },
    });
  });

  test("makes one account for an openid, the same as the API's sign-in", async () => {
    await using chat = await startWechatChat();
    await chat.login("o-ada", "Ada");
    const keys = await chat.login("o-ada", "Ada");
    const account = chat.wechat.account("o-ada");
    const device = { key: "a-phone-0001", platform: "desktop" as const, name: "test" };

    const { me } = await new ApiClient(chat.started.chat.url).call("sign_in_with_wechat", {
      code: account.login(),
      device,
    });

    expect(me.nickname).toBe("Ada");
    expect(await chat.get("/user", keys)).toMatchObject({
      code: 0,
      data: { userInfo: { openId: "o-ada", nickName: "Ada" } },
    });
  });

  test("lets in by the code alone whoever came with user data before", async () => {
    await using chat = await startWechatChat();
    const account = chat.wechat.account("o-ada", { nickName: "Ada" });

    const stranger = await chat.get("/login", { "X-WX-Code": account.login() });
    await chat.login("o-ada", "Ada");
    const known = await chat.get("/login", { "X-WX-Code": account.login() });

    expect(stranger).toEqual(REFUSED);
    expect(known).toMatchObject({ code: 0, data: { userinfo: { openId: "o-ada", nickName: "Ada" } } });
  });

  test("takes a login in a body whose signature is WeChat's", async () => {
    await using chat = await startWechatChat();
    const account = chat.wechat.account("o-ada", { nickName: "Ada" });
    const { url } = chat.started.chat;
    const logIn = async (change: object): Promise<Record<string, unknown>> => {
      const body = JSON.stringify({ code: account.login(), userInfo: { ...account.userInfo(), ...change } });
      const headers = { "content-type": "application/json" };
      return (await (await fetch(`${url}/login`, { method: "POST", headers, body })).json()) as Record<string, unknown>; // the answer is an object
    };

    const { accessToken, userInfo } = await logIn({});

    expect(userInfo).toMatchObject({ openId: "o-ada", nickName: "Ada" });
    expect(await chat.get("/go", { accessToken: String(accessToken) })).toMatchObject({ openId: "o-ada" });
    expect(await chat.get("/go", { accessToken: "nonsense" })).toBe(0);
    expect(await logIn({ signature: "0".repeat(40) })).toEqual(REFUSED);
    expect(await logIn({ rawData: "{}" })).toEqual(REFUSED);
  });

  test("answers the same to every login that is no good", async () => {
    await using chat = await startWechatChat();
    const replayed = loginHeaders(chat.wechat, "o-ada");
    await chat.get("/login", replayed);
    const foreign = { ...loginHeaders(chat.wechat, "o-ada"), "X-WX-Code": chat.wechat.account("o-bo").login() };
    const { "X-WX-Encrypted-Data": data = "", ...good } = loginHeaders(chat.wechat, "o-cy");
    const cut = { ...good, "X-WX-Encrypted-Data": data.slice(0, -8) };
    const unknown = { ...loginHeaders(chat.wechat, "o-di"), "X-WX-Code": "never-issued" };

    for (const headers of [replayed, foreign, cut, unknown]) expect(await chat.get("/login", headers)).toEqual(REFUSED);
  });

  test("refuses a code and user data that are too old", async () => {
    const clock = new FakeClock(1_700_000_000_000);
    await using chat = await startWechatChat({ clock });
    const headers = loginHeaders(chat.wechat, "o-ada");

    await clock.advance(301_000);

    expect(await chat.get("/login", headers)).toEqual(REFUSED);
  });

  test("says that it is busy when something fails inside, with a status that clients read", async () => {
    const failures: string[] = [];
    await using chat = await startWechatChat({ failed: (place) => failures.push(place) });
    const keys = await chat.login("o-ada");
    await dropTable(chat.started, "wafer_sessions");

    const response = await fetch(`${chat.started.chat.url}/user`, { headers: keys });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(BUSY);
    expect(failures).toEqual(["wafer"]);
  });

  test("gives one session no more than 30 addresses of tunnels at once", async () => {
    await using chat = await startWechatChat({ clock: new FakeClock() });
    const keys = await chat.login("o-ada");

    for (let count = 0; count < 30; count++) expect(await chat.get("/tunnel", keys)).toMatchObject({ code: 0 });

    expect(await chat.get("/tunnel", keys)).toEqual(BUSY);
  });

  test("says that it is busy while WeChat is", async () => {
    await using chat = await startWechatChat();
    chat.wechat.failNext({ kind: "bad_gateway" });

    expect(await chat.get("/login", loginHeaders(chat.wechat, "o-ada"))).toMatchObject({
      error: "ERR_LOGIN_FAILED",
      message: "服务繁忙，请稍后再试",
    });
  });

  test("gives a body up that does not come", async () => {
    const clock = new FakeClock();
    const failures: string[] = [];
    await using chat = await startWechatChat({ clock, failed: (place) => failures.push(place) });
    const call = request(`${chat.started.chat.url}/login`, { method: "POST", headers: { "content-length": "100" } });
    const answered = new Promise<number | undefined>((resolve, reject) =>
      call.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject),
    );
    call.write("{");

    let status: number | undefined;
    void answered.then((code) => (status = code));
    await eventually(async () => {
      await clock.advance(30_000);
      return status !== undefined;
    });

    expect([status, failures]).toEqual([200, []]);
    call.destroy();
  });

  test("needs a code or a session", async () => {
    await using chat = await startWechatChat();

    expect(await chat.get("/login")).toMatchObject({ error: "ERR_LOGIN_FAILED", message: "X-WX-Code is missing" });
    expect(await chat.get("/login", await chat.login("o-ada"))).toEqual({ code: 0, message: "小程序会话已登录" });
  });

  test("lets nobody in where WeChat is not configured", async () => {
    await using chat = await startWechatChat({ config: { wechat: undefined } });

    expect(await chat.get("/login", loginHeaders(chat.wechat, "o-ada"))).toMatchObject({ error: "ERR_LOGIN_FAILED" });
  });
});

describe("a session", () => {
  test("is found by its skey alone, and never by somebody else's", async () => {
    await using chat = await startWechatChat();
    const [ada, bo] = [await chat.login("o-ada"), await chat.login("o-bo")];

    expect(await chat.get("/user", { "X-WX-Skey": ada["X-WX-Skey"] })).toMatchObject({ code: 0 });
    expect(await chat.get("/user", { ...ada, "X-WX-Skey": bo["X-WX-Skey"] })).toEqual(INVALID);
    expect(await chat.get("/user", { ...ada, "X-WX-Skey": "guess" })).toEqual(INVALID);
    expect(await chat.get("/user")).toEqual(INVALID);
  });

  test("may come in the query", async () => {
    await using chat = await startWechatChat();
    const query = new URLSearchParams({ ...(await chat.login("o-ada")) }).toString();

    expect(await chat.get(`/user?${query}`)).toMatchObject({ code: 0 });
  });

  test("ends after a day", async () => {
    // A clock that is moved would run every timer of the day.
    let laterMs = 0;
    const clock = { ...systemClock, now: () => systemClock.now() + laterMs };
    await using chat = await startWechatChat({ clock });
    const keys = await chat.login("o-ada");

    laterMs = 24 * 3_600_000 - 60_000;
    const before = await chat.get("/user", keys);
    laterMs += 120_000;

    expect(before).toMatchObject({ code: 0 });
    expect(await chat.get("/user", keys)).toEqual(INVALID);
  });

  test("ends with the device that stands for it", async () => {
    await using chat = await startWechatChat();
    const keys = await chat.login("o-ada");
    const api = new ApiClient(chat.started.chat.url);
    const device = { key: "a-phone-0001", platform: "desktop" as const, name: "test" };
    const code = chat.wechat.account("o-ada").login();
    const mine = new ApiClient(chat.started.chat.url, await api.call("sign_in_with_wechat", { code, device }));
    const { devices } = await mine.call("list_devices", {});
    const [wafer] = devices.filter(({ name }) => name === "Wafer");

    await mine.call("end_session", { sessionId: wafer?.sessionId ?? "" });

    await expect.poll(() => chat.get("/user", keys)).toEqual(INVALID);
  });

  test("goes on when the same user logs in again", async () => {
    await using chat = await startWechatChat();
    const [first, second] = [await chat.login("o-ada"), await chat.login("o-ada")];

    expect(await chat.get("/user", first)).toMatchObject({ code: 0 });
    expect(await chat.get("/user", second)).toMatchObject({ code: 0 });
  });
});

describe("the tunnel", () => {
  async function open(chat: Awaited<ReturnType<typeof startWechatChat>>, openid: string): Promise<RawClient> {
    return RawClient.open(await tunnelUrl(chat, openid));
  }

  async function tunnelUrl(chat: Awaited<ReturnType<typeof startWechatChat>>, openid: string): Promise<string> {
    const answer = (await chat.get("/tunnel", await chat.login(openid))) as {
      url: string;
      data: { connectUrl: string };
    }; // compared below
    expect(answer).toMatchObject({ code: 0, data: { tunnelId: expect.any(String), connectUrl: answer.url } });
    expect(answer.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/tunnel\/socket\?ticket=[\w-]{43}$/);
    return answer.url;
  }

  test("is for those with a session", async () => {
    await using chat = await startWechatChat();

    expect(await chat.get("/tunnel")).toEqual(INVALID);
  });

  test("begins with the time between pings, and answers them", async () => {
    await using chat = await startWechatChat();
    const ada = await open(chat, "o-ada");
    const first = await ada.next();
    await ada.event("people");
    ada.send("ping");

    expect([first, await ada.next()]).toEqual(["timeout:15", "pong"]);
  });

  test("tells who came, what is said, and who left; nobody hears another one's openid", async () => {
    await using chat = await startWechatChat();
    const ada = await open(chat, "o-ada");
    const me = { openId: "o-ada", nickName: "o-ada", avatarUrl: "https://wx.example/o-ada.png" };
    expect(await ada.event("people")).toEqual({ total: 1, enter: me });
    const bo = await open(chat, "o-bo");
    const entered = (await ada.event("people")) as { total: number; enter: { openId: string } }; // compared next
    expect(entered).toMatchObject({ total: 2, enter: { nickName: "o-bo" } });
    const boId = entered.enter.openId;
    expect(boId).toMatch(/^[0-9a-f-]{36}$/);

    bo.send(`message:${JSON.stringify({ type: "speak", content: { word: "你好: hi" } })}`);

    const word = { word: "你好: hi", seq: 1, id: expect.any(String) };
    expect(await ada.event("speak")).toMatchObject({ ...word, who: { openId: boId, nickName: "o-bo" } });
    expect(await bo.event("speak")).toMatchObject({ ...word, who: { openId: "o-bo" } });
    bo.close();
    expect(await ada.event("people")).toMatchObject({ total: 1, leave: { openId: boId, nickName: "o-bo" } });
  });

  test("takes a ticket once", async () => {
    await using chat = await startWechatChat();
    const url = await tunnelUrl(chat, "o-ada");
    const first = await RawClient.open(url);
    await first.next();

    const second = await RawClient.open(url);
    const invented = await RawClient.open(url.replace(/ticket=.*/, "ticket=guess"));

    for (const refused of [second, invented]) {
      expect(await refused.next()).toBe("close");
      expect(await refused.closed()).toEqual({ code: 4500, reason: "unauthenticated" });
    }
  });

  test("ignores frames that are none, and closes on whoever goes on with them", async () => {
    await using chat = await startWechatChat();
    const ada = await open(chat, "o-ada");
    await ada.event("people");
    for (const frame of ["message:{", "message:", "message:[]", "what:ever", "", "ping:1"]) ada.send(frame);
    expect(await ada.next()).toBe("pong");

    for (let count = 0; count < 20; count++) ada.send("message:{");

    expect(await ada.next()).toBe("close");
    expect(await ada.closed()).toEqual({ code: 1008, reason: "policy_violation" });
  });

  test.each([
    ["a megabyte of pings", "ping".repeat(262_144), 1009],
    ["bytes", undefined, undefined],
  ])("survives %s", async (_what, frame, code) => {
    await using chat = await startWechatChat();
    const [ada, bo] = [await open(chat, "o-ada"), await open(chat, "o-bo")];

    if (frame === undefined) ada.send(Uint8Array.of(0, 1, 2));
    else ada.send(frame);
    if (code !== undefined) expect((await ada.closed()).code).toBe(code);
    bo.send(`message:${JSON.stringify({ type: "speak", content: { word: "still here" } })}`);

    expect(await bo.event("speak")).toMatchObject({ word: "still here" });
  });

  test("tells why something was not said", async () => {
    await using chat = await startWechatChat();
    const ada = await open(chat, "o-ada");

    ada.send(`message:${JSON.stringify({ type: "speak", content: { word: "x".repeat(2_001) } })}`);

    expect(await ada.event("error")).toMatchObject({ reason: "invalid_payload" });
  });
});
