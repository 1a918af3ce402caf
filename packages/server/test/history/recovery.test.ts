import type { StreamPosition } from "@hutong/protocol";
import { describe, expect, test } from "vitest";
import type { HistoryEntry, HistorySlice } from "../../src/history/history-store.ts";
import { continues, judgeOffset, judgeRecovery, reachesTop } from "../../src/history/recovery.ts";

const EPOCH = "e1";

function entry(offset: number): HistoryEntry {
  return {
    stamp: { epoch: EPOCH, offset, id: `id-${offset}`, prev: offset - 1 },
    event: "said",
    payload: null,
    atMs: 0,
  };
}

/** What was read after an offset of a history from `first` to `top`. */
function slice(offset: number, [first, top]: readonly [number, number], limit = 100): HistorySlice {
  const entries = Array.from({ length: top - first + 1 }, (_, index) => entry(first + index));
  return {
    top: { epoch: EPOCH, offset: top, id: top === 0 ? "" : `id-${top}` },
    entries: entries.filter(({ stamp }) => stamp.offset > offset).slice(0, limit),
    idAtOffset: entries.find(({ stamp }) => stamp.offset === offset)?.stamp.id,
  };
}

function at(offset: number, changes: Partial<StreamPosition> = {}): StreamPosition {
  return { epoch: EPOCH, offset, id: offset === 0 ? "" : `id-${offset}`, ...changes };
}

describe("judgeRecovery", () => {
  test("is ok where everything after the position is kept", () => {
    expect(judgeRecovery(at(3), slice(3, [1, 9]))).toBe("ok");
    expect(judgeRecovery(at(0), slice(0, [1, 9]))).toBe("ok");
  });

  test("is ok where nothing was missed", () => {
    expect(judgeRecovery(at(9), slice(9, [1, 9]))).toBe("ok");
    expect(judgeRecovery(at(0), slice(0, [1, 0]))).toBe("ok");
  });

  test("is no longer ok where the entry at the position is not kept, since nothing shows that it is the same", () => {
    expect(judgeRecovery(at(3), slice(3, [4, 9]))).toBe("trimmed");
  });

  test("finds another epoch, whatever the offset", () => {
    expect(judgeRecovery(at(3, { epoch: "e0" }), slice(3, [1, 9]))).toBe("epoch");
    expect(judgeRecovery(at(9, { epoch: "e0" }), slice(9, [1, 9]))).toBe("epoch");
  });

  test("finds a position beyond the newest message", () => {
    expect(judgeRecovery(at(10), slice(10, [1, 9]))).toBe("ahead");
  });

  test("finds another message at the position", () => {
    expect(judgeRecovery(at(3, { id: "other" }), slice(3, [1, 9]))).toBe("fingerprint");
    expect(judgeRecovery(at(9, { id: "other" }), slice(9, [1, 9]))).toBe("fingerprint");
  });

  test("finds messages that are no longer kept", () => {
    expect(judgeRecovery(at(3), slice(3, [5, 9]))).toBe("trimmed");
    expect(judgeRecovery(at(0), slice(0, [2, 9]))).toBe("trimmed");
  });

  test("finds that all messages after the position are no longer kept", () => {
    expect(judgeRecovery(at(3), { top: at(9), entries: [], idAtOffset: undefined })).toBe("trimmed");
  });
});

describe("reachesTop", () => {
  test("holds for a slice that ends with the newest message, or has nothing to end with", () => {
    expect(reachesTop(slice(3, [1, 9]))).toBe(true);
    expect(reachesTop(slice(9, [1, 9]))).toBe(true);
  });

  test("does not hold for a page of more", () => {
    expect(reachesTop(slice(3, [1, 9], 2))).toBe(false);
  });
});

describe("judgeOffset", () => {
  test("is ok at the top, even if nothing is kept", () => {
    expect(judgeOffset(at(9), { ...slice(9, [1, 9]), entries: [], idAtOffset: undefined })).toBe("ok");
    expect(judgeOffset(at(0), slice(0, [1, 0]))).toBe("ok");
  });

  test("is ok right before the oldest entry, and anywhere after", () => {
    expect(judgeOffset(at(3), slice(3, [4, 9]))).toBe("ok");
    expect(judgeOffset(at(6), slice(6, [4, 9]))).toBe("ok");
  });

  test("is not ok where the next entry is gone, in another epoch, or ahead", () => {
    expect(judgeOffset(at(2), slice(2, [4, 9]))).toBe("trimmed");
    expect(judgeOffset(at(3, { epoch: "e0" }), slice(3, [1, 9]))).toBe("epoch");
    expect(judgeOffset(at(10), slice(10, [1, 9]))).toBe("ahead");
  });
});

describe("continues", () => {
  test("is no in another epoch, ahead of the top, and where the next entry is gone", () => {
    expect(continues({ epoch: "e0", offset: 9 }, slice(9, [1, 9]))).toBe(false);
    expect(continues(at(10), slice(10, [1, 9]))).toBe(false);
    expect(continues(at(2), slice(2, [4, 9]))).toBe(false);
  });

  test("is yes at the top and right before the next entry", () => {
    expect(continues(at(9), slice(9, [1, 9]))).toBe(true);
    expect(continues(at(3), slice(3, [4, 9]))).toBe(true);
  });
});
