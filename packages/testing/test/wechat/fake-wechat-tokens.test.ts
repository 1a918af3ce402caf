import { describe, expect, test } from "vitest";
import { CREDENTIALS, startWechatCaller, type WechatCaller } from "./wechat-caller.ts";

const PLAIN = `/cgi-bin/token?grant_type=client_credential&${CREDENTIALS}`;
const STABLE = { grant_type: "client_credential", appid: "wx-test", secret: "a-secret" };

/** The error of a call with this token, by a call that gets no further than its method when the token is good. */
async function errcodeOf(caller: WechatCaller, token: string): Promise<unknown> {
  const answer = await caller.get(`/wxa/msg_sec_check?access_token=${token}`);
  const errcode = new Map(Object.entries(answer ?? {})).get("errcode");
  return errcode === 43302 ? "good" : errcode;
}

async function plainToken(caller: WechatCaller): Promise<string> {
  const answer = await caller.get(PLAIN);
  return String(new Map(Object.entries(answer ?? {})).get("access_token"));
}

describe("/cgi-bin/token", () => {
  test("gives a token for two hours", async () => {
    await using caller = await startWechatCaller();

    expect(await caller.get(PLAIN)).toEqual({ access_token: expect.stringMatching(/^81_/), expires_in: 7_200 });
  });

  test("ends the token before, five minutes later", async () => {
    await using caller = await startWechatCaller();
    const old = await plainToken(caller);
    await plainToken(caller);

    expect(await errcodeOf(caller, old)).toBe("good");
    await caller.clock.advance(300_000);
    expect(await errcodeOf(caller, old)).toBe(42001);
  });

  test.each([
    ["grant_type=other&appid=wx-test&secret=a-secret", 40002],
    ["grant_type=client_credential&appid=wx-test&secret=b-secret", 40125],
  ])("refuses %s", async (query, errcode) => {
    await using caller = await startWechatCaller();

    expect(await caller.get(`/cgi-bin/token?${query}`)).toMatchObject({ errcode });
  });
});

describe("/cgi-bin/stable_token", () => {
  test("gives the same token until its last five minutes, and then a second that is valid beside it", async () => {
    await using caller = await startWechatCaller();
    const first = await caller.token();

    await caller.clock.advance(6_899_000);
    expect(await caller.post("/cgi-bin/stable_token", STABLE)).toEqual({ access_token: first, expires_in: 301 });
    await caller.clock.advance(1_000);
    const second = await caller.token();

    expect(second).not.toBe(first);
    expect([await errcodeOf(caller, first), await errcodeOf(caller, second)]).toEqual(["good", "good"]);
  });

  test("is not disturbed by the other interface", async () => {
    await using caller = await startWechatCaller();
    const first = await caller.token();

    await plainToken(caller);

    expect(await caller.token()).toBe(first);
  });

  test("forces a new token at most every 30 seconds, and ends the old one at once", async () => {
    await using caller = await startWechatCaller();
    const first = await caller.token();
    const force = { ...STABLE, force_refresh: true };

    const second = await caller.post("/cgi-bin/stable_token", force);
    await caller.clock.advance(29_999);

    expect(second).not.toMatchObject({ access_token: first });
    expect(await errcodeOf(caller, first)).toBe(40001);
    expect(await caller.post("/cgi-bin/stable_token", force)).toMatchObject({ expires_in: 7_170 });
    await caller.clock.advance(1);
    expect(await caller.post("/cgi-bin/stable_token", force)).toMatchObject({ expires_in: 7_200 });
  });

  test("forces 20 tokens a day", async () => {
    await using caller = await startWechatCaller();
    const force = { ...STABLE, force_refresh: true };
    for (let count = 0; count < 20; count++) {
      await caller.post("/cgi-bin/stable_token", force);
      await caller.clock.advance(30_000);
    }

    expect(await caller.post("/cgi-bin/stable_token", force)).toMatchObject({ errcode: 45009 });
  });

  test("takes JSON by POST only", async () => {
    await using caller = await startWechatCaller();

    expect(await caller.get(`/cgi-bin/stable_token?${CREDENTIALS}`)).toMatchObject({ errcode: 43002 });
    expect(await caller.post("/cgi-bin/stable_token", "text")).toMatchObject({ errcode: 47001 });
  });
});

describe("an access token", () => {
  test("is missing, unknown, expired or good", async () => {
    await using caller = await startWechatCaller();
    const token = await caller.token();

    expect(await errcodeOf(caller, "")).toBe(41001);
    expect(await errcodeOf(caller, "81_other")).toBe(40001);
    expect(await errcodeOf(caller, token)).toBe("good");
    caller.wechat.tokens.expire();
    expect(await errcodeOf(caller, token)).toBe(42001);
  });
});
