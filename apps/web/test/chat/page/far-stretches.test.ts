import { describe, expect, test } from "vitest";

import { farStretches } from "../../../src/chat/page/far-stretches.ts";

const messagesTo = (count: number) => Array.from({ length: count }, (_, index) => ({ seq: index + 1 }));

describe("farStretches", () => {
  test("a conversation of 1,200 messages stays as it is", () => {
    expect(farStretches(messagesTo(1_200), 1)).toEqual([]);
  });

  test("a reader in the middle keeps 300 messages on each side and the 60 newest", () => {
    expect(farStretches(messagesTo(2_000), 1_000)).toEqual([
      { lo: 0, hi: 699 },
      { lo: 1_301, hi: 1_940 },
    ]);
  });

  test("a reader at either end keeps what is there", () => {
    expect(farStretches(messagesTo(2_000), 0)).toEqual([{ lo: 302, hi: 1_940 }]);
    expect(farStretches(messagesTo(2_000), 9_999)).toEqual([{ lo: 0, hi: 1_699 }]);
    expect(farStretches(messagesTo(2_000), 1_650)).toEqual([{ lo: 0, hi: 1_349 }]);
  });
});
