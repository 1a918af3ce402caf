import { expect, test } from "vitest";
import { outranks, reaches } from "../../src/groups/roles.ts";

test("a higher role may do what a lower one may", () => {
  expect(reaches("owner", "admin")).toBe(true);
  expect(reaches("admin", "admin")).toBe(true);
  expect(reaches("member", "admin")).toBe(false);
});

test("only a higher role decides over a member", () => {
  expect(outranks("owner", "admin")).toBe(true);
  expect(outranks("admin", "member")).toBe(true);
  expect(outranks("admin", "admin")).toBe(false);
  expect(outranks("member", "owner")).toBe(false);
});
