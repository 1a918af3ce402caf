import { expect, test } from "vitest";
import { messageMenu } from "../../miniprogram/view/message-menu";
import { WORDS } from "../../miniprogram/words/words";
import { createShownChat, groupView, ME, textMessage } from "../support/shown-chat";

function actionsOf({ isOwn, age, role }: { isOwn: boolean; age: number; role: "member" | "admin" }): readonly string[] {
  const { book } = createShownChat();
  const entry = book.putConversation(groupView({ role }));
  const message = textMessage(1, { createdAt: 0, ...(isOwn && { senderId: ME.id }) });
  const menu = messageMenu({ userId: ME.id, entry, now: age, words: WORDS.en }, message);
  return menu.actions.map(({ name }) => name).filter((name) => name === "edit" || name === "recall");
}

test("an own text can be edited for a quarter of an hour and taken back for two minutes", () => {
  expect(actionsOf({ isOwn: true, age: 119_999, role: "member" })).toEqual(["edit", "recall"]);
  expect(actionsOf({ isOwn: true, age: 120_000, role: "member" })).toEqual(["edit"]);
  expect(actionsOf({ isOwn: true, age: 900_000, role: "member" })).toEqual([]);
});

test("an admin takes back what others said, and edits none of it", () => {
  expect(actionsOf({ isOwn: false, age: 900_000, role: "admin" })).toEqual(["recall"]);
  expect(actionsOf({ isOwn: false, age: 0, role: "member" })).toEqual([]);
});
