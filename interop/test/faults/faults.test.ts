import { describe, expect, test } from "vitest";
import { runFaults } from "../../soak/faults-run.ts";
import { anycableClient, hutongClient } from "../../soak/soak-clients.ts";

const KINDS = {
  "our client": { createClient: hutongClient, settleMs: 2_000, resetsPerRestart: 1 },
  // It learns a new epoch from its first message only: cut before that, it is told once more.
  "the client of AnyCable": { createClient: anycableClient, settleMs: 12_000, resetsPerRestart: 2 },
};

describe.each(Object.entries(KINDS))("%s behind a proxy that breaks its links", (_name, kind) => {
  test("is given everything once, in order, while the server is killed", { timeout: 120_000 }, async () => {
    const { violation, delivered, restarts, resets, explainedResets } = await runFaults({
      ...kind,
      clients: 20,
      topics: 5,
      durationMs: 6_000,
      restartEveryMs: 3_000,
      messagesPerSecond: 100,
      seed: 1,
    });

    expect(violation).toBeUndefined();
    expect(restarts).toBeGreaterThan(0);
    expect(delivered).toBeGreaterThan(1_000);
    expect(resets).toBeLessThanOrEqual(kind.resetsPerRestart * explainedResets);
  });
});
