import { expect, test } from "vitest";
import { reasonOf, sqliteCode } from "../src/reason.ts";

function failure(message: string, properties: Readonly<Record<string, unknown>>): Error {
  return Object.defineProperties(
    new Error(message),
    Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, { value }])),
  );
}

test("a failure without a known code gets the remedy of the place", () => {
  const reason = reasonOf(failure("the moon is full", { code: "EMOON" }), "wait a week");

  expect(reason).toBe(" (the moon is full); wait a week.");
});

test("what is no error is told as it is", () => {
  expect(reasonOf("nothing", "look again")).toBe(" (nothing); look again.");
});

test("a host with several addresses, none of which answers, is told by its code", () => {
  const refused = new AggregateError([new Error("connect ECONNREFUSED ::1:5432")], "");

  const reason = reasonOf(Object.assign(refused, { code: "ECONNREFUSED" }), "look again");

  expect(reason).toBe(" (ECONNREFUSED); start it, or mend host and port in the database URL.");
});

test.each([
  ["SQLITE_BUSY", 5, "database is locked", "stop the program that holds it"],
  ["SQLITE_BUSY_RECOVERY", 261, "database is locked", "stop the program that holds it"],
  [
    "SQLITE_READONLY_DBMOVED",
    1_032,
    "attempt to write a readonly database",
    "make the file and its folder writable, or name another file in the database URL",
  ],
])("%s has its remedy", (_name, errcode, message, remedy) => {
  const reason = reasonOf(failure(message, { code: "ERR_SQLITE_ERROR", errcode }), "look again");

  expect(reason).toBe(` (${message}); ${remedy}.`);
});

test("only SQLite's errors have SQLite's codes", () => {
  expect(sqliteCode(failure("locked", { errcode: 517 }))).toBe(5);
  expect(sqliteCode(failure("locked", { errcode: "5" }))).toBeUndefined();
  expect(sqliteCode(new Error("locked"))).toBeUndefined();
  expect(sqliteCode({ errcode: 5 })).toBeUndefined();
});
