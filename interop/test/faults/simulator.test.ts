import { simulate, type SimulationResult } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { SimulatedHutongClient } from "../../soak/simulated-hutong-client.ts";

const SEEDS = 1_000;
const SEEDS_PER_TEST = 100;
const LIMIT_MS = 60_000;

/** What a failing seed came to, and how to look into it. */
function describeFailure({ seed, violation }: SimulationResult): string {
  return `${violation}; replay with: npm run soak -- --seed ${seed}`;
}

describe("our client, over links and servers that break", () => {
  for (let first = 1; first <= SEEDS; first += SEEDS_PER_TEST) {
    test(`is given everything once, in order, with the seeds from ${first}`, { timeout: LIMIT_MS }, async () => {
      const results: SimulationResult[] = [];
      for (let seed = first; seed < first + SEEDS_PER_TEST; seed++) {
        results.push(await simulate({ seed, createClient: (seat) => new SimulatedHutongClient(seat) }));
      }

      expect(results.filter(({ violation }) => violation !== undefined).map(describeFailure)).toEqual([]);
      expect(results.reduce((sum, { delivered }) => sum + delivered, 0)).toBeGreaterThan(1_000);
    });
  }
});
