import { expect, test } from "vitest";
import type { Figures } from "../load/figures.ts";
import type { BenchResult } from "../load/results.ts";
import { SCENARIOS } from "../load/scenarios.ts";
import { targetsTable } from "../load/tables.ts";
import { judge } from "../load/verdicts.ts";

const NONE: Figures = { cpuMicros: 0, perSecond: 0, p50Ms: 0, p99Ms: 0, kib: 0, loadCpu: 0, foreignCpu: 0 };

function resultOf(id: string, figures: Readonly<Record<string, Partial<Figures> | undefined>>): BenchResult {
  const contestants = Object.entries(figures).map(([name, some]) => ({
    id: name,
    median: some && { ...NONE, ...some },
    runs: [],
  }));
  const environment = {
    cpu: "any",
    cores: 2,
    memoryGib: 1,
    kernel: "linux 6",
    node: "v20.0.0",
    isPinned: true,
    loadBefore: 0,
    loadAfter: 0,
  };
  return { day: "2026-01-01", environment, rounds: 1, scenarios: [{ id, contestants }] };
}

test("a target is met from its limit on", () => {
  const result = resultOf("room-1", {
    hutong: { cpuMicros: 2 },
    "socket.io": { cpuMicros: 3 },
    ws: { cpuMicros: 1.9 },
  });

  expect(judge(result).map(({ measured, isMet }) => ({ measured, isMet }))).toEqual([
    { measured: 1.5, isMet: true },
    { measured: 0.95, isMet: false },
  ]);
});

test("memory is compared as a difference and as a share", () => {
  const result = resultOf("memory", { hutong: { kib: 9 }, ws: { kib: 5 }, "socket.io": { kib: 10 } });

  expect(judge(result).map(({ target, measured, isMet }) => [target, measured, isMet])).toEqual([
    ["memory: hutong − ws ≤ 4 KiB", 4, true],
    ["memory: hutong ÷ socket.io ≤ 0.6", 0.9, false],
  ]);
});

test("a target whose control has no valid run is not met", () => {
  expect(targetsTable(resultOf("delay", { hutong: { p99Ms: 1 }, ws: undefined }))).toBe(
    [
      "| scenario                              | target                 | measured     |         |",
      "| ------------------------------------- | ---------------------- | ------------ | ------- |",
      "| delay at half of what plain ws can do | p99: hutong ÷ ws ≤ 1.2 | no valid run | not met |",
    ].join("\n"),
  );
});

test("every target names a contestant of its scenario, hutong among them", () => {
  for (const { contestants, targets } of SCENARIOS) {
    expect(contestants).toContain("hutong");
    for (const { control } of targets) expect(contestants).toContain(control);
  }
});
