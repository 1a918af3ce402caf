import { describe, expect, test } from "vitest";
import {
  judgeArrival,
  positionOf,
  readPosition,
  readReport,
  readStamp,
  RECOVERY_REASONS,
  type RecoveryReason,
  type StreamPosition,
  writePosition,
  writeStamp,
} from "../src/index.ts";
import { writeReport } from "../src/stream-position.ts";

const MINE: StreamPosition = { epoch: "e1", offset: 7, id: "m7" };
const BEGINNING: StreamPosition = { epoch: "e1", offset: 0, id: "" };

const NO_TEXTS: readonly unknown[] = [7, null, undefined, true, ["e1"], {}, "x".repeat(65)];
const NO_OFFSETS: readonly unknown[] = [
  -1,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  2 ** 63,
  "7",
  7n,
  null,
  undefined,
  [7],
];
const NO_ARRAYS: readonly unknown[] = [undefined, null, "e1", 7, {}, { 0: "e1", 1: 7, 2: "m7", length: 3 }];

describe("judgeArrival", () => {
  test.each([
    ["the message after mine", "next", { epoch: "e1", offset: 8, id: "m8", prev: 7 }],
    [
      "the message after mine, where offsets leave numbers out",
      "next",
      { epoch: "e1", offset: 12, id: "m12", prev: 7 },
    ],
    ["my own message again", "duplicate", { epoch: "e1", offset: 7, id: "m7", prev: 6 }],
    ["an older message", "duplicate", { epoch: "e1", offset: 6, id: "m6", prev: 5 }],
    ["the first message", "duplicate", { epoch: "e1", offset: 1, id: "m1", prev: 0 }],
    ["a message after one that I miss", "gap", { epoch: "e1", offset: 9, id: "m9", prev: 8 }],
    ["a message that follows one before mine", "gap", { epoch: "e1", offset: 9, id: "m9", prev: 6 }],
    ["a message that knows of none before it", "gap", { epoch: "e1", offset: 9, id: "m9", prev: 0 }],
    ["another message at my place", "reset", { epoch: "e1", offset: 7, id: "other", prev: 6 }],
    ["the next message of another history", "reset", { epoch: "e2", offset: 8, id: "m8", prev: 7 }],
    ["an older message of another history", "reset", { epoch: "e2", offset: 1, id: "m1", prev: 0 }],
  ] as const)("%s is: %s", (_what, arrival, stamp) => {
    expect(judgeArrival(MINE, stamp)).toBe(arrival);
  });

  test("a message at my place is a duplicate where I do not know the id there", () => {
    const arrival = judgeArrival({ epoch: "e1", offset: 7, id: "" }, { epoch: "e1", offset: 7, id: "m7", prev: 6 });

    expect(arrival).toBe("duplicate");
  });

  test("at the beginning, the first message is next and every other one comes after a gap", () => {
    expect(judgeArrival(BEGINNING, { epoch: "e1", offset: 3, id: "m3", prev: 0 })).toBe("next");
    expect(judgeArrival(BEGINNING, { epoch: "e1", offset: 4, id: "m4", prev: 3 })).toBe("gap");
  });
});

describe("positionOf", () => {
  test("is the place of the message, without the one before", () => {
    expect(positionOf({ epoch: "e1", offset: 8, id: "m8", prev: 7 })).toStrictEqual({
      epoch: "e1",
      offset: 8,
      id: "m8",
    });
  });
});

describe("positions", () => {
  test("travel as epoch, offset and id", () => {
    expect(writePosition(MINE)).toStrictEqual(["e1", 7, "m7"]);
    expect(readPosition(["e1", 7, "m7"])).toStrictEqual(MINE);
    expect(readPosition(["e1", 0, ""])).toStrictEqual(BEGINNING);
    expect(readPosition(["胡".repeat(64), 2 ** 53 - 1, "同".repeat(64)])).toStrictEqual({
      epoch: "胡".repeat(64),
      offset: 9_007_199_254_740_991,
      id: "同".repeat(64),
    });
  });

  test.each([
    ...NO_ARRAYS,
    [],
    ["e1", 7],
    ["e1", 7, "m7", 6],
    ["e1", "m7", 7],
    ["e1", ["e1", 7, "m7"], "m7"],
    ...NO_TEXTS.flatMap((text) => [
      [text, 7, "m7"],
      ["e1", 7, text],
    ]),
    ...NO_OFFSETS.map((offset) => ["e1", offset, "m7"]),
  ])("nothing else is one (%#)", (value) => {
    expect(readPosition(value)).toBeUndefined();
  });
});

describe("stamps", () => {
  test("travel as epoch, offset, id and the offset before", () => {
    expect(writeStamp({ ...MINE, prev: 4 })).toStrictEqual(["e1", 7, "m7", 4]);
    expect(readStamp(["e1", 7, "m7", 4])).toStrictEqual({ epoch: "e1", offset: 7, id: "m7", prev: 4 });
    expect(readStamp(["e1", 1, "m1", 0])).toStrictEqual({ epoch: "e1", offset: 1, id: "m1", prev: 0 });
  });

  test.each([
    ...NO_ARRAYS,
    ["e1", 7, "m7"],
    ["e1", 7, "m7", 6, 5],
    [7, 7, "m7", 6],
    ["e1", 0, "", 0],
    ["e1", 7, "m7", 7],
    ["e1", 7, "m7", 8],
    ...NO_OFFSETS.flatMap((offset) => [
      ["e1", offset, "m7", 0],
      ["e1", 7, "m7", offset],
    ]),
  ])("nothing else is one (%#)", (value) => {
    expect(readStamp(value)).toBeUndefined();
  });
});

describe("reports", () => {
  const reasons: readonly RecoveryReason[] = [
    "ok",
    "fresh",
    "partial",
    "epoch",
    "ahead",
    "trimmed",
    "fingerprint",
    "disabled",
    "malformed",
  ];

  test.each(reasons)("travel with the reason %s", (reason) => {
    const report = { recovered: reason === "ok", reason, position: MINE };

    expect(writeReport(report)).toStrictEqual([reason === "ok", reason, ["e1", 7, "m7"]]);
    expect(readReport([reason === "ok", reason, ["e1", 7, "m7"]])).toStrictEqual(report);
  });

  test("every reason is a snake_case word with a summary", () => {
    expect(Object.keys(RECOVERY_REASONS)).toEqual(reasons);
    for (const [reason, summary] of Object.entries(RECOVERY_REASONS)) {
      expect(reason).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
      expect(summary).toMatch(/^[A-Z].*\.$/);
    }
  });

  test.each([
    ...NO_ARRAYS,
    [true, "ok"],
    [true, "ok", ["e1", 7, "m7"], 1],
    [1, "ok", ["e1", 7, "m7"]],
    [undefined, "ok", ["e1", 7, "m7"]],
    [true, "fine", ["e1", 7, "m7"]],
    [true, "toString", ["e1", 7, "m7"]],
    [true, "__proto__", ["e1", 7, "m7"]],
    [true, 0, ["e1", 7, "m7"]],
    [true, ["ok"], ["e1", 7, "m7"]],
    [true, "ok", undefined],
    [true, "ok", ["e1", -7, "m7"]],
  ])("nothing else is one (%#)", (value) => {
    expect(readReport(value)).toBeUndefined();
  });
});
