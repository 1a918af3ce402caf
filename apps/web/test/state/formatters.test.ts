import { describe, expect, test } from "vitest";

import { createDayOf, createFormatters } from "../../src/state/formatters.ts";

const ZONE = "Asia/Shanghai";
const NOON_MS = Date.UTC(2026, 4, 20, 4, 5);
const DAY_MS = 86_400_000;

describe("createFormatters", () => {
  test("the time is hours and minutes of the zone", () => {
    expect(createFormatters("en", ZONE).time(NOON_MS)).toBe("12:05");
    expect(createFormatters("zh", ZONE).time(Date.UTC(2026, 4, 20, 16, 5))).toBe("00:05");
  });

  test("today and yesterday have names in both languages", () => {
    const english = createFormatters("en", ZONE);
    const chinese = createFormatters("zh", ZONE);

    expect([english.day(NOON_MS, NOON_MS), english.day(NOON_MS - DAY_MS, NOON_MS)]).toEqual(["Today", "Yesterday"]);
    expect([chinese.day(NOON_MS, NOON_MS), chinese.day(NOON_MS - DAY_MS, NOON_MS)]).toEqual(["今天", "昨天"]);
  });

  test("an older day has its date", () => {
    expect(createFormatters("en", ZONE).day(NOON_MS - 2 * DAY_MS, NOON_MS)).toBe("Monday 18 May");
    expect(createFormatters("zh", ZONE).day(NOON_MS - 2 * DAY_MS, NOON_MS)).toBe("5月18日星期一");
  });

  test("yesterday begins at midnight, not 24 hours ago", () => {
    const justAfterMidnight = Date.UTC(2026, 4, 19, 16, 1);

    expect(createFormatters("en", ZONE).day(justAfterMidnight - 2 * 60_000, justAfterMidnight)).toBe("Yesterday");
  });
});

describe("createDayOf", () => {
  test("a day ends at midnight of the zone", () => {
    const dayOf = createDayOf(ZONE);

    expect(dayOf(Date.UTC(2026, 4, 20, 15, 59))).toBe(dayOf(NOON_MS));
    expect(dayOf(Date.UTC(2026, 4, 20, 16, 0))).not.toBe(dayOf(NOON_MS));
  });
});
