import { testEngines } from "@hutong/database/testing";
import { file as fileSchema, type StoredFile } from "@hutong/chat-api";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ApiClient } from "../support/api-client.ts";
import { startTestChat } from "../support/started-chat.ts";
import { canvas } from "./support/pictures.ts";
import { MIGRATIONS } from "../../src/storage/migrations.ts";

/** Sends a picture, for a message unless told otherwise. */
async function upload(by: ApiClient, purpose = "message"): Promise<StoredFile> {
  const body = new FormData();
  body.append("file", new Blob([new Uint8Array(await canvas(20, 20).png().toBuffer())]), "a.png");
  const answer = await by.request(`/files?purpose=${purpose}`, { method: "POST", body });
  return z.object({ file: fileSchema }).parse(answer.body).file;
}

describe.each(testEngines())("files of the whole chat on $name", (engine) => {
  test("a picture is shown, passed on and recalled, and is readable as long as that says", async () => {
    await using temporary = await engine.create(MIGRATIONS);
    await using started = await startTestChat({ databaseUrl: temporary.url });
    const anyone = new ApiClient(started.chat.url);
    const [ada, bob] = [await anyone.register("ada_l"), await anyone.register("bob_b")];
    const cy = await anyone.register("cy_c");
    const file = await upload(ada);
    const content = { type: "image", body: { fileId: file.id, width: 20, height: 20 } } as const;
    const directOf = async (by: ApiClient, userId: string) =>
      (await by.call("open_direct", { userId })).conversation.id;
    const statusFor = async (by: ApiClient) => (await by.request(`/files/${file.id}`)).status;
    const [toBob, toCy] = [await directOf(ada, bob.session.me.id), await directOf(bob, cy.session.me.id)];
    const foreign = { conversationId: toCy, clientMessageId: "message-0", content };
    await expect(bob.call("send_message", foreign)).rejects.toThrow("not_found");

    const sent = { conversationId: toBob, clientMessageId: "message-1", content };
    const { message } = await ada.call("send_message", sent);
    const afterSend = [await statusFor(bob), await statusFor(cy)];
    const copy = { conversationId: toBob, seqs: [message.seq], to: [toCy], clientMessageId: "message-2" };
    const { messages } = await bob.call("forward_messages", copy);
    const afterForward = [await statusFor(bob), await statusFor(cy)];
    await ada.call("recall_message", { conversationId: toBob, seq: message.seq });
    await bob.call("recall_message", { conversationId: toCy, seq: messages[0]?.seq ?? 0 });

    expect(afterSend).toEqual([200, 404]);
    expect(afterForward).toEqual([200, 200]);
    expect([await statusFor(ada), await statusFor(bob), await statusFor(cy)]).toEqual([200, 404, 404]);
  });

  test("an avatar is a profile picture of one's own, and everybody sees it", async () => {
    await using temporary = await engine.create(MIGRATIONS);
    await using started = await startTestChat({ databaseUrl: temporary.url });
    const anyone = new ApiClient(started.chat.url);
    const [ada, bob] = [await anyone.register("ada_l"), await anyone.register("bob_b")];
    const [face, picture] = [await upload(ada, "profile"), await upload(ada)];

    await ada.call("update_profile", { avatar: face.id });

    const { user } = await bob.call("get_user", { userId: ada.session.me.id });
    expect((await bob.request(`/files/${user.avatar}`)).status).toBe(200);
    await expect(ada.call("update_profile", { avatar: picture.id })).rejects.toThrow("not_found");
    await expect(bob.call("update_profile", { avatar: face.id })).rejects.toThrow("not_found");
  });
});
