import { memoryStorage } from "@hutong/client/wechat";
import { expect, test } from "vitest";
import type { Contacts } from "../../miniprogram/model/contacts";
import { fitted, talkRows } from "../../miniprogram/view/talk-rows";
import { WORDS } from "../../miniprogram/words/words";
import { createModel } from "../support/model";
import { groupView, ME, ScriptedServer, textMessage } from "../support/scripted-server";

/** The rows of a group with these messages. */
function rowsOf(messages: Parameters<typeof textMessage>[1][], options: { readonly unreadAfter?: number } = {}) {
  const { book, outbox } = createModel(new ScriptedServer(), memoryStorage());
  const entry = book.putConversation(groupView({ lastSeq: messages.length }));
  const made = messages.map((part, index) => textMessage(index + 1, part));
  book.editLog(entry, (log) => log.reset(made, { lo: 1, hi: made.length }));
  book.putUsers([{ id: "u-ada", kind: "user", username: "ada", nickname: "Ada", avatar: null }]);
  const contacts: Pick<Contacts, "friends"> = { friends: new Map() };
  return talkRows({
    // Only the friends' names are read of the contacts.
    chat: { userId: ME.id, me: () => ME, book, outbox, contacts: contacts as Contacts },
    words: WORDS.en,
    entry,
    unreadAfter: options.unreadAfter,
    now: 1_700_000_000_000,
    picture: () => "",
    thumbnail: () => "",
    isTextKnown: () => false,
  });
}

test("messages of one sender within five minutes are a group, and one of another begins anew", () => {
  const rows = rowsOf([{}, {}, { senderId: ME.id }, { createdAt: 1_700_000_400_000 }]);

  const bubbles = rows.flatMap((row) => (row.kind === "bubble" ? [[row.seq, row.isHead, row.isOwn]] : []));
  expect(bubbles).toEqual([
    [1, true, false],
    [2, false, false],
    [3, true, true],
    [4, true, false],
  ]);
});

test("the line of the unread stands before the first unread message of somebody else", () => {
  const rows = rowsOf([{}, { senderId: ME.id }, {}, {}], { unreadAfter: 1 });

  expect(rows.map(({ kind, key }) => (kind === "bubble" ? key : kind))).toEqual([
    "day",
    "m-m-1",
    "m-m-2",
    "unread",
    "m-m-3",
    "m-m-4",
  ]);
});

test("an answer quotes what it answers, and names it as earlier where that is not held", () => {
  const rows = rowsOf([{}, { replyTo: 1 }, { replyTo: 9 }]);

  expect(rows.flatMap((row) => (row.kind === "bubble" ? [row.quote] : []))).toEqual([
    null,
    { name: "Ada", text: "text 1" },
    { name: "", text: "Earlier message" },
  ]);
});

test("pictures are fitted into a square and keep their shape", () => {
  expect(fitted(800, 400)).toEqual({ width: 200, height: 100 });
  expect(fitted(100, 80)).toEqual({ width: 100, height: 80 });
  expect(fitted(0, 0)).toEqual({ width: 200, height: 200 });
});
