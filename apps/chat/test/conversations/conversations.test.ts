import type { ActionInput, ActionOutput, conversationActions } from "@hutong/chat-api";
import { ACTIONS } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import { testEngines } from "@hutong/database/testing";
import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import type { SignedInCall } from "../../src/api/handlers.ts";
import { conversationHandlers } from "../../src/conversations/conversation-handlers.ts";
import { addMember } from "../../src/conversations/membership.ts";
import { insertConversation } from "../../src/conversations/insert-conversation.ts";
import type { Tables } from "../../src/storage/tables.ts";
import { addPeople, block, NOW, withChatDatabase } from "../support/people.ts";
import { recordedInbox } from "../support/recorded-inbox.ts";
import { say } from "../support/speech.ts";

type Name = keyof typeof conversationActions;

function createStage(database: Database<Tables>) {
  const clock = new FakeClock(NOW);
  const { inbox, pushes } = recordedInbox();
  const handlers = conversationHandlers({ database, inbox, clock, publicRooms: ["lobby"] });
  const as = (userId: string) => {
    const call: SignedInCall = { caller: { userId, kind: "user", sessionId: `session-${userId}` }, remoteAddress: "" };
    return async <TName extends Name>(name: TName, input: ActionInput<TName>): Promise<ActionOutput<TName>> => {
      // The pair of name and handler is the table's.
      const handler = handlers[name] as (parsed: unknown, call: SignedInCall) => Promise<ActionOutput<TName>>;
      return handler(ACTIONS[name].input.parse(input), call);
    };
  };
  return { clock, pushes, as };
}

async function makeGroup(database: Database<Tables>, id: string, userIds: readonly string[]): Promise<void> {
  await database.write(async (transaction) => {
    const { conversation } = await insertConversation(transaction, {
      id,
      type: "group",
      title: id,
      joinMode: "invite",
      at: NOW,
    });
    for (const userId of userIds) await addMember(transaction, { conversation, userId, at: NOW });
  });
}

