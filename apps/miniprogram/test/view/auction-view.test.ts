import { expect, test } from "vitest";
import { leftOf } from "../../miniprogram/view/auction-view";

test("the time that is left ends at nought, and has hours where it needs them", () => {
  expect([leftOf(61_000), leftOf(9_400), leftOf(-5), leftOf(3_600_000)]).toEqual(["1:01", "0:10", "0:00", "1:00:00"]);
});
