import { describe, expect, test } from "vitest";

import { lanesOf, toJsonLines } from "../../src/inspector/recording.ts";
import { frame } from "./support.ts";

describe("lanesOf", () => {
  test("gives every topic a lane, in the order of their first frames, below the link's own", () => {
    const frames = [frame(1, { topic: "room:2" }), frame(2, { topic: "" }), frame(3), frame(4, { topic: "room:2" })];

    expect(lanesOf(frames)).toEqual(["", "room:2", "room:1"]);
    expect(lanesOf([])).toEqual([""]);
  });
});

describe("toJsonLines", () => {
  test("writes one frame per line, line feeds in a payload included", () => {
    const text = toJsonLines([frame(1, { payload: '"a\nb"' }), frame(2)]);

    expect(text.split("\n")).toHaveLength(3);
    expect(JSON.parse(text.split("\n")[0] ?? "")).toEqual(frame(1, { payload: '"a\nb"' }));
  });
});
