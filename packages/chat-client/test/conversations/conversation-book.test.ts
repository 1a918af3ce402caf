import { describe, expect, test } from "vitest";

import { ConversationBook } from "../../src/conversations/conversation-book.ts";
import { LiveHarness, seqsOf } from "../support/live-harness.ts";
import { BO, conversationOf, userOf } from "../support/scripted-server.ts";

describe("ConversationBook", () => {
  test("pinned conversations come first, hidden ones are left out, muted ones are not counted", () => {
    const book = new ConversationBook();
    book.putConversation(conversationOf({ id: "old", lastMessageAt: 1, unread: 1 }));
    book.putConversation(conversationOf({ id: "new", lastMessageAt: 9, unread: 2, notify: false }));
    book.putConversation(conversationOf({ id: "pinned", lastMessageAt: 0, pinnedAt: 5, markedUnread: true }));
    book.putConversation(conversationOf({ id: "hidden", lastMessageAt: 99, hidden: true, unread: 7 }));

    expect(book.list.value.map(({ id }) => id)).toEqual(["pinned", "new", "old"]);
    expect(book.unread.value).toBe(2);
  });

  test("a view that was read before the latest message does not take it back", () => {
    const book = new ConversationBook();
    const entry = book.putConversation(conversationOf({ lastSeq: 5, unread: 2, readSeq: 3 }));

    book.putConversation(conversationOf({ lastSeq: 4, unread: 1, readSeq: 2, title: "renamed", metaSeq: 2 }));

    expect(entry.view.value).toMatchObject({ lastSeq: 5, unread: 2, readSeq: 3, title: "renamed" });
  });

  test("a cleared history goes from the log", () => {
    const harness = new LiveHarness();
    const entry = harness.hold(5);

    harness.book.putConversation(conversationOf({ lastSeq: 5, minSeq: 4 }));

    expect(seqsOf(entry)).toEqual([5]);
  });

  test("a view that moved on keeps what was read here meanwhile", () => {
    const book = new ConversationBook();
    const entry = book.putConversation(conversationOf({ lastSeq: 5, readSeq: 5, unread: 0 }));

    book.putConversation(conversationOf({ lastSeq: 5, readSeq: 3, unread: 2, mentioned: true }));

    expect(entry.view.value).toMatchObject({ readSeq: 5, unread: 0, mentioned: false });
  });

  test("older settings do not replace newer ones", () => {
    const book = new ConversationBook();
    const entry = book.putConversation(conversationOf({ title: "new", metaSeq: 4 }));

    book.putConversation(conversationOf({ title: "old", metaSeq: 3, lastSeq: 9 }));

    expect(entry.view.value).toMatchObject({ title: "new", metaSeq: 4, lastSeq: 9 });
  });

  test("a room that was left is not listed, a group that was left is", () => {
    const book = new ConversationBook();
    book.putConversation(conversationOf({ id: "room", type: "room", maxSeq: 4 }));
    book.putConversation(conversationOf({ id: "group", type: "group", maxSeq: 4 }));

    expect(book.list.value.map(({ id }) => id)).toEqual(["group"]);
    book.remove("group");
    expect(book.list.value).toEqual([]);
  });

  test("nobody's marks go back, and those of the other one are in the view too", () => {
    const book = new ConversationBook();
    const entry = book.putConversation(conversationOf());

    book.putMarks(entry, { userId: BO, readSeq: 5, receivedSeq: 3 });
    book.putMarks(entry, { userId: BO, readSeq: 4, receivedSeq: 9 });

    expect(entry.marks.value.get(BO)).toEqual({ readSeq: 5, receivedSeq: 9 });
    expect(entry.view.value).toMatchObject({ peerReadSeq: 5, peerReceivedSeq: 9 });
  });

  test("people who are as they were tell nobody", () => {
    const book = new ConversationBook();
    book.putUsers([userOf(BO)]);
    const before = book.users.value;

    book.putUsers([userOf(BO)]);
    expect(book.users.value).toBe(before);
    book.putUsers([{ ...userOf(BO), nickname: "Bob" }]);

    expect(book.users.value.get(BO)?.nickname).toBe("Bob");
  });

  test("removed messages go from the log, whose followers hear of it", () => {
    const harness = new LiveHarness();
    const entry = harness.hold(3);
    const before = entry.logVersion.value;

    harness.book.removeMessages(entry, [2]);

    expect(seqsOf(entry)).toEqual([1, 3]);
    expect(entry.log.ranges).toEqual([{ lo: 1, hi: 3 }]);
    expect(entry.logVersion.value).toBe(before + 1);
  });
});
