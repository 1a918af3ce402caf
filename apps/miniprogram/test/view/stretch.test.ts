import { expect, test } from "vitest";
import { stretchAt } from "../../miniprogram/view/stretch";
import { createShownChat, groupView, textMessage } from "../support/shown-chat";

test("a stretch ends where messages are missing on either side of it", () => {
  const { book } = createShownChat();
  const entry = book.putConversation(groupView({ lastSeq: 90 }));
  book.putMessages(entry, [textMessage(20)], { lo: 18, hi: 22 });
  book.putMessages(entry, [textMessage(90)], { lo: 80, hi: 90 });

  expect(stretchAt(entry, 20)).toEqual({ before: { lo: 1, hi: 17 }, after: { lo: 23, hi: 79 } });
  expect(stretchAt(entry, 85)).toEqual({ before: { lo: 23, hi: 79 }, after: undefined });
  expect(stretchAt(entry, undefined)).toEqual({ before: { lo: 23, hi: 79 }, after: undefined });
});

test("the newest stretch is shown for a message that is not held", () => {
  const { book } = createShownChat();
  const entry = book.putConversation(groupView({ lastSeq: 3 }));
  book.putMessages(entry, [textMessage(1), textMessage(2), textMessage(3)], { lo: 1, hi: 3 });

  expect(stretchAt(entry, 40)).toEqual({ before: undefined, after: undefined });
});
