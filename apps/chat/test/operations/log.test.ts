import { describe, expect, test } from "vitest";
import { createLog, type LogLevel } from "../../src/operations/log.ts";
import { logTelemetry } from "../../src/operations/log-telemetry.ts";
import { startTestChat } from "../support/started-chat.ts";

interface Output {
  readonly lines: string[];
  readonly isTTY: boolean;
  write(text: string): void;
}

function createOutput(isTTY = false): Output {
  const lines: string[] = [];
  return { lines, isTTY, write: (text) => void lines.push(text) };
}

function logTo(output: Output, level: LogLevel = "info"): ReturnType<typeof logTelemetry> {
  return logTelemetry(createLog(level, output));
}

function parse(line: string | undefined): Record<string, unknown> {
  const { time, ...rest } = JSON.parse(line ?? "{}") as Record<string, unknown>; // a line is an object
  expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  return rest;
}

const STACK = "Error: broken\n    at handler";

function broken(): Error {
  const error = new Error("broken");
  error.stack = STACK;
  return error;
}

describe("the log", () => {
  test("has one line of JSON per event", () => {
    const output = createOutput();

    logTo(output)({ kind: "connection_refused", path: "/socket", why: "origin", status: 403 });

    expect(output.lines).toHaveLength(1);
    expect(output.lines[0]?.endsWith("}\n")).toBe(true);
    expect(parse(output.lines[0])).toEqual({
      level: "warn",
      path: "/socket",
      why: "origin",
      status: 403,
      msg: "connection_refused",
    });
  });

  test("gives the stack of what was thrown, and no other field of it", () => {
    const output = createOutput();
    const cause = Object.assign(broken(), { headers: { authorization: "Bearer a-secret" } });

    logTo(output)({ kind: "handler_failed", connectionId: "1", topic: "room:1", event: "new_msg", cause });

    expect(parse(output.lines[0])).toEqual({
      level: "error",
      connectionId: "1",
      topic: "room:1",
      event: "new_msg",
      error: "broken",
      stack: STACK,
      msg: "handler_failed",
    });
  });

  test("shows nothing of a value that was thrown in place of an error", () => {
    const output = createOutput();

    logTo(output)({ kind: "join_failed", connectionId: "1", topic: "room:1", cause: { token: "a-secret" } });

    expect(output.lines.join("")).not.toContain("a-secret");
    expect(parse(output.lines[0])).toMatchObject({ error: "a value that is no error was thrown" });
  });

  test("is silent about what is in order, and about what is below its level", () => {
    const output = createOutput();
    const closed = { kind: "connection_closed", connectionId: "1", durationMs: 1 } as const;

    const telemetry = logTo(output, "warn");
    telemetry({ kind: "channel_joined", connectionId: "1", topic: "room:1", durationMs: 1 });
    telemetry({ kind: "join_refused", connectionId: "1", topic: "room:1", reason: "unauthorized" });
    telemetry({ ...closed, code: 1001, close: undefined });
    telemetry({ ...closed, code: 4001, close: "slow_consumer" });

    expect(output.lines.map((line) => parse(line)["close"])).toEqual(["slow_consumer"]);
  });

  test.each([false, true])(
    "keeps what a client wrote from breaking lines or steering a terminal (terminal: %s)",
    (isTTY) => {
      const output = createOutput(isTTY);
      const reason = "a\r\nb\u001b[31mc\u009b31md\u2028e";

      logTo(output)({ kind: "join_refused", connectionId: "1", topic: "room:1", reason });

      expect(output.lines).toHaveLength(1);
      // oxlint-disable-next-line no-control-regex -- these must not be there
      expect(output.lines[0]?.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028]/);
      expect(output.lines[0]).toContain("\\u009b31m");
    },
  );

  test("is short at a terminal, with the stack on lines of its own", () => {
    const output = createOutput(true);

    logTo(output)({ kind: "broker_failed", topic: "room:1", cause: broken() });

    expect(output.lines[0]?.slice(9)).toBe(
      'ERROR broker_failed topic="room:1" error="broken"\n    Error: broken\n        at handler\n',
    );
  });

  test("holds no token and no text of a whole session, at its most talkative", async () => {
    const output = createOutput();
    const [token, body] = ["a-token-to-hide", "words-to-hide"];
    await using started = await startTestChat({}, { telemetry: logTo(output, "debug") });
    const phoenix = await started.phoenix(token);
    await phoenix.reply(phoenix.join("room:lobby", { nickname: body, token }));
    await phoenix.reply(phoenix.push("room:lobby", "new_msg", { body }));
    await phoenix.reply(phoenix.push("room:lobby", "new_msg", { body: 7, token }));
    phoenix.send(`no frame, ${token}`);
    await phoenix.closed;

    const text = output.lines.join("");

    expect(output.lines.length).toBeGreaterThan(5);
    expect(text).toContain('"msg":"message_handled"');
    expect(text).not.toContain(token);
    expect(text).not.toContain(body);
  });
});
