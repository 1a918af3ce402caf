import { expect, test } from "vitest";
import { leftOf, moneyOf } from "../../miniprogram/view/auction-view";

test("amounts are grouped by thousands, and whole ones have no cents", () => {
  expect([moneyOf(123_456_700), moneyOf(10_050), moneyOf(5)]).toEqual(["¥1,234,567", "¥100.50", "¥0.05"]);
});

test("the time that is left ends at nought", () => {
  expect([leftOf(61_000), leftOf(9_400), leftOf(-5)]).toEqual(["1:01", "0:10", "0:00"]);
});
