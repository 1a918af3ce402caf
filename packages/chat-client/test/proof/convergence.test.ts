import type { ActionOutput, Session } from "@hutong/chat-api";
import { testEngines } from "@hutong/database/testing";
import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";

import { ChatProgram } from "../../../../tools/chat-program.ts";
import type { Chat } from "../../src/chat.ts";
import type { ConversationEntry } from "../../src/conversations/conversation-book.ts";
import { startFaultRelay } from "./fault-relay.ts";
import { callAs, httpOf, startChat } from "./started-chat.ts";

const MESSAGES = 150;
const LIMIT_MS = 180_000;
const WAIT = { limitMs: 30_000 };

async function register(url: string, username: string): Promise<Session> {
  const device = { key: `device-of-${username}`, platform: "web", name: "proof" };
  const input = { username, password: "correct horse battery", device };
  const session = (await httpOf(url)("register", input, undefined)) as Session; // the answer of register
  await callAs(url, session, ["update_settings", { addMe: "anyone" }]);
  return session;
}

function entryOf(chat: Chat, conversationId: string): ConversationEntry {
  const entry = chat.book.entry(conversationId);
  if (entry === undefined) throw new Error("the chat has no such conversation");
  return entry;
}

/** What the chat holds of a conversation, in the words of `pull_messages`. */
function heldBy(chat: Chat, conversationId: string) {
  const entry = chat.book.entry(conversationId);
  return { ranges: entry?.log.ranges, messages: entry?.log.messages.map(withoutOwnId), changeSeq: entry?.changeSeq };
}

function withoutOwnId({ clientMessageId: _, ...message }: ActionOutput<"pull_messages">["messages"][number]) {
  return message;
}

describe.each(testEngines())("proof 2, on $name", (engine) => {
  test(
    "chats whose pushes are lost, doubled and reordered converge with one heartbeat",
    { timeout: LIMIT_MS },
    async () => {
      await using database = await engine.create();
      await using program = await ChatProgram.start({ databaseUrl: database.url });
      const { url } = program;
      const sessions = await Promise.all(["writer", "reader", "listener"].map((name) => register(url, name)));
      const [writer, reader, listener] = sessions;
      if (writer === undefined || reader === undefined || listener === undefined)
        throw new TypeError("three are needed");
      const userIds = [reader.me.id, listener.me.id];
      for (const userId of userIds) await callAs(url, writer, ["request_friend", { userId }]);
      const made = await callAs<ActionOutput<"create_group">>(url, writer, ["create_group", { userIds }]);
      const conversationId = made.conversation.id;
      await using relay = await startFaultRelay(url, { share: 0.2, seed: 7 });
      await using one = await startChat({ url, socketUrl: relay.url }, reader);
      await using other = await startChat({ url, socketUrl: relay.url }, listener);
      const chats = [one, other];
      for (const { chat } of chats) {
        const entry = await eventually(() => entryOf(chat, conversationId), WAIT);
        await chat.catchUp.open(entry);
      }

      for (let count = 1; count <= MESSAGES; count++) {
        const content = { type: "text", body: { text: `message ${count}` } };
        const input = { conversationId, clientMessageId: `message-${count}`, content };
        const { message } = await callAs<ActionOutput<"send_message">>(url, writer, ["send_message", input]);
        const place = { conversationId, seq: message.seq };
        if (count % 5 === 0) await callAs(url, reader, ["react", { ...place, emoji: "👍", on: true }]);
        if (count % 7 === 0) await callAs(url, writer, ["edit_message", { ...place, text: `edited ${count}` }]);
        if (count % 11 === 0) await callAs(url, writer, ["recall_message", place]);
      }
      for (const { beat } of chats) beat();

      const pull = ["pull_messages", { conversationId, limit: 200 }] as ["pull_messages", object];
      const truth = await callAs<ActionOutput<"pull_messages">>(url, reader, pull);
      expect(truth.lastSeq).toBe(MESSAGES + 1);
      await eventually(() => {
        for (const { chat } of chats) {
          expect(heldBy(chat, conversationId)).toEqual({
            ranges: [{ lo: 1, hi: truth.lastSeq }],
            messages: truth.messages.map(withoutOwnId),
            changeSeq: truth.changeSeq,
          });
          // The group's first notice does not count.
          expect(chat.book.entry(conversationId)?.view.peek().unread).toBe(MESSAGES);
        }
      }, WAIT);
      expect(relay.connectionCount).toBe(2);
      for (const count of Object.values(relay.faults)) expect(count).toBeGreaterThan(MESSAGES / 10);
    },
  );
});
