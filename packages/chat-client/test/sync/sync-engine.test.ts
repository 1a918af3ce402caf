import type { InboxEvent, Snapshot, UserEventContent } from "@hutong/chat-api";
import { describe, expect, test } from "vitest";

import { SyncEngine } from "../../src/sync/sync-engine.ts";
import { BO, conversationOf, meOf, messageOf, messagesOf, START, userOf } from "../support/scripted-server.ts";
import { LiveHarness } from "../support/live-harness.ts";

function snapshotOf(change: Partial<Snapshot> = {}): Snapshot {
  return {
    me: meOf(),
    now: START,
    userSeq: 0,
    events: [],
    reload: false,
    conversations: [],
    next: null,
    users: [],
    unread: 0,
    heartbeatMs: 25_000,
    ...change,
  };
}

const removed = (userId: string): UserEventContent => ({ kind: "friend_removed", userId });

class Harness extends LiveHarness {
  readonly events: UserEventContent[] = [];
  readonly kicks: InboxEvent<"kicked">[] = [];
  syncs = 0;
  readonly engine = new SyncEngine({
    book: this.book,
    call: this.server.call,
    clock: this.clock,
    live: this.live,
    catchUp: this.catchUp,
    listener: {
      me: () => undefined,
      userEvent: (event) => this.events.push(event),
      synced: () => (this.syncs += 1),
      kicked: (kicked) => this.kicks.push(kicked),
    },
  });

  /** Joins, with this answer of the server. */
  async join(snapshot: Partial<Snapshot> = {}): Promise<void> {
    this.server.answer({ sync: () => snapshotOf(snapshot) });
    this.engine.joined();
    await this.clock.advance(0);
  }
}

