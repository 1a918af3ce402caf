import { expect, test } from "vitest";
import { composedTitle } from "../../src/groups/composed-title.ts";

test("a group is named after its members", () => {
  expect(composedTitle(["Ada", "小明", "Cleo"])).toBe("Ada、小明、Cleo");
});

test("a title that just fits is whole", () => {
  expect(composedTitle(["a".repeat(24), "b".repeat(25)])).toBe(`${"a".repeat(24)}、${"b".repeat(25)}`);
});

test("a longer one ends in an ellipsis", () => {
  expect(composedTitle(["a".repeat(24), "b".repeat(26)])).toBe(`${"a".repeat(24)}、${"b".repeat(24)}…`);
});

test("no character is cut in two", () => {
  expect(composedTitle(["a".repeat(48), "😀😀"])).toBe(`${"a".repeat(48)}、…`);
});
