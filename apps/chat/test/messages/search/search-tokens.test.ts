import { describe, expect, test } from "vitest";
import { conversationToken, indexedTokens, searchedPhrases } from "../../../src/messages/search/search-tokens.ts";

describe("tokens of a text", () => {
  test("a run of Han characters is its pairs in order, and its characters", () => {
    expect(indexedTokens("胡同口")).toEqual({
      runs: [["h080e10540c", "h0540c053e3"]],
      characters: ["h080e1", "h0540c", "h053e3"],
    });
  });

  test("words of letters and digits are tokens, whatever their case and width", () => {
    expect(indexedTokens("Hello, ＷＯＲＬＤ42!").runs).toEqual([["whello"], ["wworld42"]]);
  });

  test("runs do not grow together over punctuation", () => {
    expect(indexedTokens("火锅,竞拍").runs).toEqual([["h0706b09505"], ["h07ade062cd"]]);
  });

  test("a text without letters has none", () => {
    expect(indexedTokens("😀 … !?")).toEqual({ runs: [], characters: [] });
  });

  test("every token is ASCII, so that no engine changes it", () => {
    const { runs, characters } = indexedTokens("naïve ЖЗ 火锅 かな 한글 𠀀𠀁 ﬁ 'x' \\ : * \"");
    for (const token of [...runs.flat(), ...characters]) expect(token).toMatch(/^[chuw][a-z0-9]+$/);
  });
});

describe("phrases of a query", () => {
  test("each run is one phrase", () => {
    expect(searchedPhrases("hello 胡同口")).toEqual([["whello"], ["h080e10540c", "h0540c053e3"]]);
  });

  test("a single character is found by itself", () => {
    expect(searchedPhrases("火")).toEqual([["h0706b"]]);
  });

  test("punctuation alone is no query", () => {
    expect(searchedPhrases("\"' AND *")).toEqual([["wand"]]);
    expect(searchedPhrases("\"' *:&|!")).toEqual([]);
  });
});

test("ids of conversations are told apart by their tokens", () => {
  expect(conversationToken("a-b")).not.toBe(conversationToken("ab"));
});
