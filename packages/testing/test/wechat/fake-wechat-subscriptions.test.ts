import { describe, expect, test } from "vitest";
import { startWechatCaller, type WechatCaller } from "./wechat-caller.ts";

const MESSAGE = {
  touser: "o-ada",
  template_id: "news",
  page: "pages/chat/chat?id=7",
  data: { thing1: { value: "Bob" }, time2: { value: "12:00" } },
};

async function send(caller: WechatCaller, body: object): Promise<unknown> {
  return caller.post(`/cgi-bin/message/subscribe/send?access_token=${await caller.token()}`, body);
}

async function startWithTemplate(): Promise<WechatCaller> {
  const caller = await startWechatCaller();
  caller.wechat.account("o-ada");
  caller.wechat.subscriptions.addTemplate("news", ["thing1", "time2"]);
  return caller;
}

describe("/cgi-bin/message/subscribe/send", () => {
  test("sends one message for each accept", async () => {
    await using caller = await startWithTemplate();
    caller.wechat.subscriptions.accept("o-ada", "news");

    expect(await send(caller, MESSAGE)).toMatchObject({ errcode: 0, errmsg: "ok" });
    expect(await send(caller, MESSAGE)).toMatchObject({ errcode: 43101 });
    expect(caller.wechat.subscriptions.sent).toEqual([
      {
        openid: "o-ada",
        templateId: "news",
        page: "pages/chat/chat?id=7",
        values: new Map([
          ["thing1", "Bob"],
          ["time2", "12:00"],
        ]),
      },
    ]);
  });

  test.each([
    ["an unknown user", { ...MESSAGE, touser: "o-eve" }, 40003],
    ["an unknown template", { ...MESSAGE, template_id: "other" }, 40037],
    ["a page that is none", { ...MESSAGE, page: "https://example.com" }, 41030],
    ["a missing field", { ...MESSAGE, data: { thing1: { value: "Bob" } } }, 47003],
    ["a thing of 21 characters", { ...MESSAGE, data: { ...MESSAGE.data, thing1: { value: "x".repeat(21) } } }, 47003],
    ["a body that is no object", [], 47001],
  ])("refuses %s and uses up no accept", async (_name, body, errcode) => {
    await using caller = await startWithTemplate();
    caller.wechat.subscriptions.accept("o-ada", "news");

    expect(await send(caller, body)).toMatchObject({ errcode });
    expect(await send(caller, MESSAGE)).toMatchObject({ errcode: 0 });
  });
});
