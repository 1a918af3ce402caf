import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import type { ChatError } from "../../src/api/chat-error.ts";
import type { MessageDraft, SentMessage } from "../../src/messages/message-store.ts";
import { PacedMessageStore } from "../../src/messages/paced-message-store.ts";

function createStage() {
  const clock = new FakeClock();
  const stored: MessageDraft[] = [];
  const store = {
    send: async (draft: MessageDraft): Promise<SentMessage> => {
      stored.push(draft);
      throw new Error("stored");
    },
  };
  const paced = new PacedMessageStore({ store, clock, perSecond: 5 });
  /** Sends as many, and gives the waits of those that were refused. */
  const send = async (count: number, part: Partial<MessageDraft> = {}): Promise<readonly unknown[]> => {
    const waits: unknown[] = [];
    for (let number = 0; number < count; number++) {
      const error = await paced.send({ ...draftOf(number), ...part }).catch((thrown: unknown) => thrown as ChatError);
      if ("code" in error) waits.push(error.toBody());
    }
    return waits;
  };
  return { clock, stored, send };
}

function draftOf(number: number): MessageDraft {
  return {
    conversationId: "c1",
    sender: senderOf("ada"),
    clientMessageId: `m${number}`,
    content: { type: "text", body: { text: "hello" } },
    replyTo: 0,
    mentions: [],
    mentionsAll: false,
    forwarded: false,
  };
}

function senderOf(id: string): MessageDraft["sender"] {
  return { id, kind: "user", name: null };
}

describe("PacedMessageStore", () => {
  test("lets a sender say four seconds' worth at once, then its messages per second", async () => {
    const { clock, stored, send } = createStage();

    expect(await send(21)).toMatchObject([{ reason: "rate_limited", retryAfterMs: 200 }]);
    expect(stored).toHaveLength(20);
    await clock.advance(200);
    expect(await send(2)).toHaveLength(1);
    expect(await send(20, { sender: senderOf("bo") })).toEqual([]);
  });

  test("has room for eight busy senders in a conversation", async () => {
    const { clock, send } = createStage();

    for (let number = 0; number < 10; number++) expect(await send(20, { sender: senderOf(`s${number}`) })).toEqual([]);
    expect(await send(1, { sender: senderOf("late") })).toMatchObject([{ reason: "rate_limited", retryAfterMs: 25 }]);
    expect(await send(1, { sender: senderOf("late"), conversationId: "c2" })).toEqual([]);
    await clock.advance(1_000);
    for (let number = 0; number < 10; number++) expect(await send(4, { sender: senderOf(`t${number}`) })).toEqual([]);
    expect(await send(1, { sender: senderOf("late") })).toHaveLength(1);
  });

  test("counts the copies of a forward apart, as many as one call can make", async () => {
    const { send } = createStage();

    for (let target = 0; target < 20; target++)
      expect(await send(50, { forwarded: true, conversationId: `to${target}` })).toEqual([]);
    expect(await send(1, { forwarded: true, conversationId: "to" })).toMatchObject([{ reason: "rate_limited" }]);
    expect(await send(20)).toEqual([]);
  });
});
