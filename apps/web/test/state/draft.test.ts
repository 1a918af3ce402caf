import { describe, expect, test } from "vitest";

import { checkDraft, isSendKey, toNickname, toRoomName } from "../../src/state/draft.ts";

describe("checkDraft", () => {
  test("white space alone is not sent", () => {
    expect(checkDraft(" \n ")).toEqual({ body: "", canSend: false, remaining: undefined });
  });

  test("the body goes without the white space around it", () => {
    expect(checkDraft("  two\nlines \n")).toEqual({ body: "two\nlines", canSend: true, remaining: undefined });
  });

  test("the counter appears for the last 200 characters", () => {
    expect(checkDraft("x".repeat(1_799)).remaining).toBeUndefined();
    expect(checkDraft("x".repeat(1_800)).remaining).toBe(200);
  });

  test("2,000 characters are sent and 2,001 are not", () => {
    expect(checkDraft("x".repeat(2_000))).toMatchObject({ canSend: true, remaining: 0 });
    expect(checkDraft("x".repeat(2_001))).toMatchObject({ canSend: false, remaining: -1 });
  });
});

describe("isSendKey", () => {
  const enter = { key: "Enter", shiftKey: false, isComposing: false, keyCode: 13 };

  test("Enter sends and Shift with Enter does not", () => {
    expect(isSendKey(enter)).toBe(true);
    expect(isSendKey({ ...enter, shiftKey: true })).toBe(false);
  });

  test("Enter that chooses a Chinese word does not send", () => {
    expect(isSendKey({ ...enter, isComposing: true })).toBe(false);
    expect(isSendKey({ ...enter, keyCode: 229 })).toBe(false);
  });

  test("other keys do not send", () => {
    expect(isSendKey({ ...enter, key: "a", keyCode: 65 })).toBe(false);
  });
});

describe("toNickname", () => {
  test("white space shrinks to single blanks", () => {
    expect(toNickname("  Ada \t Lovelace ")).toBe("Ada Lovelace");
  });

  test("a name ends after 30 characters", () => {
    expect(toNickname("x".repeat(31))).toBe("x".repeat(30));
  });
});

describe("toRoomName", () => {
  test("a name becomes what a topic can carry", () => {
    expect(toRoomName(" room:tea house/7 ")).toBe("tea-house7");
  });

  test("a name of which nothing is left is no name", () => {
    expect(toRoomName("茶馆")).toBeUndefined();
    expect(toRoomName("")).toBeUndefined();
  });
});
