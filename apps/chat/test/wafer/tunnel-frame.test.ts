import { describe, expect, test } from "vitest";
import {
  decodeTunnelFrame,
  encodeTunnelFrame,
  type TunnelFrame,
  type TunnelFrameReading,
} from "../../src/wafer/tunnel-frame.ts";

describe("tunnel frames", () => {
  test.each<[string, TunnelFrame]>([
    ["ping", { kind: "ping" }],
    ["pong", { kind: "pong" }],
    ["close", { kind: "close" }],
    ["timeout:15", { kind: "timeout", seconds: 15 }],
    [
      'message:{"type":"speak","content":{"word":"a:b"}}',
      { kind: "message", event: "speak", content: { word: "a:b" } },
    ],
    ['message:{"type":"speak","content":null}', { kind: "message", event: "speak", content: null }],
    ['message:{"type":"speak"}', { kind: "message", event: "speak", content: undefined }],
  ])("%s is read and written", (text, frame) => {
    expect(decodeTunnelFrame(text)).toEqual(frame);
    expect(encodeTunnelFrame(frame)).toBe(text);
  });

  test.each<[string, TunnelFrameReading]>([
    ["ping:now", { kind: "ping" }],
    ["", { kind: "unknown", type: "" }],
    [":x", { kind: "unknown", type: "" }],
    ["__proto__:{}", { kind: "unknown", type: "__proto__" }],
    ["PING", { kind: "unknown", type: "PING" }],
    [`${"x".repeat(100)}:1`, { kind: "unknown", type: "x".repeat(20) }],
  ])("%s is read as wafer reads it", (text, reading) => {
    expect(decodeTunnelFrame(text)).toEqual(reading);
  });

  test.each([
    ["message", "invalid_json"],
    ["message:", "invalid_json"],
    ["message:{", "invalid_json"],
    [`message:${"[".repeat(60_000)}`, "invalid_json"],
    [`message:{"type":"a","content":${"[".repeat(32)}1${"]".repeat(32)}}`, "invalid_json"],
    ["message:null", "invalid_message"],
    ["message:[]", "invalid_message"],
    ['message:{"content":1}', "invalid_message"],
    ['message:{"type":1}', "invalid_message"],
    ['message:{"type":""}', "invalid_message"],
    [`message:{"type":"${"x".repeat(101)}"}`, "invalid_message"],
    ["timeout", "invalid_timeout"],
    ["timeout:0", "invalid_timeout"],
    ["timeout:-1", "invalid_timeout"],
    ["timeout:1e9", "invalid_timeout"],
    ["timeout:3601", "invalid_timeout"],
    ["x".repeat(65_537), "too_long"],
  ])("a broken frame gets a code (%#)", (text, code) => {
    expect(decodeTunnelFrame(text)).toEqual({ kind: "malformed", code });
  });

  test("content may nest 31 levels below its message", () => {
    const text = `message:{"type":"a","content":${"[".repeat(31)}1${"]".repeat(31)}}`;

    expect(decodeTunnelFrame(text).kind).toBe("message");
  });
});
