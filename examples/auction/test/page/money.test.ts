import { describe, expect, test } from "vitest";
import { parseCents, toFieldText } from "../../page/money.ts";

describe("parseCents", () => {
  test.each([
    ["100", 10_000],
    ["0.1", 10],
    ["1.15", 115],
    ["1,234.50", 123_450],
    [" 5 ", 500],
    ["9999999999.99", 999_999_999_999],
  ])("%j is %i cents", (text, cents) => {
    expect(parseCents(text)).toBe(cents);
  });

  test.each(["", ".", "1.", ".5", "1.005", "-1", "1e3", "0x10", "10000000000", "1.1.1"])("%j is no amount", (text) => {
    expect(parseCents(text)).toBeUndefined();
  });
});

test.each([
  [10_000, "100"],
  [10_050, "100.50"],
  [5, "0.05"],
])("%i cents are written as %s", (cents, text) => {
  expect(toFieldText(cents)).toBe(text);
});
