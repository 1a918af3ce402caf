import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { SessionSweep } from "../../src/accounts/session-sweep.ts";
import { createBench } from "./support.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe.each(testEngines())("the sweep on $name", (engine) => {
  test("throws tickets away at once, and sessions a week after their end", async () => {
    await using bench = await createBench(engine, { options: { sessionMs: 30 * DAY_MS } });
    const sweep = new SessionSweep({ ...bench, failed: (error) => expect.unreachable(String(error)) });
    const signedOut = await bench.register("ada_l");
    const kept = await bench.register("grace_h");
    await bench.call("create_ticket", {}, signedOut);
    await bench.call("sign_out", {}, signedOut);
    const leftAfter = async (ms: number) => {
      await bench.clock.advance(ms);
      await sweep.sweep();
      const sessions = await bench.database.read.selectFrom("sessions").select("id").orderBy("id").execute();
      const tickets = await bench.database.read.selectFrom("tickets").select("hash").execute();
      return { sessions: sessions.map(({ id }) => id), tickets: tickets.length };
    };

    expect(await leftAfter(59_999)).toEqual({ sessions: [signedOut.sessionId, kept.sessionId], tickets: 1 });
    expect(await leftAfter(1)).toEqual({ sessions: [signedOut.sessionId, kept.sessionId], tickets: 0 });
    expect(await leftAfter(7 * DAY_MS)).toEqual({ sessions: [kept.sessionId], tickets: 0 });
    expect(await leftAfter(29 * DAY_MS)).toEqual({ sessions: [kept.sessionId], tickets: 0 });
    expect(await leftAfter(DAY_MS)).toEqual({ sessions: [], tickets: 0 });
  });

  test("runs every hour until it is closed", async () => {
    await using bench = await createBench(engine);
    const sweep = new SessionSweep({ ...bench, failed: (error) => expect.unreachable(String(error)) });
    const session = await bench.register("ada_l");
    await bench.call("create_ticket", {}, session);

    sweep.start();
    await bench.clock.advance(HOUR_MS);

    await expect.poll(() => bench.database.read.selectFrom("tickets").selectAll().execute()).toEqual([]);
    await sweep.close();
    expect(bench.clock.timerCount).toBe(0);
  });

  test("ends when a run that is under way has ended", async () => {
    await using bench = await createBench(engine);
    const sweep = new SessionSweep({ ...bench, failed: (error) => expect.unreachable(String(error)) });
    await bench.call("create_ticket", {}, await bench.register("ada_l"));
    sweep.start();

    await bench.clock.advance(HOUR_MS);
    await sweep.close();

    expect(await bench.database.read.selectFrom("tickets").selectAll().execute()).toEqual([]);
  });
});
