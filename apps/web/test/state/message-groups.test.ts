import { describe, expect, test } from "vitest";

import { type LogPart, toLogParts } from "../../src/state/message-groups.ts";
import type { TimelineEntry } from "../../src/state/timeline.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const dayOf = (atMs: number): string => `day ${Math.floor(atMs / DAY_MS)}`;

function entry(key: string, from: string, atMs: number, isOwn = false): TimelineEntry {
  return { key, id: key, from, body: key, atMs, isOwn, delivery: "sent" };
}

function outline(parts: readonly LogPart[]): readonly string[] {
  return parts.map((part) =>
    part.kind === "day" ? `day at ${part.atMs}` : `${part.from}: ${part.entries.map(({ key }) => key).join(" ")}`,
  );
}

describe("toLogParts", () => {
  test("no messages make no parts", () => {
    expect(toLogParts([], dayOf)).toEqual([]);
  });

  test("messages of one sender that follow each other closely are one group", () => {
    const parts = toLogParts([entry("a", "Ada", 0), entry("b", "Ada", MINUTE_MS), entry("c", "Bo", MINUTE_MS)], dayOf);

    expect(outline(parts)).toEqual(["day at 0", "Ada: a b", "Bo: c"]);
  });

  test("more than five minutes of silence start a new group", () => {
    const parts = toLogParts(
      [entry("a", "Ada", 0), entry("b", "Ada", 5 * MINUTE_MS), entry("c", "Ada", 10 * MINUTE_MS + 1)],
      dayOf,
    );

    expect(outline(parts)).toEqual(["day at 0", "Ada: a b", "Ada: c"]);
  });

  test("a new day is announced and starts a new group", () => {
    const parts = toLogParts([entry("a", "Ada", DAY_MS - 1), entry("b", "Ada", DAY_MS)], dayOf);

    expect(outline(parts)).toEqual(["day at 86399999", "Ada: a", "day at 86400000", "Ada: b"]);
  });

  test("a person of one's own name has a group of their own", () => {
    const parts = toLogParts([entry("a", "Ada", 0, true), entry("b", "Ada", 0)], dayOf);

    expect(outline(parts)).toEqual(["day at 0", "Ada: a", "Ada: b"]);
  });
});