describe.each(testEngines())("conversations on $name", (engine) => {
  test("two users that open each other at the same time share one conversation", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob"]);
      const { as } = createStage(database);
      const opened = await Promise.all([
        as("ann")("open_direct", { userId: "bob" }),
        as("bob")("open_direct", { userId: "ann" }),
        as("ann")("open_direct", { userId: "bob" }),
      ]);
      expect(new Set(opened.map(({ conversation }) => conversation.id)).size).toBe(1);
      expect(opened[0].conversation).toMatchObject({ type: "direct", peerId: "bob", memberCount: 2, unread: 0 });
      expect(opened[0].users).toMatchObject([{ id: "bob", nickname: "bob" }]);
    }));

  test("who opens a conversation sees it; the other one does when something is said, or when it opens it too", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob", "eve"]);
      const { as } = createStage(database);
      const listOf = async (userId: string) =>
        (await as(userId)("list_conversations", {})).conversations.map(({ peerId }) => peerId);
      await as("ann")("open_direct", { userId: "bob" });
      await as("eve")("open_direct", { userId: "bob" });
      expect([await listOf("ann"), await listOf("bob")]).toEqual([["bob"], []]);

      await as("bob")("open_direct", { userId: "ann" });

      expect(await listOf("bob")).toEqual(["ann"]);
    }));

  test("nobody opens a conversation with oneself or with nobody", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann"]);
      const { as } = createStage(database);
      await expect(as("ann")("open_direct", { userId: "ann" })).rejects.toMatchObject({ code: "bad_request" });
      await expect(as("ann")("open_direct", { userId: "nobody" })).rejects.toMatchObject({ code: "not_found" });
    }));

  test("a stranger learns nothing of a conversation", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob", "eve"]);
      await makeGroup(database, "house", ["ann", "bob"]);
      const { as } = createStage(database);
      const conversationId = "house";
      const attempts = [
        as("eve")("get_conversation", { conversationId }),
        as("eve")("list_members", { conversationId }),
        as("eve")("mark_read", { conversationId, seq: 1 }),
        as("eve")("mark_received", { conversationId, seq: 1 }),
        as("eve")("set_typing", { conversationId, typing: true }),
        as("eve")("clear_history", { conversationId }),
        as("eve")("update_membership", { conversationId, pinned: true }),
        as("eve")("get_conversation", { conversationId: "nowhere" }),
      ];
      const codes = await Promise.all(
        attempts.map((attempt: Promise<unknown>) =>
          attempt.then(
            () => "let in",
            (error: { code: string }) => error.code,
          ),
        ),
      );
      expect(codes).toEqual(attempts.map(() => "not_found"));
    }));

  test("unread is what came after the read mark, on every device, and never less than nothing", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob"]);
      await makeGroup(database, "house", ["ann", "bob"]);
      await say(database, "house", { from: "bob", texts: ["one", "two", "three"] });
      const { as, pushes } = createStage(database);
      const before = await as("ann")("list_conversations", {});
      expect(before).toMatchObject({
        unread: 3,
        conversations: [{ unread: 3, lastMessage: { body: { text: "three" } } }],
      });
      expect(await as("ann")("mark_read", { conversationId: "house", seq: 2 })).toEqual({ readSeq: 2, unread: 1 });
      expect(await as("ann")("mark_read", { conversationId: "house", seq: 1 })).toEqual({ readSeq: 2, unread: 1 });
      expect(await as("ann")("mark_read", { conversationId: "house", seq: 99 })).toEqual({ readSeq: 3, unread: 0 });
      expect(pushes.map(({ topic, event }) => [topic, event])).toEqual([
        ["inbox:ann", "conversation"],
        ["inbox:bob", "marks"],
        ["inbox:ann", "conversation"],
        ["inbox:bob", "marks"],
      ]);
      expect(pushes.at(-1)?.payload).toEqual({
        conversationId: "house",
        userId: "ann",
        readSeq: 3,
        receivedSeq: 3,
      });
    }));

  test("a mark of unread is a flag, which reading takes away", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob"]);
      await makeGroup(database, "house", ["ann", "bob"]);
      await say(database, "house", { from: "bob", texts: ["one"] });
      const { as } = createStage(database);
      await as("ann")("mark_read", { conversationId: "house", seq: 1 });
      const { conversation } = await as("ann")("update_membership", { conversationId: "house", markedUnread: true });
      expect(conversation).toMatchObject({ markedUnread: true, unread: 0, readSeq: 1 });
      await as("ann")("mark_read", { conversationId: "house", seq: 1 });
      expect(await as("ann")("get_conversation", { conversationId: "house" })).toMatchObject({
        conversation: { markedUnread: false },
      });
    }));

  test("the list has pinned ones first, then the latest, page by page, without the hidden ones", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob"]);
      const { as, clock } = createStage(database);
      for (const [place, id] of ["a", "b", "c", "d", "e"].entries()) {
        await makeGroup(database, id, ["ann", "bob"]);
        await say(database, id, { from: "bob", texts: [id], at: NOW + place });
      }
      await as("ann")("update_membership", { conversationId: "a", pinned: true });
      await clock.advance(1_000);
      await as("ann")("update_membership", { conversationId: "b", pinned: true });
      await as("ann")("update_membership", { conversationId: "d", hidden: true });
      const seen: string[] = [];
      for (let after: string | undefined; ;) {
        const page = await as("ann")("list_conversations", { limit: 2, ...(after !== undefined && { after }) });
        seen.push(...page.conversations.map(({ id }) => id));
        if (page.next === null) break;
        after = page.next;
      }
      expect(seen).toEqual(["b", "a", "e", "c"]);
      await expect(as("ann")("list_conversations", { after: "x'; drop table users" })).rejects.toMatchObject({
        code: "bad_request",
      });
    }));

  test("the badge leaves out conversations that do not notify", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob"]);
      await makeGroup(database, "loud", ["ann", "bob"]);
      await makeGroup(database, "quiet", ["ann", "bob"]);
      await say(database, "loud", { from: "bob", texts: ["1", "2"] });
      await say(database, "quiet", { from: "bob", texts: ["1", "2", "3"] });
      const { as } = createStage(database);
      await as("ann")("update_membership", { conversationId: "quiet", notify: false });
      expect(await as("ann")("list_conversations", {})).toMatchObject({ unread: 2 });
    }));

  test("a cleared history is gone for the one who cleared it, and counts as read", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob"]);
      await makeGroup(database, "house", ["ann", "bob"]);
      await say(database, "house", { from: "bob", texts: ["one", "two"] });
      const { as } = createStage(database);
      const { conversation } = await as("ann")("clear_history", { conversationId: "house" });
      expect(conversation).toMatchObject({ minSeq: 2, unread: 0, lastMessage: null });
      expect(await as("bob")("get_conversation", { conversationId: "house" })).toMatchObject({
        conversation: { minSeq: 0, lastMessage: { body: { text: "two" } } },
      });
    }));

  test("typing is told to the others at most once in three seconds, and to nobody who blocked the typist", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob", "cat"]);
      const { as, pushes, clock } = createStage(database);
      const { conversation } = await as("ann")("open_direct", { userId: "bob" });
      const conversationId = conversation.id;
      await as("ann")("set_typing", { conversationId, typing: true });
      await expect(as("ann")("set_typing", { conversationId, typing: true })).rejects.toMatchObject({
        code: "rate_limited",
        retryAfterMs: 3_000,
      });
      await as("ann")("set_typing", { conversationId, typing: false });
      await clock.advance(3_000);
      await block(database, "bob", "ann");
      await as("ann")("set_typing", { conversationId, typing: true });
      expect(pushes).toEqual([
        { topic: "inbox:bob", event: "typing", payload: { conversationId, userId: "ann", typing: true } },
        { topic: "inbox:bob", event: "typing", payload: { conversationId, userId: "ann", typing: false } },
      ]);
    }));

  test("a public room is entered by name; others do not exist", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann"]);
      const { as } = createStage(database);
      const first = await as("ann")("open_room", { name: "lobby" });
      const again = await as("ann")("open_room", { name: "lobby" });
      expect(first.conversation).toMatchObject({ type: "room", title: "lobby", memberCount: 1 });
      expect(again.conversation.id).toBe(first.conversation.id);
      await expect(as("ann")("open_room", { name: "vault" })).rejects.toMatchObject({ code: "not_found" });
    }));

  test("a member's alias is its own to change, and everybody sees it", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob"]);
      await makeGroup(database, "house", ["ann", "bob"]);
      const { as } = createStage(database);

      await as("ann")("update_membership", { conversationId: "house", alias: " Annie\n" });

      const { members } = await as("bob")("list_members", { conversationId: "house" });
      expect(members.map(({ user, alias }) => [user.id, alias])).toEqual([
        ["ann", "Annie"],
        ["bob", ""],
      ]);
    }));

  test("members are listed by role, then by the time of joining, page by page", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob", "cat", "dan"]);
      await makeGroup(database, "house", ["ann", "bob", "cat", "dan"]);
      await database.write((transaction) =>
        transaction.updateTable("members").set({ role: "owner" }).where("user_id", "=", "dan").execute(),
      );
      const { as } = createStage(database);
      const first = await as("ann")("list_members", { conversationId: "house", limit: 3 });
      const second = await as("ann")("list_members", { conversationId: "house", after: first.next ?? "", limit: 3 });
      expect([...first.members, ...second.members].map(({ user }) => user.id)).toEqual(["dan", "ann", "bob", "cat"]);
      expect(second.next).toBeNull();
    }));
});
