import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { Housekeeping } from "../src/housekeeping.ts";
import { createBench } from "./accounts/support.ts";

const HOUR_MS = 3_600_000;

describe.each(testEngines())("the housekeeping on $name", (engine) => {
  test("its end waits for a round that is under way", async () => {
    await using bench = await createBench(engine);
    const failures: unknown[] = [];
    const housekeeping = new Housekeeping({ ...bench, failed: (error) => failures.push(error) });
    const call = { userId: "ada", key: "one", request: {} };
    await housekeeping.idempotentCalls.once(call, () => Promise.resolve({ answer: 1 }));
    housekeeping.start();
    await bench.clock.advance(25 * HOUR_MS);

    await housekeeping.close();

    expect(await bench.database.read.selectFrom("idempotency").selectAll().execute()).toEqual([]);
    expect(failures).toEqual([]);
    expect(bench.clock.timerCount).toBe(0);
  });
});
