import { expect } from "vitest";
import { describeScenarios } from "../../src/conformance/scenarios.ts";

let created = 0;

// A gap runs as a test that must fail: were it to pass, this file would be red.
describeScenarios(
  "describeScenarios",
  {
    "gives every scenario a subject of its own": ({ id }) => expect(id).toBe(1),
    "expects a known gap to fail": ({ id }) => expect(id).toBe(-1),
    "expects a gap that takes time to fail, too": async ({ id }) => {
      await Promise.resolve();
      expect(id).toBe(-1);
    },
  },
  {
    create: () => ({ id: ++created }),
    knownGaps: [
      { scenario: "expects a known gap to fail", reason: "ids are positive" },
      { scenario: "expects a gap that takes time to fail, too", reason: "ids are positive" },
    ],
  },
);
