import { expect, test } from "vitest";
import { chatItems } from "../../miniprogram/view/chat-items";
import { WORDS } from "../../miniprogram/words/words";
import { createShownChat, groupView, textMessage } from "../support/shown-chat";

/** Mark and line of a group in which Ada has written, and the user has a draft. */
function itemOf(part: Parameters<typeof groupView>[0], draft: string) {
  const chat = createShownChat();
  chat.book.putConversation(groupView({ lastMessage: textMessage(1), ...part }));
  chat.drafts.set("c-1", draft);
  const source = { chat, words: WORDS.en, picture: () => "", now: 1_700_000_000_000 };
  return chatItems(source).map(({ mark, line }) => [mark, line])[0];
}

test("a draft stands in the place of the last message", () => {
  expect(itemOf({}, "half a\nsentence")).toEqual(["[Draft] ", "half a sentence"]);
  expect(itemOf({}, "")).toEqual(["", "Ada: text 1"]);
});

test("a mention is said before a draft", () => {
  expect(itemOf({ mentioned: true }, "half")).toEqual(["[@ you] ", "Ada: text 1"]);
});
