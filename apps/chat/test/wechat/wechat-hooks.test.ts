import { eventually, FakeClock } from "@hutong/testing";
import { type Clock, systemClock } from "@hutong/server/plugin";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { ApiClient } from "../support/api-client.ts";
import { startWechatChat, type WechatChat, type WechatChatOptions } from "../support/wechat-chat.ts";

const NOW = 1_700_000_000_000;
const PUBLIC_URL = "https://chat.example.org";
const RISKY = { suggest: "risky", label: 20_003 } as const;

interface Bench extends AsyncDisposable {
  readonly chat: WechatChat;
  readonly clock: FakeClock;
  /** Came by WeChat. */
  readonly ada: ApiClient;
  /** Came by WeChat. */
  readonly bo: ApiClient;
  readonly conversationId: string;
}

async function open(options: WechatChatOptions["wechat"] = {}, chatClock?: Clock): Promise<Bench> {
  const clock = new FakeClock(NOW);
  const config = { publicUrl: PUBLIC_URL };
  const chat = await startWechatChat({ clock: chatClock ?? clock, wechat: options, config });
  const [ada, bo] = [await signIn(chat, "o-ada", "Ada"), await signIn(chat, "o-bo", "Bo")];
  const { id: userId } = await bo.call("get_me", {});
  const { conversation } = await ada.call("open_direct", { userId });
  return {
    chat,
    clock,
    ada,
    bo,
    conversationId: conversation.id,
    [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose](),
  };
}

async function signIn({ wechat, started }: WechatChat, openid: string, nickname: string): Promise<ApiClient> {
  const code = wechat.account(openid).login();
  const device = { key: `device-of-${openid}`, platform: "wechat" as const, name: "test" };
  const anyone = new ApiClient(started.chat.url);
  return new ApiClient(started.chat.url, await anyone.call("sign_in_with_wechat", { code, nickname, device }));
}

let messageCount = 0;
function say({ ada, conversationId }: Bench, text: string) {
  const clientMessageId = `message-${++messageCount}`;
  return ada.call("send_message", { conversationId, clientMessageId, content: { type: "text", body: { text } } });
}

