import { systemClock } from "@hutong/server/plugin";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { dropTable } from "../support/drop-table.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { RawClient, startWechatChat, type WaferKeys, type WechatChat } from "../support/wechat-chat.ts";

/** What the client reads of a frame. */
interface RoomFrame {
  readonly type: "system" | "user" | "remote";
  readonly num?: number;
  readonly id: number;
  readonly number: number;
  readonly content?: string;
  readonly url?: string;
}

function enter(chat: WechatChat, keys: WaferKeys): Promise<RawClient> {
  const query = new URLSearchParams({ ...keys }).toString();
  return RawClient.open(`${chat.started.chat.url}/ws?${query}`, keys);
}

const isSaid = ({ type }: RoomFrame): boolean => type !== "system";
const text = (content: string): string => JSON.stringify({ content, text: true });

async function upload(chat: WechatChat, keys: Partial<WaferKeys>, bytes: Uint8Array): Promise<Record<string, unknown>> {
  const body = new FormData();
  body.append("file", new Blob([new Uint8Array(bytes)]), "tmp_1.png");
  const response = await fetch(`${chat.started.chat.url}/upload`, { method: "POST", headers: { ...keys }, body });
  return (await response.json()) as Record<string, unknown>; // the answer is an object
}

function picture(): Promise<Uint8Array> {
  return sharp({ create: { width: 20, height: 10, channels: 3, background: "#c00" } })
    .png()
    .toBuffer();
}

