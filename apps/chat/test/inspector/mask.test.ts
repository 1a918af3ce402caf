import { describe, expect, test } from "vitest";
import { mask } from "../../src/inspector/mask.ts";

describe("mask", () => {
  test.each([
    "token",
    "password",
    "secret",
    "authorization",
    "Authorization",
    "accessToken",
    "client_secret",
    "jid",
    "ticket",
    "skey",
    "sessionKey",
    "session_key",
    "visitor",
  ])("hides what is called %s, at any depth", (name) => {
    expect(mask({ [name]: "x", list: [{ [name]: { deep: "x" } }] })).toEqual({
      [name]: "[hidden]",
      list: [{ [name]: "[hidden]" }],
    });
  });

  test("leaves a setting that is called after a secret", () => {
    expect(mask({ strangers: { visitor: 1, user: null } })).toEqual({ strangers: { visitor: 1, user: null } });
  });

  test("hides inside text that is JSON, and leaves other text alone", () => {
    expect(mask('{"channel":"RoomChannel","token":"x"}')).toBe('{"channel":"RoomChannel","token":"[hidden]"}');
    expect(mask("{ no JSON, token")).toBe("{ no JSON, token");
    expect(mask(["a", 1, null, true])).toEqual(["a", 1, null, true]);
  });

  test("keeps a key that objects have a meaning for as a key", () => {
    const masked = mask(JSON.parse('{"__proto__":{"token":"x"}}'));

    expect(JSON.stringify(masked)).toBe('{"__proto__":{"token":"[hidden]"}}');
  });

  test("ends at a depth that nobody reads", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(5_000)}1${"]".repeat(5_000)}`);

    expect(JSON.stringify(mask(deep))).toContain("[too deep]");
  });
});
