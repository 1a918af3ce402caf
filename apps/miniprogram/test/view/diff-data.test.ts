import { expect, test } from "vitest";
import { diffData } from "../../miniprogram/view/diff-data";

test("only what differs is set, by its path", () => {
  const before = {
    title: "a",
    rows: [
      { key: "1", face: { letter: "A" } },
      { key: "2", mark: "" },
    ],
  };
  const after = { title: "a", rows: [{ key: "1", face: { letter: "B" } }, { key: "2", mark: "Read" }, { key: "3" }] };

  expect(diffData(before, after)).toEqual({
    "rows[0].face.letter": "B",
    "rows[1].mark": "Read",
    "rows[2]": { key: "3" },
  });
});

test("a list that became shorter, and a record that lost a field, are set as a whole", () => {
  expect(diffData({ rows: [1, 2], one: { a: 1, b: 2 } }, { rows: [2], one: { a: 1 } })).toEqual({
    rows: [2],
    one: { a: 1 },
  });
});

test("equal data needs nothing", () => {
  expect(diffData({ rows: [{ a: [1, null] }] }, { rows: [{ a: [1, null] }] })).toEqual({});
});

test("a list that changed all over is set at once", () => {
  const numbers = Array.from({ length: 30 }, (_, index) => index);

  expect(diffData({ rows: numbers }, { rows: numbers.map((number) => number + 1) })).toEqual({
    rows: numbers.map((number) => number + 1),
  });
});
