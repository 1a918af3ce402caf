import { describe, expect, test } from "vitest";

import type { Message } from "@hutong/chat-api";
import { type MessageRow, type RowSource, toMessageRows } from "../../src/conversations/message-rows.ts";
import type { OutboxEntry } from "../../src/outbox/outbox-entry.ts";
import { ADA, BO, messageOf, START } from "../support/scripted-server.ts";

function rowsOf(messages: readonly Message[], change: Partial<RowSource> = {}): readonly MessageRow[] {
  return toMessageRows({ messages, holes: [], pending: [], unreadAfter: undefined, userId: ADA, ...change });
}

function shapeOf(rows: readonly MessageRow[]): readonly string[] {
  return rows.map((row) => {
    if (row.kind === "message") return `${row.message.seq}${row.isHead ? " head" : ""}`;
    return row.kind === "pending" ? `pending${row.isHead ? " head" : ""}` : row.kind;
  });
}

const pendingOf = (clientMessageId: string): OutboxEntry => ({
  clientMessageId,
  conversationId: "c1",
  content: { type: "text", body: { text: "new" } },
  replyTo: 0,
  mentions: [],
  mentionsAll: false,
  createdAt: START + 50,
  state: { kind: "waiting" },
});

describe("toMessageRows", () => {
  test("messages of one sender that follow closely are one group", () => {
    const rows = rowsOf([
      messageOf(1),
      messageOf(2),
      messageOf(3, { senderId: ADA }),
      messageOf(4, { createdAt: START + 400_000 }),
      messageOf(5, { createdAt: START + 800_001 }),
    ]);

    expect(shapeOf(rows)).toEqual(["start", "day", "1 head", "2", "3 head", "4 head", "5 head"]);
  });

  test("another day begins with its line and a new group", () => {
    const rows = rowsOf([messageOf(1), messageOf(2, { createdAt: START + 86_400_000 })]);

    expect(shapeOf(rows)).toEqual(["start", "day", "1 head", "day", "2 head"]);
  });

  test("the line of the unread stands before the first message of somebody else", () => {
    const rows = rowsOf([messageOf(1), messageOf(2, { senderId: ADA }), messageOf(3), messageOf(4)], {
      unreadAfter: 1,
    });

    expect(shapeOf(rows)).toEqual(["start", "day", "1 head", "2 head", "unread", "3 head", "4"]);
  });

  test("there is no line of the unread where its place is not held", () => {
    const later = rowsOf([messageOf(9)], { holes: [{ lo: 1, hi: 8 }], unreadAfter: 4 });
    const before = rowsOf([messageOf(5), messageOf(9)], { holes: [{ lo: 6, hi: 8 }], unreadAfter: 4 });
    const far = rowsOf([messageOf(5), messageOf(6)], { holes: [{ lo: 1, hi: 4 }], unreadAfter: 4 });

    expect(shapeOf(later)).toEqual(["hole", "day", "9 head"]);
    expect(shapeOf(before)).toEqual(["start", "day", "unread", "5 head", "hole", "9 head"]);
    expect(shapeOf(far)).toEqual(["hole", "day", "unread", "5 head", "6"]);
  });

  test("holes stand where they are, and the beginning is only shown where it is held", () => {
    const rows = rowsOf([messageOf(5), messageOf(9)], {
      holes: [
        { lo: 1, hi: 4 },
        { lo: 6, hi: 8 },
        { lo: 10, hi: 12 },
      ],
    });

    expect(shapeOf(rows)).toEqual(["hole", "day", "5 head", "hole", "9 head", "hole"]);
  });

  test("what is on its way stands at the end, and keeps its key when it arrives", () => {
    const before = rowsOf([messageOf(1, { senderId: BO })], { pending: [pendingOf("x1"), pendingOf("x2")] });
    const after = rowsOf([messageOf(1), messageOf(2, { senderId: ADA, clientMessageId: "x1" })]);

    expect(shapeOf(before)).toEqual(["start", "day", "1 head", "pending head", "pending"]);
    expect(before[3]?.key).toBe("x1");
    expect(after.at(-1)?.key).toBe("x1");
  });

  test("a line across the conversation ends a group", () => {
    const gone = { ...messageOf(2), type: "removed", body: {} } as const;

    expect(shapeOf(rowsOf([messageOf(1), gone, messageOf(3), messageOf(4)]))).toEqual([
      ...["start", "day", "1 head", "2 head", "3 head", "4"],
    ]);
  });

  test("what is on its way on another day has that day's line", () => {
    const late = { ...pendingOf("x1"), createdAt: START + 86_400_000 };

    expect(shapeOf(rowsOf([messageOf(1, { senderId: ADA })], { pending: [late] }))).toEqual([
      ...["start", "day", "1 head", "day", "pending head"],
    ]);
  });

  test("own messages and notices begin no line of the unread", () => {
    const notice: Message = {
      ...messageOf(2),
      type: "notice",
      body: { kind: "group_created", actorId: BO, userIds: [], text: "" },
    };
    const rows = rowsOf([messageOf(1), notice, messageOf(3, { senderId: ADA })], { unreadAfter: 1 });

    expect(rows.some(({ kind }) => kind === "unread")).toBe(false);
  });

  test("a message keeps the key that it was sent under", () => {
    const rows = rowsOf([messageOf(1, { senderId: ADA, clientMessageId: "x1" }), messageOf(2)]);

    expect(rows.slice(-2).map(({ key }) => key)).toEqual(["x1", "m2"]);
  });
});
