import { expect, test } from "vitest";
import { moneyOf, parseCents } from "../../miniprogram/view/money";

test("amounts are grouped by thousands, and whole ones have no cents", () => {
  expect([moneyOf(123_456_700), moneyOf(10_050), moneyOf(5)]).toEqual(["¥1,234,567", "¥100.50", "¥0.05"]);
});

test("an amount is read as people write it", () => {
  expect([parseCents("1,234"), parseCents(" 250.5 "), parseCents("0.05")]).toEqual([123_400, 25_050, 5]);
});

test.each(["", "12.345", "-1", "1e3", "ten"])("%j is no amount", (text) => {
  expect(parseCents(text)).toBe(undefined);
});
