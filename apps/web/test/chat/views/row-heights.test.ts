import { describe, expect, test } from "vitest";

import { RowHeights } from "../../../src/chat/views/row-heights.ts";

function rowsOf(count: number): RowHeights {
  const rows = new RowHeights();
  rows.setRows(
    Array.from({ length: count }, (_, index) => `row ${index}`),
    () => 10,
  );
  return rows;
}

describe("RowHeights", () => {
  test("rows begin where those above them end", () => {
    const rows = rowsOf(5);
    rows.set(1, 30);

    expect([0, 1, 2, 3, 4, 5].map((index) => rows.offsetOf(index))).toEqual([0, 10, 40, 50, 60, 70]);
    expect(rows.total).toBe(70);
  });

  test("a height belongs to the row that covers it", () => {
    const rows = rowsOf(5);
    rows.set(1, 30);

    expect([-5, 0, 9, 10, 39, 40, 69, 70, 900].map((at) => rows.indexAt(at))).toEqual([0, 0, 0, 1, 1, 2, 4, 4, 4]);
  });

  test("measured heights stay with their rows when others come before them", () => {
    const rows = rowsOf(2);
    rows.set(0, 100);
    rows.setRows(["new", "row 0", "row 1"], () => 10);

    expect([0, 1, 2, 3].map((index) => rows.offsetOf(index))).toEqual([0, 10, 110, 120]);
  });

  test("a measure that changes nothing says so", () => {
    const rows = rowsOf(2);

    expect([rows.set(0, 10.2), rows.set(0, 20), rows.set(7, 20)]).toEqual([false, true, false]);
  });

  test("offsets and rows agree for any number of rows", () => {
    for (const count of [1, 2, 3, 7, 8, 9, 100, 1_000]) {
      const rows = rowsOf(count);
      for (let index = 0; index < count; index += 3) rows.set(index, 5 + (index % 11));
      for (let index = 0; index < count; index += 1) {
        expect(rows.indexAt(rows.offsetOf(index))).toBe(index);
        expect(rows.indexAt(rows.offsetOf(index + 1) - 1)).toBe(index);
      }
    }
  });

  test("no rows have no height", () => {
    const rows = rowsOf(0);

    expect([rows.total, rows.indexAt(50), rows.offsetOf(3)]).toEqual([0, 0, 0]);
  });
});
