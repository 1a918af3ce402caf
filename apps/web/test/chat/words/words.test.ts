import { CHAT_ERROR_CODES } from "@hutong/chat-api";
import { describe, expect, test } from "vitest";

import { WORDS } from "../../../src/chat/words/words.ts";

/** Every text of a table that needs no arguments, with its place. */
function textsOf(table: object, place = ""): readonly (readonly [string, string])[] {
  return Object.entries(table).flatMap(([key, value]): readonly (readonly [string, string])[] => {
    if (typeof value === "string") return [[place + key, value]];
    return typeof value === "object" && value !== null ? textsOf(value, `${place}${key}.`) : [];
  });
}

describe("WORDS", () => {
  test("no word is empty in either language", () => {
    const empty = Object.values(WORDS).flatMap((words) => textsOf(words).filter(([, text]) => text === ""));

    expect(empty).toEqual([]);
  });

  test("each error of the contract and of the client has a text in both languages", () => {
    for (const words of Object.values(WORDS))
      expect(Object.keys(words.errors).sort()).toEqual(
        [...Object.keys(CHAT_ERROR_CODES), "file_gone", "network"].sort(),
      );
  });

  test("a Chinese text is Chinese, apart from names", () => {
    const latin = textsOf(WORDS.zh).filter(([, text]) => !/\p{Script=Han}|^[\d\p{P}]+$/u.test(text));

    expect(latin).toEqual([]);
  });

  test("notices read well", () => {
    const parts = { actor: "Ada", people: "Bo, Chen", text: "Tea" };

    expect(WORDS.en.notices.members_joined(parts)).toBe("Ada added Bo, Chen.");
    expect(WORDS.en.notices.members_joined({ ...parts, actor: "" })).toBe("Bo, Chen joined.");
    expect(WORDS.zh.notices.group_renamed(parts)).toBe("Ada把群名改为“Tea”");
    expect(WORDS.en.notices.owner_changed({ actor: "You", people: "Ada", text: "" })).toBe("You made Ada the owner.");
    expect(WORDS.en.notices.member_muted({ actor: "Ada", people: "you", text: "0" })).toBe("Ada let you write again.");
    expect(WORDS.en.readBy(3)).toBe("Read by 3");
    expect(WORDS.en.addedMembers({ added: ["a"], waiting: [], refused: ["b"] })).toBe("1 added. 1 cannot be added.");
  });
});
