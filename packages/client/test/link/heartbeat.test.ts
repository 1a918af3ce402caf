import { describe, expect, test } from "vitest";
import { Heartbeat } from "../../src/link/heartbeat.ts";
import { FakeClock } from "../support.ts";

function createHeartbeat(): { readonly clock: FakeClock; readonly heartbeat: Heartbeat; readonly log: string[] } {
  const clock = new FakeClock();
  const log: string[] = [];
  const heartbeat = new Heartbeat({
    clock,
    intervalMs: 100,
    timeoutMs: 30,
    beat: () => log.push("beat"),
    dead: () => log.push("dead"),
  });
  return { clock, heartbeat, log };
}

describe("heartbeat", () => {
  test("reports once that nothing was heard, and stops", async () => {
    const { clock, heartbeat, log } = createHeartbeat();
    heartbeat.start();

    await clock.advance(500);

    expect(log).toEqual(["beat", "dead"]);
    expect(clock.timerCount).toBe(0);
  });

  test("any frame answers it", async () => {
    const { clock, heartbeat, log } = createHeartbeat();
    heartbeat.start();
    await clock.advance(100);
    heartbeat.heard();

    await clock.advance(99);

    expect(log).toEqual(["beat"]);
  });

  test("a probe beats at once, but not twice, and not before the start", async () => {
    const { heartbeat, log } = createHeartbeat();
    heartbeat.probe();
    heartbeat.start();

    heartbeat.probe();
    heartbeat.probe();

    expect(log).toEqual(["beat"]);
  });
});
