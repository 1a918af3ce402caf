import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { ApiClient } from "../support/api-client.ts";
import { startTestChat } from "../support/started-chat.ts";

describe("the pace of sending", () => {
  test("over HTTP the 21st message at once is 429 with the wait, is not stored, and is stored after the wait", async () => {
    const clock = new FakeClock();
    await using started = await startTestChat({ sendsPerSecond: 5 }, { clock });
    const ada = await new ApiClient(started.chat.url).register("ada_l");
    const { conversation } = await ada.call("open_room", { name: "lobby" });
    const send = (number: number) =>
      ada.send("send_message", {
        conversationId: conversation.id,
        clientMessageId: `message-${number}`,
        content: { type: "text", body: { text: `message ${number}` } },
      });
    for (let number = 1; number <= 20; number++) expect((await send(number)).status).toBe(200);

    const refused = await send(21);

    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ error: { reason: "rate_limited", retryAfterMs: 200 } });
    expect((await ada.call("get_conversation", { conversationId: conversation.id })).conversation.lastSeq).toBe(20);
    await clock.advance(200);
    expect((await send(21)).body).toMatchObject({ message: { seq: 21 }, duplicate: false });
  });

  test("holds for what is said in the channel of a room, too", async () => {
    await using started = await startTestChat({ sendsPerSecond: 1 });
    const guest = await started.phoenix();
    await guest.reply(guest.join("room:lobby", { nickname: "Guest" }));
    const refs = Array.from({ length: 30 }, (_, number) => guest.push("room:lobby", "new_msg", { body: `${number}` }));

    const answers: unknown[] = [];
    for (const ref of refs) answers.push((await guest.reply(ref))[4]);

    expect(answers.slice(0, 4)).toEqual(Array(4).fill(expect.objectContaining({ status: "ok" })));
    expect(answers).toContainEqual({
      status: "error",
      response: expect.objectContaining({ reason: "rate_limited", retryAfterMs: expect.any(Number) }),
    });
  });
});
