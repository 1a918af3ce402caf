import { expect, test } from "vitest";
import { invitationIn, invitationOf, invitedView } from "../../miniprogram/view/invitation";
import { WORDS } from "../../miniprogram/words/words";
import { createShownChat } from "../support/shown-chat";

test("a link into a group names its invitation, and nothing else does", () => {
  const links = [
    "https://chat.example.com/join/a_b-1",
    " /join/abc?from=scan ",
    "https://chat.example.com/join/",
    "hello",
  ];

  expect(links.map(invitationOf)).toEqual(["a_b-1", "abc", "", ""]);
});

test("a page is opened with a token, with the code of a mini-program, or with a link that WeChat has scanned", () => {
  const queries = [
    { token: "a" },
    { scene: "b%2Dc" },
    { q: encodeURIComponent("https://chat.example.com/join/d") },
    {},
  ];

  expect(queries.map(invitationIn)).toEqual(["a", "b-c", "d", ""]);
});

test("an invitation into a group with approval asks for a word, unless the user is in it", () => {
  const naming = { chat: createShownChat(), words: WORDS.en, picture: () => "" };
  const invited = { conversationId: "c-1", title: "Lane", avatar: null, memberCount: 3, joinMode: "approval" as const };

  expect(invitedView(naming, { ...invited, isMember: false })).toMatchObject({
    ...{ title: "Lane", count: "3 members", policy: "After approval", wantsApproval: true },
  });
  expect(invitedView(naming, { ...invited, isMember: true }).wantsApproval).toBe(false);
});
