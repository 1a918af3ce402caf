import { expect, test } from "vitest";
import type { PendingFile } from "../../miniprogram/platform/pending-files";
import { stretchAt } from "../../miniprogram/view/stretch";
import { fitted, talkRows } from "../../miniprogram/view/talk-rows";
import { WORDS } from "../../miniprogram/words/words";
import { createShownChat, groupView, ME, textMessage } from "../support/shown-chat";

interface Held {
  readonly unreadAfter?: number;
  /** The seq of the first message. */
  readonly from?: number;
}

/** A group with these messages, and its rows. */
function talkOf(parts: Parameters<typeof textMessage>[1][], { unreadAfter, from = 1 }: Held = {}) {
  const chat = createShownChat<PendingFile>();
  const lastSeq = from + parts.length - 1;
  const entry = chat.book.putConversation(groupView({ lastSeq }));
  const messages = parts.map((part, index) => textMessage(from + index, part));
  chat.book.putMessages(entry, messages, { lo: from, hi: lastSeq });
  const rows = (seq?: number) =>
    talkRows({
      stretch: stretchAt(entry, seq),
      ...{ chat, words: WORDS.en, entry, unreadAfter, now: 1_700_000_000_000 },
      ...{ picture: () => "", thumbnail: () => "", isTextKnown: () => false },
    });
  return { chat, entry, rows };
}

const rowsOf = (...given: Parameters<typeof talkOf>) => talkOf(...given).rows();

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
    { name: "Ada", text: "text 1", seq: 1 },
    { name: "", text: "Earlier message", seq: 9 },
  ]);
});

test("what is on its way stands at the end, with its state", () => {
  const { chat, rows } = talkOf([{}]);
  const file: PendingFile = { path: "tmp://a.jpg", kind: "image", width: 400, height: 300, durationMs: 0 };
  chat.outbox.send({ conversationId: "c-1", file });

  expect(rows().at(-1)).toMatchObject({
    ...{
      kind: "bubble",
      key: "m-client-1",
      type: "image",
      isOwn: true,
      isHead: true,
      state: "sending",
      mark: "Sending",
    },
    image: { path: "tmp://a.jpg", width: 200, height: 150 },
  });
});

test("of several stretches the newest is shown, so that nothing is missing in between", () => {
  const { chat, entry, rows } = talkOf([{}, {}], { from: 8 });
  chat.book.putMessages(entry, [textMessage(2)], { lo: 2, hi: 2 });

  expect(rows().map(({ kind, seq }) => [kind, seq])).toEqual([
    ["day", 0],
    ["bubble", 8],
    ["bubble", 9],
  ]);
});

test("an older stretch is shown alone, without what is on its way", () => {
  const { chat, entry, rows } = talkOf([{}, {}], { from: 8 });
  chat.book.putMessages(entry, [textMessage(2)], { lo: 2, hi: 2 });
  chat.outbox.send({ conversationId: "c-1", content: { type: "text", body: { text: "on its way" } } });

  expect(rows(2).flatMap((row) => (row.kind === "bubble" ? [row.text] : []))).toEqual(["text 2"]);
});

test("a message says that it was edited, that it was forwarded, and that it mentions the user", () => {
  const rows = rowsOf([{ editedAt: 1 }, { forwarded: true }, { mentions: [ME.id] }]);

  const said = rows.flatMap((row) => (row.kind === "bubble" ? [[row.isEdited, row.isForwarded, row.isMention]] : []));
  expect(said).toEqual([
    [true, false, false],
    [false, true, false],
    [false, false, true],
  ]);
});

test("an own message says by how many it was read", () => {
  const { chat, entry, rows } = talkOf([{ senderId: ME.id }]);
  chat.book.putMarks(entry, { userId: "u-ada", readSeq: 1, receivedSeq: 1 });

  expect(rows().at(-1)).toMatchObject({ mark: WORDS.en.readBy(1) });
});

test("pictures are fitted into a square and keep their shape", () => {
  expect(fitted(800, 400)).toEqual({ width: 200, height: 100 });
  expect(fitted(100, 80)).toEqual({ width: 100, height: 80 });
  expect(fitted(0, 0)).toEqual({ width: 200, height: 200 });
});
