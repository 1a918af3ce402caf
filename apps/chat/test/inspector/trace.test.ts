import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { MAX_TRACE_MS, MAX_TRACED_FRAMES, Trace } from "../../src/inspector/trace.ts";

const HEARTBEAT = '[null,"1","phoenix","heartbeat",{}]';

describe("Trace", () => {
  test("numbers and dates frames, and gives all that wait at once", async () => {
    const clock = new FakeClock();
    const trace = new Trace(clock, "phoenix-2");
    trace.add("in", HEARTBEAT);
    await clock.advance(40);
    trace.add("out", HEARTBEAT);

    const frames = await trace.next();

    expect(frames).toMatchObject([
      { number: 1, offsetMs: 0, direction: "in", kind: "heartbeat", size: 35 },
      { number: 2, offsetMs: 40, direction: "out", kind: "heartbeat", size: 35 },
    ]);
  });

  test("gives a frame to whoever waits for it", async () => {
    const trace = new Trace(new FakeClock(), "phoenix-2");
    const next = trace.next();

    trace.add("in", HEARTBEAT);

    expect(await next).toMatchObject([{ number: 1 }]);
  });

  test("keeps the newest 1,000 frames when nobody fetches them", async () => {
    const trace = new Trace(new FakeClock(), "phoenix-2");
    for (let count = 0; count < MAX_TRACED_FRAMES + 5; count++) trace.add("in", HEARTBEAT);

    const frames = await trace.next();

    expect(frames).toHaveLength(1_000);
    expect(frames[0]).toMatchObject({ number: 6 });
  });

  test("keeps the newest frames within 8 MiB when nobody fetches them, and the newest one whatever it takes", async () => {
    const trace = new Trace(new FakeClock(), "phoenix-2");
    const large = JSON.stringify([null, null, "room:1", "new_msg", "x".repeat(1_048_576)]);
    for (let count = 0; count < 20; count++) trace.add("out", large);

    const frames = await trace.next();
    trace.add("out", large.repeat(9));

    expect(frames).toHaveLength(7);
    expect(frames[0]).toMatchObject({ number: 14 });
    expect(await trace.next()).toMatchObject([{ number: 21 }]);
  });

  test("ends after five minutes, and holds no timer then", async () => {
    const clock = new FakeClock();
    const trace = new Trace(clock, "phoenix-2");
    await clock.advance(MAX_TRACE_MS);
    trace.add("in", HEARTBEAT);

    expect([await trace.next(), clock.timerCount, MAX_TRACE_MS]).toEqual(["time", 0, 300_000]);
  });

  test("gives what waits before it says that it ended", async () => {
    const trace = new Trace(new FakeClock(), "phoenix-2");
    trace.add("in", HEARTBEAT);
    trace.end("closed");
    trace.end("left");

    expect([await trace.next(), await trace.next()]).toMatchObject([[{ number: 1 }], "closed"]);
  });
});
