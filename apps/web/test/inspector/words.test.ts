import { describe, expect, test } from "vitest";

import { INSPECTOR_WORDS, TROUBLE_NAMES } from "../../src/inspector/words.ts";

describe("INSPECTOR_WORDS", () => {
  test("no word is empty in either language", () => {
    const empty = Object.entries(INSPECTOR_WORDS).flatMap(([language, words]) =>
      Object.entries(words).flatMap(([key, word]) => (word === "" ? [`${language}.${key}`] : [])),
    );

    expect(empty).toEqual([]);
  });

  test("troubles have a name in both languages", () => {
    expect([...TROUBLE_NAMES.zh.keys()]).toEqual([...TROUBLE_NAMES.en.keys()]);
  });

  test("counts read well", () => {
    const { en, zh } = INSPECTOR_WORDS;

    expect([en.members(1), en.members(2_000), zh.members(2_000)]).toEqual([
      "1 member",
      "2,000 members",
      "2,000 个成员",
    ]);
  });
});
