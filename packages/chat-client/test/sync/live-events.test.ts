import { describe, expect, test } from "vitest";

import { TYPING_MS } from "../../src/sync/live-events.ts";
import { ADA, BO, conversationOf, messageOf, messagesOf } from "../support/scripted-server.ts";
import { LiveHarness, seqsOf } from "../support/live-harness.ts";

describe("LiveEvents", () => {
  test("the next message is shown at once and counts as unread", () => {
    const harness = new LiveHarness();
    const entry = harness.hold(2);

    harness.push(messageOf(3));

    expect(seqsOf(entry)).toEqual([1, 2, 3]);
    expect(entry.view.value).toMatchObject({ lastSeq: 3, unread: 1, lastMessage: { seq: 3 } });
    expect(harness.arrived).toEqual([3]);
  });

  test("a message that comes twice changes nothing", () => {
    const harness = new LiveHarness();
    const entry = harness.hold(2);

    harness.push(messageOf(3));
    harness.push(messageOf(3));
    harness.push(messageOf(1));

    expect(entry.view.value.unread).toBe(1);
    expect(harness.arrived).toEqual([3]);
  });

  test("messages that come in the wrong order are shown in the right one, without asking the server", async () => {
    const harness = new LiveHarness();
    const entry = harness.hold(2);

    harness.push(messageOf(5));
    harness.push(messageOf(4));
    expect(seqsOf(entry)).toEqual([1, 2]);
    harness.push(messageOf(3));

    expect(seqsOf(entry)).toEqual([1, 2, 3, 4, 5]);
    expect(harness.arrived).toEqual([3, 4, 5]);
    expect(harness.server.calls).toEqual([]);
  });

  test("a gap that does not close by itself is pulled after 300 ms", async () => {
    const harness = new LiveHarness();
    const entry = harness.hold(2);
    harness.serve(messagesOf(1, 5));

    harness.push(messageOf(5));
    await harness.clock.advance(299);
    expect(harness.server.calls).toEqual([]);
    await harness.clock.advance(1);

    expect(seqsOf(entry)).toEqual([1, 2, 3, 4, 5]);
    expect(harness.arrived).toEqual([3, 4, 5]);
    expect(entry.view.value.lastSeq).toBe(5);
  });

  test("an own message from another device reads everything above it and settles the outbox", () => {
    const harness = new LiveHarness();
    const entry = harness.hold(2, { unread: 2, readSeq: 0, mentioned: true });

    harness.push(messageOf(3, { senderId: ADA, clientMessageId: "own message" }));

    expect(entry.view.value).toMatchObject({ unread: 0, mentioned: false, readSeq: 3 });
    expect(harness.ownIds).toEqual(["own message"]);
    expect(harness.arrived).toEqual([]);
  });

  test("a notice does not count, a mention is marked", () => {
    const harness = new LiveHarness();
    const entry = harness.hold(0);
    const notice = { kind: "friends" as const, actorId: null, userIds: [] };

    harness.push({ ...messageOf(1), type: "notice", body: notice });
    expect(entry.view.value.unread).toBe(0);
    harness.push(messageOf(2, { mentions: [ADA] }));

    expect(entry.view.value).toMatchObject({ unread: 1, mentioned: true });
  });

  test("a message of an unknown conversation makes the page ask for it", async () => {
    const harness = new LiveHarness();
    harness.serve(messagesOf(1, 1));

    harness.push(messageOf(1));
    await harness.clock.advance(300);

    expect(harness.book.entry("c1")?.view.value.unread).toBe(1);
  });

  test("changes are applied in order, and a missing one is pulled", async () => {
    const harness = new LiveHarness();
    const entry = harness.hold(3);
    const changed = (seq: number, version: number) => messageOf(seq, { version, body: { text: `version ${version}` } });
    const edit = { conversationId: "c1", kind: "edit" as const, actorId: BO };
    harness.serve(messagesOf(1, 3), 3);
    harness.server.answer({
      pull_changes: ({ after }) => ({
        changes: [
          { ...edit, changeSeq: 2, message: changed(2, 2) },
          { ...edit, changeSeq: 3, message: changed(3, 2) },
        ].filter(({ changeSeq }) => changeSeq > Number(after)),
        users: [],
        changeSeq: 3,
        reload: false,
      }),
    });

    harness.live.change({ change: { ...edit, changeSeq: 1, message: changed(1, 2) }, users: [] });
    harness.live.change({ change: { ...edit, changeSeq: 3, message: changed(3, 2) }, users: [] });
    expect(entry.log.messages.map(({ version }) => version)).toEqual([2, 1, 1]);
    await harness.clock.advance(300);

    expect(entry.log.messages.map(({ version }) => version)).toEqual([2, 2, 2]);
    expect(entry.changeSeq).toBe(3);
  });

  test("a change that comes before its message is not lost", () => {
    const harness = new LiveHarness();
    const entry = harness.hold(2);
    const reactions = [{ emoji: "👍", count: 1, userIds: [ADA] }];
    const change = { conversationId: "c1", changeSeq: 1, kind: "reaction" as const, actorId: ADA };

    harness.live.change({ change: { ...change, message: messageOf(3, { reactions }) }, users: [] });
    harness.push(messageOf(3));

    expect(entry.log.get(3)?.reactions).toEqual(reactions);
    expect(entry.changeSeq).toBe(1);
  });

  test("somebody types for six seconds, or until the message is there", async () => {
    const harness = new LiveHarness();
    const entry = harness.hold(1);
    const typing = { conversationId: "c1", userId: BO, typing: true };

    harness.live.typing(typing);
    await harness.clock.advance(TYPING_MS - 1);
    expect([...entry.typing.value.keys()]).toEqual([BO]);
    await harness.clock.advance(1);
    expect(entry.typing.value.size).toBe(0);

    harness.live.typing(typing);
    harness.push(messageOf(2));
    expect(entry.typing.value.size).toBe(0);
  });

  test("reading to the end on another device clears the count here, reading less asks the server", async () => {
    const harness = new LiveHarness();
    const entry = harness.hold(5, { unread: 5, readSeq: 0 });
    harness.server.answer({
      get_conversation: () => ({ conversation: conversationOf({ lastSeq: 5, readSeq: 3, unread: 2 }), users: [] }),
    });

    harness.live.marks({ conversationId: "c1", userId: ADA, readSeq: 3, receivedSeq: 3 });
    await harness.clock.advance(300);
    expect(entry.view.value.unread).toBe(2);
    harness.live.marks({ conversationId: "c1", userId: ADA, readSeq: 5, receivedSeq: 5 });

    expect(entry.view.value).toMatchObject({ unread: 0, readSeq: 5 });
  });

  test("the marks of the other one move the marks of a direct conversation, and never back", () => {
    const harness = new LiveHarness();
    const entry = harness.hold(5);

    harness.live.marks({ conversationId: "c1", userId: BO, readSeq: 4, receivedSeq: 4 });
    harness.live.marks({ conversationId: "c1", userId: BO, readSeq: 2, receivedSeq: 5 });

    expect(entry.view.value).toMatchObject({ peerReadSeq: 4, peerReceivedSeq: 5 });
  });

  test("who writes has read what stands above, unless it is a bot", () => {
    const harness = new LiveHarness();
    const entry = harness.hold(5);

    harness.push(messageOf(6));
    expect(entry.view.value).toMatchObject({ peerReadSeq: 6, peerReceivedSeq: 6 });
    const notice = { kind: "group_created" as const, actorId: BO, userIds: [] };
    harness.push({ ...messageOf(7), type: "notice", body: notice, senderId: "system" });
    harness.live.message({
      message: messageOf(8, { senderId: "robot" }),
      users: [{ id: "robot", username: null, nickname: "Robot", avatar: null, kind: "bot" }],
    });

    expect([...entry.marks.value]).toEqual([[BO, { readSeq: 6, receivedSeq: 6 }]]);
  });

  test("an older state of the settings does not replace a newer one", () => {
    const harness = new LiveHarness();
    const entry = harness.hold(1, { metaSeq: 4, title: "new" });
    const { id, avatar, notice, ownerId, joinMode, muteAll, slowModeMs, historyVisible, state, memberCount } =
      conversationOf();
    const meta = { id, avatar, notice, ownerId, joinMode, muteAll, slowModeMs, historyVisible, state, memberCount };

    harness.live.updated({ meta: { ...meta, title: "old", metaSeq: 3 } });
    expect(entry.view.value.title).toBe("new");
    harness.live.updated({ meta: { ...meta, title: "newest", metaSeq: 5 } });

    expect(entry.view.value.title).toBe("newest");
  });
});
