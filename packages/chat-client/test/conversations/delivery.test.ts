import { describe, expect, test } from "vitest";

import { ConversationBook } from "../../src/conversations/conversation-book.ts";
import { deliveryOf } from "../../src/conversations/delivery.ts";
import { ADA, BO, conversationOf } from "../support/scripted-server.ts";

const entryOf = (change: Parameters<typeof conversationOf>[0]) =>
  new ConversationBook().putConversation(conversationOf(change));

describe("deliveryOf", () => {
  test("with one other it goes from sent over received to read", () => {
    const entry = entryOf({ peerReadSeq: 3, peerReceivedSeq: 5 });

    expect([3, 5, 6].map((seq) => deliveryOf(entry, seq, ADA))).toEqual([
      { kind: "read", readerCount: 1 },
      { kind: "received" },
      { kind: "sent" },
    ]);
  });

  test("what a synchronisation says of the other counts too", () => {
    const book = new ConversationBook();
    const entry = book.putConversation(conversationOf({ lastSeq: 4 }));

    book.putConversation(conversationOf({ lastSeq: 4, peerReadSeq: 4, peerReceivedSeq: 4 }));

    expect(deliveryOf(entry, 4, ADA)).toEqual({ kind: "read", readerCount: 1 });
  });

  test("in a group it is read by those of the others who came so far", () => {
    const book = new ConversationBook();
    const entry = book.putConversation(conversationOf({ type: "group", peerId: null }));
    book.putMarks(entry, { userId: BO, readSeq: 4, receivedSeq: 4 });
    book.putMarks(entry, { userId: "cy", readSeq: 9, receivedSeq: 9 });
    book.putMarks(entry, { userId: ADA, readSeq: 9, receivedSeq: 9 });

    expect([4, 5, 10].map((seq) => deliveryOf(entry, seq, ADA))).toEqual([
      { kind: "read", readerCount: 2 },
      { kind: "read", readerCount: 1 },
      { kind: "sent" },
    ]);
  });

  test("in a group of more than 200 nobody counts, because the server does not tell", () => {
    const book = new ConversationBook();
    const entry = book.putConversation(conversationOf({ type: "group", peerId: null, memberCount: 201 }));
    book.putMarks(entry, { userId: BO, readSeq: 4, receivedSeq: 4 });

    expect(deliveryOf(entry, 4, ADA)).toEqual({ kind: "sent" });
  });

  test("rooms do not tell", () => {
    expect(deliveryOf(entryOf({ type: "room", peerId: null }), 1, ADA)).toBe(undefined);
  });
});
