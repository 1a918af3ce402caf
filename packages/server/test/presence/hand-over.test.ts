import { expect, test } from "vitest";
import { readClaim, readHandOver } from "../../src/presence/hand-over.ts";

const ENTRY = { key: "ann", meta: { phx_ref: "1", device: "phone" } };

test("a hand-over is read as it was written", () => {
  expect(readHandOver({ topic: "room:1", entries: [ENTRY] })).toEqual({ topic: "room:1", entries: [ENTRY] });
});

test.each([null, 7, {}, { topic: 7, entries: [] }, { topic: "room:1", entries: {} }])(
  "%j is no hand-over",
  (payload) => {
    expect(readHandOver(payload)).toBeUndefined();
  },
);

test.each([null, {}, { key: 7, meta: { phx_ref: "1" } }, { key: "ann" }, { key: "ann", meta: {} }])(
  "the entry %j is left out",
  (entry) => {
    expect(readHandOver({ topic: "room:1", entries: [entry, ENTRY] })?.entries).toEqual([ENTRY]);
  },
);

test("a claim is read as it was written", () => {
  expect(readClaim({ topic: "room:1", key: "ann", ref: "1" })).toEqual({ topic: "room:1", key: "ann", ref: "1" });
});

test.each([null, "text", {}, { topic: "room:1", key: "ann" }, { topic: 1, key: "ann", ref: "1" }])(
  "%j is no claim",
  (payload) => {
    expect(readClaim(payload)).toBeUndefined();
  },
);
