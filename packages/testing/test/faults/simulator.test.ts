import { expect, test } from "vitest";
import { ModelClient } from "../../src/faults/model-client.ts";
import type { SimulatedSeat } from "../../src/faults/simulated-client.ts";
import { simulate, type SimulationResult } from "../../src/faults/simulator.ts";

type ClientMaker = (seat: SimulatedSeat) => ModelClient;

const model: ClientMaker = (seat) => new ModelClient(seat);

async function simulateMany(createClient: ClientMaker, seeds: number): Promise<readonly SimulationResult[]> {
  const results: SimulationResult[] = [];
  for (let seed = 1; seed <= seeds; seed++) results.push(await simulate({ seed, createClient }));
  return results;
}

/** Which rules the violations name. */
function rulesOf(results: readonly SimulationResult[]): readonly string[] {
  return [...new Set(results.flatMap(({ violation }) => violation?.slice(0, 2) ?? []))].sort();
}

test("a client that follows the rules misses nothing, whatever happens to its link and its server", async () => {
  const results = await simulateMany(model, 300);

  expect(results.filter(({ violation }) => violation !== undefined)).toEqual([]);
  expect(results.reduce((sum, { delivered }) => sum + delivered, 0)).toBeGreaterThan(10_000);
}, 60_000);

test("one seed makes the same run each time", async () => {
  const traces: string[][] = [];
  for (let round = 0; round < 2; round++) {
    const lines: string[] = [];
    await simulate({ seed: 42, createClient: model, trace: (line) => lines.push(line) });
    // Ids and epochs are random; what happens does not depend on them.
    traces.push(lines.map((line) => line.replace(/[\da-f]{8}(-[\da-f-]+|[.\w]*)/g, "id")));
  }

  expect(traces[0]).toEqual(traces[1]);
});

test("a client that loses a message now and then is found out", async () => {
  const careless: ClientMaker = (seat) => {
    let count = 0;
    return new ModelClient({ ...seat, delivered: (...parts) => ++count % 20 !== 0 && seat.delivered(...parts) });
  };

  expect(rulesOf(await simulateMany(careless, 20))).toContain("I1");
});

test("a client that is given a message twice is found out", async () => {
  const stuttering: ClientMaker = (seat) => {
    let count = 0;
    return new ModelClient({
      ...seat,
      delivered: (...parts) => {
        seat.delivered(...parts);
        if (++count % 20 === 0) seat.delivered(...parts);
      },
    });
  };

  expect(rulesOf(await simulateMany(stuttering, 20))).toContain("I2");
});

test("a client that does not come back is found out", async () => {
  const tired: ClientMaker = (seat) => {
    let dials = 0;
    const closed = { clientSend: () => {}, clientClose: () => {} };
    return new ModelClient({ ...seat, dial: (handlers) => (++dials > 2 ? closed : seat.dial(handlers)) });
  };

  expect(rulesOf(await simulateMany(tired, 20))).toContain("I8");
});
