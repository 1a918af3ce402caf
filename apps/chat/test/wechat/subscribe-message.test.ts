import { describe, expect, test } from "vitest";
import { type SubscribeMessage, SubscribeMessages } from "../../src/wechat/subscribe-message.ts";
import { MemorySubscriptionStore } from "../../src/wechat/subscription-store.ts";
import { applicationApi } from "./support/application-api.ts";
import { type StartedWechat, startWechat } from "./support/started-wechat.ts";

const PATH = "/cgi-bin/message/subscribe/send";
const MESSAGE: SubscribeMessage = {
  openid: "o-ada",
  templateId: "news",
  page: "pages/chat/chat?id=7",
  values: new Map([["thing1", "Bob"]]),
};

interface Subscriber {
  readonly messages: SubscribeMessages;
  /** The user accepts a template, and the client says so. */
  accept(templateId: string): Promise<void>;
  /** The client says so, though the user never did. */
  claim(templateId: string): Promise<void>;
}

function subscriberOf(started: StartedWechat): Subscriber {
  started.wechat.account("o-ada");
  started.wechat.subscriptions.addTemplate("news", ["thing1"]);
  const store = new MemorySubscriptionStore();
  const messages = new SubscribeMessages({ api: applicationApi(started), store, templateIds: ["news", "calls"] });
  const claim = (templateId: string) => messages.record("o-ada", new Map([[templateId, "accept"]]));
  return {
    messages,
    claim,
    accept: (templateId) => {
      started.wechat.subscriptions.accept("o-ada", templateId);
      return claim(templateId);
    },
  };
}

describe("SubscribeMessages", () => {
  test("sends one message for each accept, and asks WeChat no more", async () => {
    await using started = await startWechat();
    const { messages, accept } = subscriberOf(started);
    await accept("news");
    await accept("news");

    const outcomes = [await messages.send(MESSAGE), await messages.send(MESSAGE), await messages.send(MESSAGE)];

    expect(outcomes).toEqual([true, true, false]);
    expect(started.wechat.callCount(PATH)).toBe(2);
    expect(started.wechat.subscriptions.sent[0]).toEqual({
      openid: "o-ada",
      templateId: "news",
      page: "pages/chat/chat?id=7",
      values: new Map([["thing1", "Bob"]]),
    });
  });

  test("counts each template by itself, and accepts only", async () => {
    await using started = await startWechat();
    const { messages } = subscriberOf(started);
    await messages.record(
      "o-ada",
      new Map([
        ["news", "reject"],
        ["calls", "accept"],
        ["unknown", "accept"],
      ]),
    );

    expect(await messages.send(MESSAGE)).toBe(false);
    expect(await messages.send({ ...MESSAGE, templateId: "unknown" })).toBe(false);
    expect(await messages.send({ ...MESSAGE, openid: "o-bob", templateId: "calls" })).toBe(false);
    expect(started.wechat.callCount(PATH)).toBe(0);
  });

  test("counts nothing more once WeChat says that nothing is left", async () => {
    await using started = await startWechat();
    const { messages, claim } = subscriberOf(started);
    await claim("news");
    await claim("news");

    expect([await messages.send(MESSAGE), await messages.send(MESSAGE)]).toEqual([false, false]);
    expect(started.wechat.callCount(PATH)).toBe(1);
  });

  test.each([45009, 47003, 40003])("keeps the accept when WeChat answers %i", async (errcode) => {
    await using started = await startWechat();
    const { messages, accept } = subscriberOf(started);
    await accept("news");
    started.wechat.failNext({ kind: "errcode", errcode }, { path: PATH });

    await expect(messages.send(MESSAGE)).rejects.toMatchObject({ errcode });
    expect(await messages.send(MESSAGE)).toBe(true);
  });

  test("lets no two messages use one accept", async () => {
    await using started = await startWechat();
    const { messages, accept } = subscriberOf(started);
    await accept("news");

    const outcomes = await Promise.all([messages.send(MESSAGE), messages.send(MESSAGE)]);

    expect(outcomes.toSorted()).toEqual([false, true]);
    expect(started.wechat.callCount(PATH)).toBe(1);
  });
});
