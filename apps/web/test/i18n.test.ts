import { describe, expect, test } from "vitest";

import { pickLanguage, toLanguageTag, WORDS } from "../src/i18n.ts";

describe("pickLanguage", () => {
  test("the first language that the page speaks wins", () => {
    expect(pickLanguage(["fr-FR", "zh-TW", "en-US"])).toBe("zh");
    expect(pickLanguage(["en-US", "zh-CN"])).toBe("en");
  });

  test("a browser without Chinese or English gets English", () => {
    expect(pickLanguage(["fr-FR", "de"])).toBe("en");
    expect(pickLanguage([])).toBe("en");
  });

  test("a tag that merely begins with the same letters is another language", () => {
    expect(pickLanguage(["zha", "enm"])).toBe("en");
    expect(pickLanguage(["zha", "zh"])).toBe("zh");
  });
});

describe("WORDS", () => {
  test("no word is empty in either language", () => {
    const empty = Object.entries(WORDS).flatMap(([language, words]) =>
      Object.entries(words).flatMap(([key, word]) => (word === "" ? [`${language}.${key}`] : [])),
    );

    expect(empty).toEqual([]);
  });

  test("counts read well in English and in Chinese", () => {
    expect(WORDS.en.newMessages(1)).toBe("1 new message");
    expect(WORDS.en.newMessages(2)).toBe("2 new messages");
    expect(WORDS.zh.newMessages(2)).toBe("2 条新消息");
  });

  test("a draft over the limit names the surplus, not a negative rest", () => {
    expect(WORDS.en.remaining(-3)).toBe("3 too many");
    expect(WORDS.zh.remaining(-3)).toBe("超出 3 字");
    expect(WORDS.en.remaining(3)).toBe("3 left");
  });

  test("the three frames get three different names in each language", () => {
    expect(new Set(WORDS.en.trioNames).size).toBe(3);
    expect(new Set(WORDS.zh.trioNames).size).toBe(3);
  });
});

describe("toLanguageTag", () => {
  test("Chinese is simplified Chinese", () => {
    expect(toLanguageTag("zh")).toBe("zh-CN");
    expect(toLanguageTag("en")).toBe("en-GB");
  });
});
