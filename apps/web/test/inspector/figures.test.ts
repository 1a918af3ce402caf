import { describe, expect, test } from "vitest";

import { createFigures } from "../../src/inspector/figures.ts";

describe("createFigures", () => {
  const [en, zh] = [createFigures("en"), createFigures("zh")];

  test("shortens counts from ten thousand on, in the language's own steps", () => {
    expect([en.count(9_999), en.count(12_345), zh.count(12_345)]).toEqual(["9,999", "12.3k", "1.2万"]);
  });

  test("gives small rates a decimal, and large ones none", () => {
    expect([en.rate(0), en.rate(3.94), en.rate(394.4)]).toEqual(["0", "3.9", "394"]);
  });

  test("gives sizes the unit that fits", () => {
    expect([0, 1_023, 1_024, 1_048_576].map((value) => en.bytes(value))).toEqual(["0 B", "1,023 B", "1 KiB", "1 MiB"]);
  });

  test("gives durations one unit, rounded down", () => {
    const durations = [59_999, 60_000, 7_199_000, 172_800_000];

    expect(durations.map((ms) => en.duration(ms))).toEqual(["59s", "1m", "1h", "2d"]);
    expect(zh.duration(61_000)).toBe("1分钟");
  });

  test("gives offsets in seconds, to the millisecond", () => {
    expect(en.offset(1_234)).toBe("1.234 s");
  });
});
