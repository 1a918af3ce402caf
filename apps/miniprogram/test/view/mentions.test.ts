import type { Member } from "@hutong/chat-api";
import { expect, test } from "vitest";
import {
  isMentioned,
  matchMentions,
  mentionedIn,
  type MentionLine,
  mentionLines,
  mentionQuery,
} from "../../miniprogram/view/mentions";
import { WORDS } from "../../miniprogram/words/words";
import { createShownChat, groupView, ME, textMessage } from "../support/shown-chat";

const FACE = { letter: "A", colour: "#8a4e61", picture: "", isSquare: false };
const PEOPLE: readonly MentionLine[] = [
  { id: "*", name: "everyone", face: FACE },
  { id: "u-an", name: "An", face: FACE },
  { id: "u-anna", name: "Anna", face: FACE },
  { id: "u-lin", name: "林小雨", face: FACE },
];

function memberOf(id: string, nickname: string): Member {
  const user = { id, kind: "user", username: null, nickname, avatar: null } as const;
  return { user, role: "member", alias: "", joinedAt: 0, mutedUntil: 0, readSeq: 0, receivedSeq: 0 };
}

test("a name is being typed after an @ that does not belong to an address", () => {
  expect(["@", "hello @an", "问问@林", "mail@an", "@an then", "none"].map(mentionQuery)).toEqual([
    "",
    "an",
    "林",
    undefined,
    undefined,
    undefined,
  ]);
});

test("names that begin with what is typed come first", () => {
  expect(matchMentions(PEOPLE, "an").map(({ id }) => id)).toEqual(["u-an", "u-anna"]);
  expect(matchMentions(PEOPLE, "n").map(({ id }) => id)).toEqual(["*", "u-an", "u-anna"]);
});

test("of names that begin alike the longest is mentioned", () => {
  expect(mentionedIn("@Anna @林小雨 come", PEOPLE)).toEqual({ mentions: ["u-anna", "u-lin"], mentionsAll: false });
  expect(mentionedIn("@everyone and @An", PEOPLE)).toEqual({ mentions: ["u-an"], mentionsAll: true });
});

test("everybody can be mentioned by the owner, and by no member", () => {
  const naming = { chat: createShownChat(), words: WORDS.en, picture: () => "" };
  const members = [memberOf("u-ada", "Ada"), memberOf(ME.id, "Panda")];

  expect(mentionLines(naming, members, groupView({ role: "member" })).map(({ name }) => name)).toEqual(["Ada"]);
  expect(mentionLines(naming, members, groupView({ role: "owner" })).map(({ name }) => name)).toEqual([
    "everyone",
    "Ada",
  ]);
});

test("a message mentions the user by name or with everybody, and never by the user", () => {
  const messages = [{ mentions: [ME.id] }, { mentionsAll: true }, { mentionsAll: true, senderId: ME.id }, {}];

  expect(messages.map((part) => isMentioned(ME.id, textMessage(1, part)))).toEqual([true, true, false, false]);
});