describe("the content check", () => {
  test("holds back texts and names that WeChat calls risky", async () => {
    await using bench = await open({ moderation: "lenient" });
    bench.chat.wechat.security.judgeWord("坏话", RISKY);

    const { message } = await say(bench, "好话");

    await expect(say(bench, "一句坏话")).rejects.toThrow("content_rejected");
    const edit = { conversationId: bench.conversationId, seq: message.seq, text: "坏话" };
    await expect(bench.ada.call("edit_message", edit)).rejects.toThrow("content_rejected");
    await expect(bench.ada.call("update_profile", { nickname: "坏话" })).rejects.toThrow("content_rejected");
    expect((await bench.ada.call("update_profile", { nickname: "Ada L" })).nickname).toBe("Ada L");
    const { messages } = await bench.bo.call("pull_messages", { conversationId: bench.conversationId, limit: 10 });
    expect(messages.map(({ body }) => body)).toEqual([{ text: "好话" }]);
  });

  test("holds back the name of somebody new, and asks for nobody else's when signing in", async () => {
    await using bench = await open({ moderation: "lenient" });
    const { chat } = bench;
    chat.wechat.security.judgeWord("坏话", RISKY);

    await expect(signIn(chat, "o-cy", "坏话")).rejects.toThrow("content_rejected");

    expect((await (await signIn(chat, "o-cy", "Cy")).call("get_me", {})).nickname).toBe("Cy");
    expect((await (await signIn(chat, "o-ada", "坏话")).call("get_me", {})).nickname).toBe("Ada");
  });

  test("gives WeChat no addresses of pictures where rooms forget", async () => {
    const options = { moderation: "strict" } as const;
    await using chat = await startWechatChat({ wechat: options, config: { publicUrl: PUBLIC_URL, rooms: "memory" } });
    const [ada, bo] = [await signIn(chat, "o-ada", "Ada"), await signIn(chat, "o-bo", "Bo")];
    const urls: unknown[] = [];
    const { security } = chat.wechat;
    const asked = security.checkMedia.bind(security);
    security.checkMedia = (request) => {
      urls.push(request.fields?.get("media_url"));
      return asked(request);
    };
    const { conversation } = await ada.call("open_direct", { userId: (await bo.call("get_me", {})).id });
    const content = { type: "image" as const, body: { fileId: await upload(ada), width: 20, height: 10 } };

    await ada.call("send_message", { conversationId: conversation.id, clientMessageId: "picture-1", content });
    // The end waits for what WeChat is being asked.
    await chat.started.chat.close();

    expect(urls).toEqual([]);
  });

  test("holds back whatever else people of a group or a request read", async () => {
    await using bench = await open({ moderation: "lenient" });
    const { ada, bo, conversationId } = bench;
    const userId = (await bo.call("get_me", {})).id;
    const [title, notice, alias, message] = ["坏话", "坏话", "坏话", "坏话"];
    bench.chat.wechat.security.judgeWord("坏话", RISKY);
    await bo.call("update_settings", { addMe: "anyone" });

    await expect(ada.call("request_friend", { userId, message })).rejects.toThrow("content_rejected");
    await ada.call("request_friend", { userId });
    await expect(ada.call("create_group", { userIds: [userId], title })).rejects.toThrow("content_rejected");
    const { conversation: group } = await ada.call("create_group", { userIds: [userId] });
    const changes = [{ title }, { notice }].map((change) =>
      ada.call("update_group", { conversationId: group.id, ...change }),
    );
    for (const change of changes) await expect(change).rejects.toThrow("content_rejected");
    await expect(ada.call("update_membership", { conversationId, alias })).rejects.toThrow("content_rejected");
    const joined = ada.call("join_open_group", { conversationId: group.id, message });
    await expect(joined).rejects.toThrow("content_rejected");

    const { conversation } = await bo.call("get_conversation", { conversationId: group.id });
    expect(conversation).toMatchObject({ title: group.title, notice: "" });
  });

  test.each([
    ["lenient", "done"],
    ["strict", "content_rejected"],
  ] as const)("%s, while WeChat does not answer, says: %s", async (moderation, outcome) => {
    await using bench = await open({ moderation });
    bench.chat.wechat.failNext({ kind: "bad_gateway" }, { path: "/wxa/msg_sec_check" });

    const said = await say(bench, "hello").then(
      () => "done",
      (error: Error) => error.message,
    );

    expect(said).toBe(outcome);
  });

  test("takes away a picture that WeChat judges risky later", async () => {
    await using bench = await open({ moderation: "lenient", pushToken: "a-token" });
    const { chat, ada, bo, clock, conversationId } = bench;
    const { url } = chat.started.chat;
    await chat.wechat.pushes.register({ url: `${url}/wechat/push`, token: "a-token" });
    const fileId = await upload(ada);
    // Every address that WeChat is given is risky.
    const security = chat.wechat.security;
    const asked = security.checkMedia.bind(security);
    const urls: string[] = [];
    security.checkMedia = (request) => {
      const mediaUrl = String(request.fields?.get("media_url"));
      urls.push(mediaUrl);
      security.judgeMedia(mediaUrl, RISKY);
      return asked(request);
    };

    const content = { type: "image" as const, body: { fileId, width: 20, height: 10 } };
    await ada.call("send_message", { conversationId, clientMessageId: "picture-1", content });
    await eventually(() => urls.length === 1);
    const shown = await fetch(urls[0]?.replace(PUBLIC_URL, url) ?? "");
    await eventually(async () => {
      await clock.advance(1_000);
      const { messages } = await bo.call("pull_messages", { conversationId, limit: 10 });
      return messages[0]?.type === "removed";
    });

    expect(shown.status).toBe(200);
    expect((await fetch(urls[0]?.replace(PUBLIC_URL, url) ?? "")).status).toBe(404);
    expect((await bo.call("pull_changes", { conversationId, after: 0 })).changes).toMatchObject([
      { kind: "removal", actorId: "system", message: { type: "removed" } },
    ]);
  });

  test("gives WeChat an address where it finds the recording that it is to judge", async () => {
    await using bench = await open({ moderation: "lenient" });
    const { chat, ada, conversationId } = bench;
    const { security } = chat.wechat;
    const asked = security.checkMedia.bind(security);
    const urls: string[] = [];
    security.checkMedia = (request) => {
      urls.push(String(request.fields?.get("media_url")));
      return asked(request);
    };
    const recording = Buffer.concat([Buffer.from("RIFF\x24\0\0\0WAVEfmt \x10\0\0\0", "latin1"), Buffer.alloc(20)]);
    const body = new FormData();
    body.append("file", new Blob([recording]), "a.wav");
    const { file } = (await ada.request("/files", { method: "POST", body })).body as { file: { id: string } }; // the answer to an upload

    const content = { type: "voice" as const, body: { fileId: file.id, durationMs: 1_000 } };
    await ada.call("send_message", { conversationId, clientMessageId: "voice-0001", content });
    await eventually(() => urls.length === 1);
    const heard = await fetch(urls[0]?.replace(PUBLIC_URL, chat.started.chat.url) ?? "");

    expect([heard.status, heard.headers.get("content-type")]).toEqual([200, "audio/wav"]);
    expect(Buffer.from(await heard.arrayBuffer())).toEqual(recording);
  });

  test("refuses pushes that WeChat did not sign", async () => {
    await using bench = await open({ pushToken: "a-token" });
    const { url } = bench.chat.started.chat;

    const push = await fetch(`${url}/wechat/push?signature=0&timestamp=1700000000&nonce=1`, {
      method: "POST",
      body: "{}",
    });

    expect(push.status).toBe(403);
  });

  test("knows no pushes where no token is configured", async () => {
    await using bench = await open();

    expect((await fetch(`${bench.chat.started.chat.url}/wechat/push`)).status).toBe(404);
  });
});

