import { describe, expect, test } from "vitest";
import { startWechatCaller, type WechatCaller } from "./wechat-caller.ts";

const TEXT = { version: 2, openid: "o-ada", scene: 2, content: "hello" };
const MEDIA = { version: 2, openid: "o-ada", scene: 2, media_url: "https://example.com/a.png", media_type: 2 };

async function check(caller: WechatCaller, body: object): Promise<unknown> {
  return caller.post(`/wxa/msg_sec_check?access_token=${await caller.token()}`, body);
}

describe("/wxa/msg_sec_check", () => {
  test("lets pass what it was not told of", async () => {
    await using caller = await startWechatCaller();
    caller.wechat.account("o-ada").login();

    expect(await check(caller, TEXT)).toEqual({
      errcode: 0,
      errmsg: "ok",
      trace_id: expect.any(String),
      result: { suggest: "pass", label: 100 },
      detail: [],
    });
  });

  test("judges by the most severe word of text and nickname", async () => {
    await using caller = await startWechatCaller();
    caller.wechat.account("o-ada").login();
    caller.wechat.security.judgeWord("lottery", { suggest: "review", label: 20008 });
    caller.wechat.security.judgeWord("bomb", { suggest: "risky", label: 20006 });

    const answer = await check(caller, { ...TEXT, content: "a bomb of a lottery" });

    expect(answer).toMatchObject({
      result: { suggest: "risky", label: 20006 },
      detail: [
        { strategy: "keyword", suggest: "review", label: 20008, keyword: "lottery" },
        { strategy: "keyword", suggest: "risky", label: 20006, keyword: "bomb" },
      ],
    });
    expect(await check(caller, { ...TEXT, nickname: "bomb" })).toMatchObject({ result: { suggest: "risky" } });
  });

  test.each([
    ["a token in the body", { ...TEXT, access_token: "81_x" }, 47001],
    ["no version", { ...TEXT, version: undefined }, 47001],
    ["an unknown openid", { ...TEXT, openid: "o-eve" }, 40003],
    ["an unknown scene", { ...TEXT, scene: 5 }, 40129],
    ["no content", { ...TEXT, content: "" }, 44002],
    ["2,501 characters", { ...TEXT, content: "x".repeat(2_501) }, 45002],
  ])("refuses %s", async (_name, body, errcode) => {
    await using caller = await startWechatCaller();
    caller.wechat.account("o-ada").login();

    expect(await check(caller, body)).toMatchObject({ errcode });
  });

  test("judges nobody who was away for two hours", async () => {
    await using caller = await startWechatCaller();
    caller.wechat.account("o-ada").login();

    await caller.clock.advance(7_200_000);
    expect(await check(caller, TEXT)).toMatchObject({ errcode: 0 });
    await caller.clock.advance(1);
    expect(await check(caller, TEXT)).toMatchObject({ errcode: 61010 });
  });
});

describe("/wxa/media_check_async", () => {
  test.each([
    ["a media type other than audio and image", { ...MEDIA, media_type: 3 }, 40004],
    ["an address that is none", { ...MEDIA, media_url: "a.png" }, 40066],
    ["an unknown openid", { ...MEDIA, openid: "o-eve" }, 40003],
  ])("refuses %s", async (_name, body, errcode) => {
    await using caller = await startWechatCaller();
    caller.wechat.account("o-ada").login();
    const token = await caller.token();

    expect(await caller.post(`/wxa/media_check_async?access_token=${token}`, body)).toMatchObject({ errcode });
  });

  test("pushes nothing where nobody listens", async () => {
    await using caller = await startWechatCaller();
    caller.wechat.account("o-ada").login();
    const token = await caller.token();

    const answer = await caller.post(`/wxa/media_check_async?access_token=${token}`, MEDIA);
    await caller.clock.advance(1_000);

    expect(answer).toEqual({ errcode: 0, errmsg: "ok", trace_id: expect.any(String) });
    expect(caller.wechat.pushes.deliveries).toEqual([]);
  });
});