describe("panda's room", () => {
  test("greets with the number of people, itself included", async () => {
    await using chat = await startWechatChat();
    const ada = await enter(chat, await chat.login("o-ada"));

    expect(JSON.parse(await ada.next())).toEqual({ num: 1, type: "system" });
  });

  test("goes on while names and pictures of people cannot be read: nothing that is missed comes again", async () => {
    const failures: string[] = [];
    let laterMs = 0;
    const clock = { ...systemClock, now: () => systemClock.now() + laterMs };
    await using chat = await startWechatChat({ clock, failed: (place) => failures.push(place) });
    const keys = await chat.login("o-ada");
    await dropTable(chat.started, "wechat_profiles");
    laterMs = 60_000; // what the login has read is forgotten

    const ada = await enter(chat, keys);

    expect(JSON.parse(await ada.next())).toEqual({ num: 1, type: "system" });
    ada.send(text("hi"));
    expect(await ada.json(isSaid)).toMatchObject({ content: "hi", avatarUrl: "" });
    expect(failures).toEqual(["wafer", "wafer"]);
  });

  test("knows a session by its headers, and by its query", async () => {
    await using chat = await startWechatChat();
    const keys = await chat.login("o-ada");
    const { url } = chat.started.chat;

    const byHeader = await RawClient.open(`${url}/ws`, keys);
    const byQuery = await RawClient.open(`${url}/ws?${new URLSearchParams({ ...keys }).toString()}`);

    expect(JSON.parse(await byHeader.next())).toEqual({ num: 1, type: "system" });
    // One person with two phones is one person.
    expect(JSON.parse(await byQuery.next())).toEqual({ num: 1, type: "system" });
  });

  test.each([
    ["no keys", () => ({})],
    ["keys that were made up", () => ({ "X-WX-Id": "one", "X-WX-Skey": "two" })],
    ["the id of another session", (ada: WaferKeys, bo: WaferKeys) => ({ ...ada, "X-WX-Id": bo["X-WX-Id"] })],
  ])("says that the session is invalid to a client with %s, and closes", async (_what, change) => {
    await using chat = await startWechatChat();
    const [ada, bo] = [await chat.login("o-ada"), await chat.login("o-bo")];
    const client = await RawClient.open(`${chat.started.chat.url}/ws`, change(ada, bo));

    expect(JSON.parse(await client.next())).toEqual({
      "F2C224D4-2BCE-4C64-AF9F-A6D872000D1A": 1,
      error: "ERR_INVALID_SESSION",
      code: -1,
      message: "会话无效，请重新登录",
    });
    expect(await client.closed()).toEqual({ code: 4500, reason: "unauthenticated" });
  });

  test("gives a text to everyone, with the server's own fields", async () => {
    await using chat = await startWechatChat();
    const ada = await enter(chat, await chat.login("o-ada"));
    const bo = await enter(chat, await chat.login("o-bo"));
    await ada.json<RoomFrame>(({ num }) => num === 2);
    const spoof = { avatarUrl: "https://evil.example", type: "system", id: 99, number: 0, num: 7 };

    ada.send(JSON.stringify({ content: "hi", text: true, ...spoof }));

    const avatarUrl = "https://wx.example/o-ada.png";
    expect(await ada.json(isSaid)).toEqual({ content: "hi", text: true, avatarUrl, type: "user", id: 1, number: 2 });
    expect(await bo.json(isSaid)).toEqual({ content: "hi", text: true, avatarUrl, type: "remote", id: 1, number: 2 });
  });

  test("counts right when people leave", async () => {
    await using chat = await startWechatChat();
    const ada = await enter(chat, await chat.login("o-ada"));
    const bo = await enter(chat, await chat.login("o-bo"));
    await ada.json<RoomFrame>(({ num }) => num === 2);

    bo.close();

    expect(await ada.json<RoomFrame>()).toEqual({ num: 1, type: "system" });
    ada.send(text("alone"));
    expect(await ada.json(isSaid)).toMatchObject({ content: "alone", number: 1 });
  });

  test("is the lobby of everyone else", async () => {
    await using chat = await startWechatChat();
    const ada = await enter(chat, await chat.login("o-ada", "Ada"));
    await ada.json();
    const phoenix = await chat.started.phoenix();
    await phoenix.reply(phoenix.join("room:lobby", { nickname: "Bo" }));

    phoenix.push("room:lobby", "new_msg", { body: "from a page" });
    const heard = await ada.json(isSaid);
    ada.send(text("from a phone"));
    await phoenix.next((frame) => frame[3] === "new_msg");
    const [, , , , message] = await phoenix.next((frame) => frame[3] === "new_msg");

    expect(heard).toMatchObject({
      content: "from a page",
      text: true,
      type: "remote",
      avatarUrl: "",
      id: 1,
      number: 2,
    });
    expect(message).toMatchObject({ from: "Ada", body: "from a phone", seq: 2 });
  });

  test("ignores frames that are none, answers none of them, and closes on whoever goes on", async () => {
    await using chat = await startWechatChat();
    const ada = await enter(chat, await chat.login("o-ada"));
    await ada.json();
    for (const frame of ["", "{", "[]", "null", '{"text":true}', '{"content":7,"text":true}', "ping"]) ada.send(frame);
    ada.send(text("still here"));
    expect(await ada.json()).toMatchObject({ content: "still here" });

    for (let count = 0; count < 20; count++) ada.send("{");

    expect(await ada.closed()).toEqual({ code: 1008, reason: "policy_violation" });
  });

  test.each([
    ["a megabyte of pings", "ping".repeat(262_144), 1009],
    ["a frame that nests deep", "[".repeat(16_000), undefined],
  ])("survives %s", async (_what, frame, code) => {
    await using chat = await startWechatChat();
    const [ada, bo] = [await enter(chat, await chat.login("o-ada")), await enter(chat, await chat.login("o-bo"))];

    ada.send(frame);
    if (code !== undefined) expect((await ada.closed()).code).toBe(code);
    bo.send(text("still here"));

    expect(await bo.json(isSaid)).toMatchObject({ content: "still here", type: "user" });
  });

  test("goes on counting after a restart, with the sessions of before", async () => {
    await using folder = await createTemporaryFolder();
    const config = { dataFolder: folder.path, databaseUrl: `sqlite:${folder.at("chat.db")}` };
    let keys: WaferKeys;
    {
      await using before = await startWechatChat({ config });
      keys = await before.login("o-ada");
      const ada = await enter(before, keys);
      ada.send(text("one"));
      expect(await ada.json(isSaid)).toMatchObject({ id: 1 });
    }
    await using after = await startWechatChat({ config });
    const ada = await enter(after, keys);
    ada.send(text("two"));

    expect(await ada.json(isSaid)).toMatchObject({ content: "two", id: 2 });
  });

  test("shows a picture that was uploaded here to phones and pages", async () => {
    await using chat = await startWechatChat();
    const keys = await chat.login("o-ada");
    const ada = await enter(chat, keys);
    const phoenix = await chat.started.phoenix();
    await phoenix.reply(phoenix.join("room:lobby"));
    const { code, data } = (await upload(chat, keys, await picture())) as { code: number; data: { imgUrl: string } }; // compared next
    expect({ code, data }).toMatchObject({ code: 0, data: { name: "tmp_1.png", mimeType: "image/png" } });

    ada.send(JSON.stringify({ url: data.imgUrl, gallery: true }));

    expect(await ada.json(isSaid)).toMatchObject({ url: data.imgUrl, gallery: true, type: "user" });
    const [, , , , message] = await phoenix.next((frame) => frame[3] === "new_msg");
    expect(message).toMatchObject({ type: "image", url: expect.stringMatching(/^\/api\/files\/[\w-]+$/) });
    const shown = await fetch(data.imgUrl);
    expect([shown.status, shown.headers.get("content-type")]).toEqual([200, "image/png"]);
    const forged = await fetch(data.imgUrl.replace(/.$/, (last) => (last === "A" ? "B" : "A")));
    expect(forged.status).toBe(404);
  });

  test("shows pictures from elsewhere by their https address, and no others", async () => {
    await using chat = await startWechatChat();
    const ada = await enter(chat, await chat.login("o-ada"));
    const bo = await enter(chat, await chat.login("o-bo"));
    for (const url of ["javascript:alert(1)", "http://tracker.example/a.png", "https://files.example/b.png"])
      ada.send(JSON.stringify({ url, gallery: true }));

    expect(await bo.json(isSaid)).toMatchObject({ url: "https://files.example/b.png", gallery: true, id: 1 });
  });

  test("stores nothing for whoever has no session, and only pictures are shown", async () => {
    await using chat = await startWechatChat();
    const keys = await chat.login("o-ada");

    expect(await upload(chat, {}, await picture())).toMatchObject({ code: -1, error: "ERR_INVALID_SESSION" });
    const { data } = (await upload(chat, keys, Buffer.from("plain text"))) as { data?: { imgUrl: string } }; // compared next
    expect((await fetch(data?.imgUrl ?? `${chat.started.chat.url}/pictures/x/y`)).status).toBe(404);
  });
});
