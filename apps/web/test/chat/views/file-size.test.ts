import { describe, expect, test } from "vitest";

import { duration, fileSize } from "../../../src/chat/views/message/file-size.ts";

describe("fileSize", () => {
  test("sizes have three digits at most", () => {
    expect([0, 999, 1_000, 1_536, 20_480, 5_242_880, 3_221_225_472].map(fileSize)).toEqual([
      "0 B",
      "999 B",
      "1.0 KB",
      "1.5 KB",
      "20 KB",
      "5.0 MB",
      "3.0 GB",
    ]);
  });
});

describe("duration", () => {
  test("minutes and seconds", () => {
    expect([0, 900, 59_600, 65_000, 600_000].map(duration)).toEqual(["0:00", "0:01", "1:00", "1:05", "10:00"]);
  });
});
