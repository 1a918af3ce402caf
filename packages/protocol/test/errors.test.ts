import { describe, expect, test } from "vitest";
import { ChannelError, ClosedError, ERROR_CODES, ProtocolError } from "../src/index.ts";

describe("ERROR_CODES", () => {
  const rows = Object.entries(ERROR_CODES).map(([code, row]) => ({ code, ...row }));

  test("no reason is used twice", () => {
    expect(new Set(rows.map(({ reason }) => reason)).size).toBe(rows.length);
  });

  test.each(rows)("$code is a snake_case word with a summary", ({ code, summary }) => {
    expect(code).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
    expect(summary).toMatch(/^[A-Z].*\.$/);
  });

  test("only Phoenix's own reasons hold spaces", () => {
    expect(rows.filter(({ reason }) => reason.includes(" ")).map(({ reason }) => reason)).toEqual([
      "unmatched topic",
      "too many channels joined",
      "join crashed",
    ]);
  });
});

describe("ChannelError", () => {
  test("takes reason and retryability from its code", () => {
    const error = new ChannelError("reply_timeout");

    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "ChannelError",
      message: "reply_timeout",
      code: "reply_timeout",
      reason: "reply_timeout",
      retryable: true,
      topic: undefined,
      response: undefined,
      cause: undefined,
    });
  });

  test("carries the application's reason, the topic, the response and the cause", () => {
    const cause = new Error("lower");

    const error = new ChannelError("join_refused", {
      topic: "room:1",
      reason: "banned",
      response: { reason: "banned" },
      cause,
    });

    expect(error).toMatchObject({
      message: 'banned (topic "room:1")',
      code: "join_refused",
      reason: "banned",
      retryable: false,
      topic: "room:1",
      response: { reason: "banned" },
      cause,
    });
  });
});

describe("ProtocolError", () => {
  test("means protocol_error unless it says otherwise", () => {
    expect(new ProtocolError("no frame")).toMatchObject({ name: "ProtocolError", close: "protocol_error" });
    expect(new ProtocolError("no text", "invalid_text", { cause: 7 })).toMatchObject({
      close: "invalid_text",
      cause: 7,
    });
  });
});

describe("ClosedError", () => {
  test("says what is closed and with which code", () => {
    expect(new ClosedError("socket")).toMatchObject({
      name: "ClosedError",
      message: "socket is closed (1000)",
      code: 1000,
    });
    expect(new ClosedError("channel", 4503)).toMatchObject({ message: "channel is closed (4503)", code: 4503 });
  });
});