async function upload(client: ApiClient): Promise<string> {
  const bytes = await sharp({ create: { width: 20, height: 10, channels: 3, background: "#00c" } })
    .png()
    .toBuffer();
  const body = new FormData();
  body.append("file", new Blob([new Uint8Array(bytes)]), "a.png");
  const answer = await client.request("/files", { method: "POST", body });
  return (answer.body as { file: { id: string } }).file.id; // the answer to an upload
}

describe("a notice", () => {
  const notice = {
    id: "T-1",
    fields: new Map([
      ["thing1", "sender"],
      ["thing2", "text"],
      ["time3", "time"],
    ] as const),
    page: "pages/chat/chat",
  };

  async function subscribe(bench: Bench, answers: object): Promise<number> {
    bench.chat.wechat.subscriptions.addTemplate("T-1", ["thing1", "thing2", "time3"]);
    bench.chat.wechat.subscriptions.accept("o-bo", "T-1");
    const authorization = `Bearer ${bench.bo.session?.accessToken ?? ""}`;
    const headers = { authorization, "content-type": "application/json" };
    const body = JSON.stringify(answers);
    return (await fetch(`${bench.chat.started.chat.url}/wechat/subscriptions`, { method: "POST", headers, body }))
      .status;
  }

  test("goes once for each time that the recipient allowed it", async () => {
    await using bench = await open({ notice });
    const { sent } = bench.chat.wechat.subscriptions;
    expect(await subscribe(bench, { "T-1": "accept" })).toBe(200);

    await say(bench, "晚上一起去吃火锅吧，我已经订好了位子，七点见");
    await eventually(() => sent.length === 1);
    await bench.bo.call("send_message", {
      conversationId: bench.conversationId,
      clientMessageId: "answer-0001",
      content: { type: "text", body: { text: "好" } },
    });
    await say(bench, "two");
    await bench.chat.started[Symbol.asyncDispose]();

    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ openid: "o-bo", templateId: "T-1", page: "pages/chat/chat" });
    expect([...(sent[0]?.values ?? [])]).toEqual([
      ["thing1", "Ada"],
      ["thing2", "晚上一起去吃火锅吧，我已经订好了位子，…"],
      ["time3", "2023年11月15日 06:13"],
    ]);
  });

  test("goes to nobody who is here or has not allowed it", async () => {
    // What goes over sockets is written in its time, which a clock that stands still never brings.
    await using bench = await open({ notice }, systemClock);
    const { sent } = bench.chat.wechat.subscriptions;
    await say(bench, "not allowed");
    expect(await subscribe(bench, { "T-1": "accept" })).toBe(200);
    const phoenix = await bench.chat.started.phoenix(bench.bo.session?.accessToken);
    await phoenix.reply(phoenix.join(`inbox:${bench.bo.session?.me.id ?? ""}`));

    await bench.bo.call("send_message", {
      conversationId: bench.conversationId,
      clientMessageId: "answer-0002",
      content: { type: "text", body: { text: "好" } },
    });
    await say(bench, "here");
    await bench.chat.started[Symbol.asyncDispose]();

    expect(sent).toEqual([]);
  });

  test("is recorded for people of WeChat only", async () => {
    await using bench = await open({ notice });
    const password = await new ApiClient(bench.chat.started.chat.url).register("carl_1");
    const ask = (token: string | undefined) =>
      fetch(`${bench.chat.started.chat.url}/wechat/subscriptions`, {
        method: "POST",
        headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        body: '{"T-1":"accept"}',
      });

    expect((await ask(undefined)).status).toBe(401);
    expect((await ask(password.session.accessToken)).status).toBe(400);
  });
});
