import type { MessageContent } from "@hutong/chat-api";
import { expect, test } from "vitest";
import { ApiClient } from "../support/api-client.ts";
import { startTestChat } from "../support/started-chat.ts";

test("a message of every type is read as it was sent, its files included", async () => {
  await using started = await startTestChat();
  const api = new ApiClient(started.chat.url);
  const ada = await api.register("ada_l");
  const bob = await api.register("bob_b");
  await bob.call("update_settings", { strangers: { visitor: 0, user: null } });
  const { conversation } = await ada.call("open_direct", { userId: bob.session.me.id });
  const conversationId = conversation.id;
  const stored = async (name: string): Promise<string> => {
    const form = new FormData();
    form.append("file", new Blob([name]), name);
    const { body } = await ada.request("/files", { method: "POST", body: form });
    return (body as { file: { id: string } }).file.id; // the answer of upload_file
  };
  const [picture, voice, video, poster, paper] = [
    await stored("picture"),
    await stored("voice"),
    await stored("video"),
    await stored("poster"),
    await stored("paper"),
  ];
  const contents: readonly MessageContent[] = [
    { type: "text", body: { text: "你好 👋" } },
    { type: "image", body: { fileId: picture, width: 3, height: 2, caption: "the lane" } },
    { type: "voice", body: { fileId: voice, durationMs: 1_200 } },
    { type: "video", body: { fileId: video, posterId: poster, width: 3, height: 2, durationMs: 9_000 } },
    { type: "file", body: { fileId: paper, name: "报告.pdf", size: 5 } },
    { type: "location", body: { latitude: 39.9, longitude: 116.4, title: "胡同", address: "Beijing" } },
    { type: "card", body: { userId: ada.session.me.id } },
    { type: "custom", body: { kind: "sticker", data: { pack: "cats", number: 7, tags: ["a", null] } } },
  ];

  for (const [place, content] of contents.entries())
    await ada.call("send_message", { conversationId, clientMessageId: `message-${place}`, content });
  const { messages } = await bob.call("pull_messages", { conversationId });

  expect(messages.map(({ type, body }) => ({ type, body }))).toEqual(contents);
  for (const id of [picture, voice, video, poster, paper]) expect((await bob.request(`/files/${id}`)).status).toBe(200);
});
