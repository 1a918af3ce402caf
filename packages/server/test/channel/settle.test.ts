import { expect, test } from "vitest";
import { settle } from "../../src/channel/settle.ts";

interface Log {
  readonly log: unknown[];
  readonly done: (value: unknown) => void;
  readonly failed: (cause: unknown) => void;
}

function record(): Log {
  const log: unknown[] = [];
  return { log, done: (value) => void log.push(["done", value]), failed: (cause) => void log.push(["failed", cause]) };
}

test("plain code is done within the call, without a promise", () => {
  const { log, done, failed } = record();

  const running = settle(() => 1, done, failed);

  expect(running).toBeUndefined();
  expect(log).toEqual([["done", 1]]);
});

test("what plain code throws goes to failed, within the call", () => {
  const { log, done, failed } = record();
  const cause = new Error("no");

  const running = settle(
    () => {
      throw cause;
    },
    done,
    failed,
  );

  expect(running).toBeUndefined();
  expect(log).toEqual([["failed", cause]]);
});

test("what a promise resolves to is done", async () => {
  const { log, done, failed } = record();

  await settle(() => Promise.resolve("later"), done, failed);

  expect(log).toEqual([["done", "later"]]);
});

test("what a promise rejects with goes to failed, and the promise that is returned resolves", async () => {
  const { log, done, failed } = record();
  const cause = new Error("no");

  await expect(settle(() => Promise.reject(cause), done, failed)).resolves.toBeUndefined();

  expect(log).toEqual([["failed", cause]]);
});
