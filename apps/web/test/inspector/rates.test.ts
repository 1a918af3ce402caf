import { describe, expect, test } from "vitest";

import { latest, Rates } from "../../src/inspector/rates.ts";
import { connection, snapshot } from "./support.ts";

describe("Rates", () => {
  test("makes frames per second of two counts and the time between them", () => {
    const rates = new Rates();
    rates.add(snapshot(1_000, { connections: [connection("1", { framesIn: 10, framesOut: 100 })] }));
    rates.add(snapshot(3_000, { connections: [connection("1", { framesIn: 14, framesOut: 150 })] }));

    expect(rates.of("1")).toEqual({ in: [2], out: [25] });
  });

  test("has none for a connection that was seen once, or is gone", () => {
    const rates = new Rates();
    rates.add(snapshot(1_000, { connections: [connection("1")] }));
    rates.add(snapshot(2_000, { connections: [connection("1"), connection("2")] }));
    const before = [rates.of("1").in, rates.of("2").in];
    rates.add(snapshot(3_000, { connections: [connection("2")] }));

    expect(before).toEqual([[0], []]);
    expect([rates.of("1").in, rates.of("2").in]).toEqual([[], [0]]);
  });

  test("keeps a minute", () => {
    const rates = new Rates();
    for (let second = 0; second <= 70; second++)
      rates.add(snapshot(second * 1_000, { connections: [connection("1", { framesIn: second * second })] }));

    expect(rates.of("1").in).toHaveLength(60);
    expect([rates.of("1").in[0], latest(rates.of("1").in)]).toEqual([21, 139]);
  });

  test("follows totals as they are, and counts as rates", () => {
    const rates = new Rates();
    const totals = { connections: 3, channels: 5, topics: 1, queuedBytes: 7, messages: 100, deliveries: 1_000 };
    rates.add(snapshot(1_000, { totals }));
    rates.add(snapshot(2_000, { totals: { ...totals, connections: 4, messages: 130, deliveries: 1_600 } }));

    expect(rates.totals).toEqual({
      connections: [3, 4],
      channels: [5, 5],
      messages: [0, 30],
      deliveries: [0, 600],
      queuedBytes: [7, 7],
    });
  });

  test("counts the broadcasts of a topic from the second snapshot that has it", () => {
    const rates = new Rates();
    const topic = { topic: "room:1", memberCount: 1 };
    rates.add(snapshot(1_000));
    rates.add(snapshot(2_000, { topics: [{ ...topic, broadcastCount: 50 }] }));
    rates.add(snapshot(3_000, { topics: [{ ...topic, broadcastCount: 55 }] }));

    expect(rates.ofTopic("room:1")).toEqual([0, 5]);
  });

  test("starts anew with another node: a restart is no negative rate", () => {
    const rates = new Rates();
    rates.add(snapshot(1_000, { connections: [connection("1", { framesIn: 900 })] }));
    rates.add(snapshot(2_000, { nodeId: "n2", connections: [connection("1", { framesIn: 1 })] }));

    expect([rates.of("1").in, rates.totals.connections]).toEqual([[], [1]]);
  });
});
