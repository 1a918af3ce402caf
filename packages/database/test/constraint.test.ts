import { expect, test } from "vitest";
import { isTransientAbort, isUniqueViolation } from "../src/constraint.ts";

test.each([
  ["PostgreSQL's unique_violation", { code: "23505" }, true],
  ["SQLite's primary key", { code: "ERR_SQLITE_ERROR", errcode: 1_555 }, true],
  ["SQLite's unique index", { code: "ERR_SQLITE_ERROR", errcode: 2_067 }, true],
  ["PostgreSQL's foreign_key_violation", { code: "23503" }, false],
  ["SQLite's not null", { code: "ERR_SQLITE_ERROR", errcode: 1_299 }, false],
  ["a number where PostgreSQL has a text", { code: 23_505 }, false],
  ["an error without a code", {}, false],
])("%s is a broken unique key or not", (_name, properties, expected) => {
  expect(isUniqueViolation(Object.assign(new Error("refused"), properties))).toBe(expected);
});

test.each([
  ["a deadlock", { code: "40P01" }, true],
  ["a conflict of serialisable transactions", { code: "40001" }, true],
  ["a connection that ended", { code: "57P01" }, false],
  ["a SQLite file that is locked", { code: "ERR_SQLITE_ERROR", errcode: 5 }, false],
])("%s may be gone next time or not", (_name, properties, expected) => {
  expect(isTransientAbort(Object.assign(new Error("aborted"), properties))).toBe(expected);
});

test("only errors are looked into", () => {
  expect(isUniqueViolation({ code: "23505" })).toBe(false);
  expect(isTransientAbort({ code: "40P01" })).toBe(false);
});
