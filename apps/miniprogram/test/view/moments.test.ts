import { expect, test } from "vitest";
import { dayOf, shortMoment } from "../../miniprogram/view/moments";
import { WORDS } from "../../miniprogram/words/words";

const at = (day: number, hour = 9, month = 5, year = 2026): number => new Date(year, month, day, hour, 5).getTime();

test("a moment of today is its time, an older one its day", () => {
  const now = at(17, 12);

  expect(shortMoment(at(17), now, WORDS.zh)).toBe("09:05");
  expect(shortMoment(at(16, 23), now, WORDS.zh)).toBe("昨天");
  expect(dayOf(at(14), now, WORDS.zh)).toBe("周日");
  expect(dayOf(at(1), now, WORDS.zh)).toBe("6月1日");
  expect(dayOf(at(1, 9, 5, 2025), now, WORDS.en)).toBe("1/6/25");
});
