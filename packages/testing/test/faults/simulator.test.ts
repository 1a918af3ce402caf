import { expect, test } from "vitest";
import { ModelClient } from "../../src/faults/model-client.ts";
import { simulate } from "../../src/faults/simulator.ts";

test("a model client misses nothing, whatever happens to its link and its server", async () => {
  const results = [];
  for (let seed = 1; seed <= 50; seed++) {
    results.push(await simulate({ seed, createClient: (seat) => new ModelClient(seat) }));
  }

  expect(
    results.filter(({ violation }) => violation !== undefined).map(({ seed, violation }) => ({ seed, violation })),
  ).toEqual([]);
});
