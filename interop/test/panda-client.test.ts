import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHAT_PLACES } from "./support/chat-places.ts";
import { Inbox } from "./support/inbox.ts";
import { type PandaFrame, PandaPhone } from "./support/panda-phone.ts";
import type { RunningChat } from "./support/running-chat.ts";

// What panda-chat-room does, step by step, over WeChat's global socket functions.

describe.each(CHAT_PLACES)("panda-chat-room, $name", ({ start }) => {
  let chat: RunningChat;
  beforeAll(async () => {
    chat = await start();
  });
  afterAll(() => chat[Symbol.asyncDispose]());

  async function enter(openid: string): Promise<{ readonly phone: PandaPhone; readonly said: Inbox<PandaFrame> }> {
    const avatarUrl = `https://wx.example/${openid}.png`;
    const phone = await PandaPhone.start(chat.url, chat.wechat.account(openid, { nickName: openid, avatarUrl }));
    const said = new Inbox<PandaFrame>();
    phone.onSaid((frame) => said.add(frame));
    expect(await phone.enter()).toMatchObject({ type: "system", num: expect.any(Number) });
    return { phone, said };
  }

  test("is greeted, talks, shows a picture, and is counted out", async () => {
    const ada = await enter("o-ada");
    const bo = await enter("o-bo");
    expect(await ada.phone.frames.next("the count")).toEqual({ type: "system", num: 2 });

    ada.phone.say({ content: "hi", text: true });
    const [adaText, boText] = [await ada.said.next(), await bo.said.next()];
    const avatarUrl = "https://wx.example/o-ada.png";
    const { id } = adaText;
    expect(adaText).toEqual({ content: "hi", text: true, avatarUrl, type: "user", id, number: 2 });
    expect(boText).toEqual({ content: "hi", text: true, avatarUrl, type: "remote", id, number: 2 });
    bo.phone.say({ url: "https://files.example/b.png", gallery: true });
    expect(await ada.said.next()).toEqual({
      url: "https://files.example/b.png",
      gallery: true,
      avatarUrl: "https://wx.example/o-bo.png",
      type: "remote",
      id: id + 1,
      number: 2,
    });
    bo.phone.leave();
    expect(await ada.phone.frames.next("the count")).toEqual({ type: "system", num: 1 });
    ada.phone.leave();
  });

  test("logs in again when it hears that its session is invalid", async () => {
    const account = chat.wechat.account("o-cy", { nickName: "cy" });
    const phone = await PandaPhone.start(chat.url, account);

    expect(await phone.enter("forgotten")).toMatchObject({ error: "ERR_INVALID_SESSION" });
    expect(await phone.closes.next("the close")).toBe(4500);
    await phone.login();

    expect(await phone.enter()).toMatchObject({ type: "system" });
    phone.leave();
  });
});
