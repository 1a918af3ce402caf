import type { Figures } from "./figures.ts";
import type { BenchResult, ScenarioResult } from "./results.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";
import { judge } from "./verdicts.ts";

/** The figures of a result as a Markdown table: a row per scenario, a column per contestant. */
export function figuresTable({ scenarios }: BenchResult): string {
  const ids = [...new Set(scenarios.flatMap(({ contestants }) => contestants.map(({ id }) => id)))];
  const rows = SCENARIOS.flatMap((scenario) => {
    const found = scenarios.find(({ id }) => id === scenario.id);
    return found === undefined
      ? []
      : [[`${scenario.title} (${UNITS[scenario.unit]})`, ...ids.map((id) => cellOf(scenario, found, id))]];
  });
  return toTable(["scenario", ...ids], rows);
}

/** The targets as a Markdown table. */
export function targetsTable(result: BenchResult): string {
  const rows = judge(result).map(({ scenarioTitle, target, measured, isMet }) => [
    scenarioTitle,
    target,
    measured === undefined ? "no valid run" : toPrecision(measured),
    isMet ? "met" : "not met",
  ]);
  return toTable(["scenario", "target", "measured", ""], rows);
}

const UNITS: Readonly<Record<Scenario["unit"], string>> = {
  delivery: "µs · deliveries/s",
  delay: "ms, p50 · p99",
  reply: "µs · replies/s",
  join: "µs · joins/s",
  connection: "KiB",
};

function cellOf({ unit }: Scenario, { contestants }: ScenarioResult, id: string): string {
  const contestant = contestants.find((each) => each.id === id);
  if (contestant === undefined) return "–";
  const { median, runs } = contestant;
  if (median === undefined) return "invalid";
  const validCount = runs.filter(({ kind }) => kind === "valid").length;
  const remark = validCount < runs.length ? ` (${validCount} of ${runs.length} runs)` : "";
  return headline(unit, median) + remark;
}

function headline(unit: Scenario["unit"], { cpuMicros, perSecond, p50Ms, p99Ms, kib }: Figures): string {
  switch (unit) {
    case "delay":
      return `${toPrecision(p50Ms)} · ${toPrecision(p99Ms)}`;
    case "connection":
      return toPrecision(kib);
    case "delivery":
    case "reply":
    case "join":
      return `${toPrecision(cpuMicros)} · ${inThousands(perSecond)}`;
    default:
      return unit satisfies never;
  }
}

function inThousands(perSecond: number): string {
  return perSecond >= 1e6 ? `${toPrecision(perSecond / 1e6)} M` : `${toPrecision(perSecond / 1e3)} k`;
}

/** Two digits that mean something, three from 100 on. */
function toPrecision(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(value >= 10 ? 3 : 2)));
}

/** Columns are as wide as their widest cell, as the formatter of this repository has it. */
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) => Math.max(3, name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
