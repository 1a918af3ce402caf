import { describe, expect, test } from "vitest";
import { decodeRoomFrame, encodeRoomGreeting, encodeRoomMessage } from "../../src/panda/room-frame.ts";

const FACTS = { avatarUrl: "https://example.com/a.png", type: "remote", id: 7, number: 3 } as const;

describe("decodeRoomFrame", () => {
  test("reads a text and a picture", () => {
    expect(decodeRoomFrame('{"content":" hi ","text":true}')).toEqual({ kind: "text", content: "hi" });
    expect(decodeRoomFrame('{"url":"https://example.com/a.png","gallery":true}')).toEqual({
      kind: "image",
      url: "https://example.com/a.png",
    });
  });

  test.each([
    ["", "invalid_json"],
    ["hi", "invalid_json"],
    [`{"text":true,"content":${"[".repeat(32)}${"]".repeat(32)}}`, "invalid_json"],
    ["null", "invalid_message"],
    ["[]", "invalid_message"],
    ["{}", "invalid_message"],
    ['{"content":"hi"}', "invalid_message"],
    ['{"content":"hi","text":"true"}', "invalid_message"],
    ['{"content":"  ","text":true}', "invalid_message"],
    ['{"content":7,"text":true}', "invalid_message"],
    [`{"content":"${"x".repeat(2_001)}","text":true}`, "invalid_message"],
    ['{"url":"javascript:alert(1)","gallery":true}', "invalid_message"],
    ['{"url":"/a.png","gallery":true}', "invalid_message"],
    [`{"url":"https://example.com/${"x".repeat(2_048)}","gallery":true}`, "invalid_message"],
    [`"${"x".repeat(16_383)}"`, "too_long"],
  ])("gives a broken frame a code (%#)", (frame, code) => {
    expect(decodeRoomFrame(frame)).toEqual({ kind: "malformed", code });
  });
});

describe("what a room sends", () => {
  test("a greeting has the number of people", () => {
    expect(encodeRoomGreeting(3)).toBe('{"num":3,"type":"system"}');
  });

  test("messages end with the server's fields", () => {
    expect(encodeRoomMessage({ kind: "text", content: "hi" }, { ...FACTS, type: "user" })).toBe(
      '{"content":"hi","text":true,"avatarUrl":"https://example.com/a.png","type":"user","id":7,"number":3}',
    );
    expect(encodeRoomMessage({ kind: "image", url: "https://example.com/b.png" }, FACTS)).toBe(
      '{"url":"https://example.com/b.png","gallery":true,"avatarUrl":"https://example.com/a.png","type":"remote","id":7,"number":3}',
    );
  });

  test("a sender's avatar, type, id and error do not get through", () => {
    const message = decodeRoomFrame(
      '{"content":"hi","text":true,"avatarUrl":"evil","type":"system","id":0,"num":9,"error":"ERR_INVALID_SESSION"}',
    );

    if (message.kind === "malformed") expect.unreachable(message.code);
    expect(JSON.parse(encodeRoomMessage(message, FACTS))).toEqual({
      content: "hi",
      text: true,
      avatarUrl: "https://example.com/a.png",
      type: "remote",
      id: 7,
      number: 3,
    });
  });
});
