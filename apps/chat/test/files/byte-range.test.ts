import { expect, test } from "vitest";
import { parseByteRange } from "../../src/files/byte-range.ts";

test.each([
  ["bytes=0-0", { first: 0, last: 0 }],
  ["bytes=2-5", { first: 2, last: 5 }],
  ["bytes=5-", { first: 5, last: 9 }],
  ["bytes=-3", { first: 7, last: 9 }],
  ["bytes=-99", { first: 0, last: 9 }],
  ["bytes=8-99", { first: 8, last: 9 }],
  ["bytes=10-", "unsatisfiable"],
  ["bytes=10-11", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  [undefined, undefined],
  ["bytes=-", undefined],
  ["bytes=5-2", undefined],
  ["bytes=0-1,4-5", undefined],
  ["lines=0-1", undefined],
  ["bytes=0x1-2", undefined],
  ["bytes=99999999999999999999-", undefined],
])("%j of ten bytes is %j", (header, range) => {
  expect(parseByteRange(header, 10)).toEqual(range);
});
