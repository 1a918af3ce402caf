import { describe, expect, test } from "vitest";

import { groupTroubles } from "../../src/inspector/group-troubles.ts";
import { isTrouble, laneLabel, markOf } from "../../src/inspector/frames.ts";
import { frame, trouble } from "./support.ts";

describe("markOf", () => {
  test.each([
    ["phoenix-2+hutong.1", "hutong"],
    ["phoenix-1", "phoenix"],
    ["phoenix-2", "phoenix"],
    ["actioncable-v1-json", "action_cable"],
  ])("%s goes by the mark of %s", (wireProtocol, mark) => {
    expect(markOf(wireProtocol)).toBe(mark);
  });
});

describe("laneLabel", () => {
  test.each([
    ["room:lobby", "room:lobby"],
    ['{"channel":"RoomChannel","id":"lobby","page":2}', "RoomChannel id:lobby page:2"],
    ['{"id":"lobby"}', " id:lobby"],
    ["{ no identifier", "{ no identifier"],
    ["{}", ""],
  ])("%s is called %j", (topic, label) => {
    expect(laneLabel(topic)).toBe(label);
  });
});

describe("isTrouble", () => {
  test("a refusal, a crash, an error reply and an unreadable frame are; a reply is not", () => {
    expect(
      ["refused", "crashed", "unreadable", "disconnect", "push"].map((kind) => isTrouble(frame(1, { kind }))),
    ).toEqual([true, true, true, true, false]);
    expect(["ok", "error"].map((event) => isTrouble(frame(1, { kind: "reply", event })))).toEqual([false, true]);
  });
});

describe("groupTroubles", () => {
  test("takes neighbours together that say the same, and keeps the latest of them", () => {
    const troubles = [trouble(5), trouble(4), trouble(3, { reason: "token_expired" }), trouble(2), trouble(1)];

    expect(groupTroubles(troubles)).toEqual([
      { latest: trouble(5), firstId: 4, times: 2 },
      { latest: trouble(3, { reason: "token_expired" }), firstId: 3, times: 1 },
      { latest: trouble(2), firstId: 1, times: 2 },
    ]);
  });

  test("keeps what happened to different connections apart", () => {
    expect(groupTroubles([trouble(2, { connectionId: "n1-2" }), trouble(1)])).toHaveLength(2);
  });
});
