import type { RecoverRequest, StreamPosition } from "@hutong/protocol";
import { describe, expect, test } from "vitest";
import { planRecovery, withPastTime } from "../../src/channel/recover-plan.ts";
import type { HistoryEntry, HistorySlice } from "../../src/history/history-store.ts";

const top: StreamPosition = { epoch: "e1", offset: 9, id: "m9" };

function entry(offset: number): HistoryEntry {
  const stamp = { epoch: "e1", offset, id: `m${offset}`, prev: offset - 1 };
  return { stamp, event: "said", payload: offset, atMs: 0 };
}

function sliceFrom(...offsets: readonly number[]): HistorySlice {
  return { top, entries: offsets.map((offset) => entry(offset)), idAtOffset: undefined };
}

describe("offsets", () => {
  const request: RecoverRequest = {
    kind: "offsets",
    offsets: [
      { topic: "room:2", epoch: "e2", offset: 3 },
      { topic: "room:1", epoch: "e1", offset: 7 },
    ],
    sinceMs: 5_000,
  };

  test("ask for what follows the topic's own offset, before any time", () => {
    const plan = planRecovery(request, "room:1");

    expect(plan.query).toEqual({ kind: "after", offset: 7, limit: 256 });
    expect(plan.judge(sliceFrom(8, 9))).toBe("ok");
    expect(plan.startOf(sliceFrom(8, 9))).toEqual({ epoch: "e1", offset: 7, id: "" });
  });

  test("of other topics leave the time", () => {
    const plan = planRecovery(request, "room:3");

    expect(plan.query).toEqual({ kind: "since", sinceMs: 5_000, limit: 1_000 });
    expect(plan.judge(sliceFrom())).toBe("partial");
    expect(plan.startOf(sliceFrom(8))).toEqual({ epoch: "e1", offset: 7, id: "" });
    expect(plan.startOf(sliceFrom())).toEqual(top);
  });

  test("of other topics without a time ask for nothing", () => {
    const plan = planRecovery({ kind: "offsets", offsets: request.offsets }, "room:3");

    expect(plan.query).toEqual({ kind: "last", limit: 0 });
    expect(plan.judge(sliceFrom())).toBe("fresh");
  });
});

describe("a time", () => {
  const at = (sinceMs: number): RecoverRequest => ({ kind: "offsets", offsets: [], sinceMs });

  test.each([
    ["in the past stays", 99_000, 99_000],
    ["of now stays", 100_000, 100_000],
    ["ahead of the clock becomes the last minute", 100_001, 40_000],
  ])("%s", (_name, sinceMs, expected) => {
    expect(withPastTime(at(sinceMs), 100_000)).toEqual(at(expected));
  });

  test("is left alone where there is none, or where it is by the server's own clock", () => {
    const offsets: RecoverRequest = { kind: "offsets", offsets: [] };
    const since: RecoverRequest = { kind: "since", sinceMs: 200_000 };

    expect([withPastTime(offsets, 1), withPastTime(since, 1)]).toEqual([offsets, since]);
  });
});