describe("SyncEngine", () => {
  test("a first join brings the list and where it stands", async () => {
    const harness = new Harness();

    await harness.join({
      conversations: [conversationOf({ lastSeq: 7 })],
      users: [userOf(BO)],
      userSeq: 4,
      next: "more",
    });

    expect(harness.server.inputsOf("sync")).toEqual([{ userSeq: 0, since: 0, known: [] }]);
    expect(harness.book.list.value.map(({ id }) => id)).toEqual(["c1"]);
    expect(harness.engine.position).toEqual({ userSeq: 4, since: START });
    expect(harness.engine.next.value).toBe("more");
    expect(harness.engine.isReady.value).toBe(true);
  });

  test("a later join tells what is held", async () => {
    const harness = new Harness();
    await harness.join({ conversations: [conversationOf({ lastSeq: 7, changeSeq: 2, metaSeq: 3 })], userSeq: 4 });

    await harness.join({ userSeq: 4 });

    expect(harness.server.inputsOf("sync")[1]).toEqual({
      userSeq: 4,
      since: START,
      known: [{ id: "c1", lastSeq: 7, changeSeq: 2, metaSeq: 3 }],
    });
    expect(harness.book.list.value).toHaveLength(1);
  });

  test("what a conversation missed during an absence is pulled, if it is held", async () => {
    const harness = new Harness();
    const entry = harness.hold(3);
    harness.serve(messagesOf(1, 9));
    const conversation = conversationOf({ lastSeq: 9, unread: 6 });
    harness.server.answer({ get_conversation: () => ({ conversation, users: [] }) });

    await harness.join({ conversations: [conversation] });
    await harness.clock.advance(0);

    expect(entry.log.ranges).toEqual([{ lo: 1, hi: 9 }]);
    expect(entry.view.value.unread).toBe(6);
  });

  test("a client that is too far behind begins anew", async () => {
    const harness = new Harness();
    await harness.join({ conversations: [conversationOf({ id: "old" })] });

    await harness.join({ reload: true, conversations: [conversationOf({ id: "new" })], userSeq: 90 });

    expect(harness.book.list.value.map(({ id }) => id)).toEqual(["new"]);
    expect(harness.engine.position.userSeq).toBe(90);
  });

  test("user events are applied once and in order; a gap makes the client synchronise", async () => {
    const harness = new Harness();
    await harness.join({ userSeq: 4 });

    harness.engine.received("user_event", { userSeq: 5, event: removed("five") });
    harness.engine.received("user_event", { userSeq: 5, event: removed("five") });
    const events = [6, 7].map((userSeq) => ({ userSeq, event: removed(String(userSeq)) }));
    harness.server.answer({ sync: () => snapshotOf({ userSeq: 7, events }) });
    harness.engine.received("user_event", { userSeq: 7, event: removed("7") });
    await harness.clock.advance(0);

    expect(harness.events.map((event) => event.kind === "friend_removed" && event.userId)).toEqual(["five", "6", "7"]);
    expect(harness.syncs).toBe(2);
  });

  test("the heartbeat finds what pushes have lost, and asks from where it stands", async () => {
    const harness = new Harness();
    await harness.join({ conversations: [conversationOf({ lastSeq: 3 })] });
    harness.serve(messagesOf(1, 5));
    harness.server.answer({
      heartbeat: () => ({
        now: START + 25_000,
        userSeq: 0,
        changed: [{ id: "c1", lastSeq: 5, changeSeq: 0, metaSeq: 1 }],
        more: false,
      }),
    });

    await harness.clock.advance(25_300);

    expect(harness.server.inputsOf("heartbeat")).toEqual([{ since: START }]);
    expect(harness.book.entry("c1")?.view.value.lastSeq).toBe(5);
    expect(harness.engine.position.since).toBe(START + 25_000);
  });

  test("a heartbeat that tells nothing new asks for nothing", async () => {
    const harness = new Harness();
    await harness.join({ conversations: [conversationOf({ lastSeq: 3 })] });
    const changed = [{ id: "c1", lastSeq: 3, changeSeq: 0, metaSeq: 1 }];
    harness.server.answer({ heartbeat: () => ({ now: START + 25_000, userSeq: 0, changed, more: false }) });

    await harness.clock.advance(26_000);

    expect(harness.server.calls.map(({ name }) => name)).toEqual(["sync", "heartbeat"]);
  });

  test("a heartbeat that cannot list everything, or knows of newer events, makes the client synchronise", async () => {
    const harness = new Harness();
    await harness.join();
    harness.server.answer({ heartbeat: () => ({ now: START, userSeq: 3, changed: [], more: false }) });
    await harness.clock.advance(25_000);
    expect(harness.server.inputsOf("sync")).toHaveLength(2);

    harness.server.answer({ heartbeat: () => ({ now: START, userSeq: 0, changed: [], more: true }) });
    await harness.clock.advance(25_000);

    expect(harness.server.inputsOf("sync")).toHaveLength(3);
  });

  test("a synchronisation that fails is tried again", async () => {
    const harness = new Harness();
    harness.engine.joined();
    await harness.clock.advance(0);
    expect(harness.engine.isReady.value).toBe(false);

    harness.server.answer({ sync: () => snapshotOf() });
    await harness.clock.advance(2_000);

    expect(harness.engine.isReady.value).toBe(true);
  });

  test("messages that were deleted on another device go here too", async () => {
    const harness = new Harness();
    const entry = harness.hold(3);
    await harness.join();

    harness.engine.received("user_event", {
      userSeq: 1,
      event: { kind: "messages_deleted", conversationId: "c1", seqs: [2] },
    });

    expect(entry.log.messages.map(({ seq }) => seq)).toEqual([1, 3]);
  });

  test("the server's clock is known within the accuracy of the last answer", async () => {
    const harness = new Harness();

    await harness.join({ now: harness.clock.now() + 5_000 });

    expect(harness.engine.now()).toBe(harness.clock.now() + 5_000);
  });

  test("after the end nothing is applied and no timer is left", async () => {
    const harness = new Harness();
    await harness.join({ conversations: [conversationOf({ lastSeq: 3 })] });

    harness.engine.close();
    harness.catchUp.close();
    harness.engine.received("message", { message: messageOf(4), users: [] });

    expect(harness.book.entry("c1")?.view.value.lastSeq).toBe(3);
    expect(harness.clock.timerCount).toBe(0);
  });
});
