import { describe, expect, test } from "vitest";
import { insertFigures, quantile, report } from "../../bench/report.ts";
import type { Round } from "../../bench/round.ts";

const roundOf = (slowestMs: number): Round => ({
  waitsMs: [...Array.from({ length: 98 }, () => 2), slowestMs, slowestMs],
  results: new Map([
    ["OK", 99],
    ["TOO_LOW", 1],
  ]),
  seconds: 2,
  deliveries: 10_000,
});

const ENVIRONMENT = {
  ...{ day: "2026-11-20", machine: "a machine", system: "linux", load: "0.10 and 0.90" },
  ...{ spectatorCount: 1_000, bidsPerSecond: 50 },
};

describe("the report of the bench", () => {
  test("99 of 100 waits are within the 99th percentile", () => {
    expect([quantile(roundOf(60), 0.5), quantile(roundOf(60), 0.98), quantile(roundOf(60), 0.99)]).toEqual([2, 2, 60]);
  });

  test("says whether the target was met, beside the control and where it was measured", () => {
    const lines = report(roundOf(60), roundOf(3), ENVIRONMENT);

    expect(lines).toContain(
      "- The control, plain `ws` with the price in a variable: half of 100 answers within 2.0 ms, 99 of 100 within 3.0 ms, the longest 3.0 ms; 5000 frames per second to the spectators",
    );
    expect(lines).toContain("- Target: 99 of 100 answers within 50 ms, which is missed");
    expect(report(roundOf(49), roundOf(3), ENVIRONMENT)).toContain(
      "- Target: 99 of 100 answers within 50 ms, which is met",
    );
    expect(lines.at(-1)).toBe(
      "- Environment: 2026-11-20; a machine; linux; load average before and after 0.10 and 0.90",
    );
  });

  test("replaces what stands between the marks of a page, and nothing else", () => {
    const page = "before\n\n<!-- figures -->\n\n- old\n\n<!-- /figures -->\n\nafter\n";

    expect(insertFigures(page, ["- new"])).toBe(page.replace("old", "new"));
    expect(() => insertFigures("no marks", [])).toThrow("the page has no marks");
  });
});
