import { describe, expect, test } from "vitest";
import { Activity } from "../../src/inspector/activity.ts";

describe("Activity", () => {
  test("counts messages, deliveries and the broadcasts of topics", () => {
    const activity = new Activity(() => 0);
    const dispatched = { kind: "broadcast_dispatched", event: "new_msg" } as const;
    activity.telemetry({ ...dispatched, topic: "room:1", subscriberCount: 3 });
    activity.telemetry({ ...dispatched, topic: "room:1", subscriberCount: 4 });
    activity.telemetry({
      kind: "message_handled",
      connectionId: "1",
      topic: "room:1",
      event: "new_msg",
      result: "reply",
      durationMs: 1,
    });

    expect([activity.messageCount, activity.deliveryCount]).toEqual([1, 7]);
    expect([activity.broadcastsOf("room:1"), activity.broadcastsOf("room:2")]).toEqual([2, 0]);
  });

  test("keeps the latest 200 troubles, the newest first", () => {
    const activity = new Activity(() => 5);
    for (let count = 0; count < 203; count++)
      activity.telemetry({ kind: "connection_refused", path: "/socket", why: "origin", status: 403 });

    expect(activity.troubles).toHaveLength(200);
    expect(activity.troubles[0]).toEqual({
      id: 203,
      atMs: 5,
      kind: "connection_refused",
      weight: "refused",
      place: "/socket",
      reason: "origin",
      connectionId: null,
    });
  });

  test("takes no comings and goings for troubles", () => {
    const activity = new Activity(() => 0);
    const closed = { kind: "connection_closed", connectionId: "1", durationMs: 1 } as const;
    activity.telemetry({ kind: "channel_joined", connectionId: "1", topic: "room:1", durationMs: 1 });
    activity.telemetry({ ...closed, code: 1001, close: undefined });
    activity.telemetry({ ...closed, code: 1012, close: "drained" });
    activity.telemetry({ ...closed, code: 4001, close: "slow_consumer" });

    expect(activity.troubles).toMatchObject([{ kind: "connection_closed", weight: "failed", reason: "slow_consumer" }]);
  });
});
