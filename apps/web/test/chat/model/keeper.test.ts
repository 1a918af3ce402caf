import { describe, expect, test } from "vitest";

import { ConversationBook } from "../../../src/chat/model/conversation-book.ts";
import { Keeper, KEPT_MESSAGES } from "../../../src/chat/model/keeper.ts";
import { BO, conversationOf, MemoryStore, meOf, messagesOf, userOf } from "../support.ts";
import { LiveHarness, seqsOf } from "./live-harness.ts";

function keeperOf(harness: LiveHarness, store: MemoryStore): Keeper {
  return new Keeper({
    store,
    book: harness.book,
    clock: harness.clock,
    me: () => meOf(),
    position: () => ({ userSeq: 9, since: 5 }),
  });
}

describe("Keeper", () => {
  test("a later page shows the conversations and their newest messages before the server answers", async () => {
    const store = new MemoryStore();
    const before = new LiveHarness();
    before.book.putUsers([userOf(BO), userOf("nobody we know")]);
    before.hold(500);
    await keeperOf(before, store).write();

    const after = new LiveHarness();
    const keeper = keeperOf(after, store);
    const state = await keeper.restore();
    const entry = after.book.entry("c1");
    if (entry === undefined) throw new TypeError("the conversation was not kept");
    await keeper.restoreMessages(entry);

    expect(state?.position).toEqual({ userSeq: 9, since: 5 });
    expect([...after.book.users.value.keys()]).toEqual([BO]);
    expect(entry.log.ranges).toEqual([{ lo: 500 - KEPT_MESSAGES + 1, hi: 500 }]);
    expect(seqsOf(entry)).toHaveLength(KEPT_MESSAGES);
  });

  test("what the server brought first is not replaced by what was kept", async () => {
    const store = new MemoryStore();
    await store.writeMessages([{ conversationId: "c1", changeSeq: 0, messages: messagesOf(1, 2), lo: 1, hi: 2 }]);
    const harness = new LiveHarness();
    const entry = harness.hold(9);

    await keeperOf(harness, store).restoreMessages(entry);

    expect(entry.log.ranges).toEqual([{ lo: 1, hi: 9 }]);
  });

  test("changes are collected, and a log that did not change is not written again", async () => {
    const store = new MemoryStore();
    const harness = new LiveHarness();
    harness.hold(3);
    const keeper = keeperOf(harness, store);

    keeper.touch();
    keeper.touch();
    await harness.clock.advance(500);
    expect([...store.messages.keys()]).toEqual(["c1"]);
    store.messages.clear();
    await keeper.write();

    expect(store.messages.size).toBe(0);
  });

  test("a storage that fails disturbs nobody", async () => {
    const store = new MemoryStore();
    const fail = async (): Promise<never> => Promise.reject(new Error("no room"));
    Object.defineProperties(store, {
      readState: { value: fail },
      writeState: { value: fail },
      readMessages: { value: fail },
    });
    const harness = new LiveHarness();
    const keeper = keeperOf(harness, store);

    expect(await keeper.restore()).toBe(undefined);
    await keeper.restoreMessages(harness.hold(1));
    await keeper.write();
  });
});

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
});
