import { expect, test } from "vitest";
import { cutAround, foundMessageLines } from "../../miniprogram/view/found-lines";
import { WORDS } from "../../miniprogram/words/words";
import { createShownChat, groupView, textMessage } from "../support/shown-chat";

test("a text is cut around the first word that it holds", () => {
  expect(cutAround("There is a red lantern at the end of the lane", "lantern LANE")).toEqual({
    ...{ before: "…re is a red ", find: "lantern", after: " at the end of the lane" },
  });
  expect(cutAround("周末去吃火锅吧", "火锅")).toEqual({ before: "周末去吃", find: "火锅", after: "吧" });
  expect(cutAround("nothing of it", "lantern")).toEqual({ before: "nothing of it", find: "", after: "" });
});

test("a find says who said it, and where unless all are of one conversation", () => {
  const chat = createShownChat();
  chat.book.putConversation(groupView());
  const naming = { chat, words: WORDS.en, picture: () => "" };
  const titleOf = (isElsewhere: boolean) =>
    foundMessageLines(naming, [textMessage(1)], { query: "text", isElsewhere, now: 1_700_000_000_000 })[0]?.title;

  expect([titleOf(true), titleOf(false)]).toEqual(["Ada · Lane", "Ada"]);
});
