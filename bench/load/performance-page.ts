import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Chart, type ChartGroup, drawChart } from "./chart.ts";
import type { Figures } from "./figures.ts";
import type { BenchResult } from "./results.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";
import { figuresTable, targetsTable } from "./tables.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const PAGE = fileURLToPath(new URL("explanation/performance.md", DOCS));

/** The parts of the performance page that come from a result file, by the name of their place. */
export function performanceParts(name: string, result: BenchResult): ReadonlyMap<string, string> {
  return new Map([
    ["environment", environmentList(name, result)],
    ["figures", figuresTable(result)],
    ["targets", targetsTable(result)],
  ]);
}

/** What stands between a place's marks on a page; `undefined` where the page has no such place. */
export function partOf(page: string, name: string): string | undefined {
  const [, rest] = page.split(`<!-- ${name} -->\n\n`);
  return rest?.split(`\n\n<!-- /${name} -->`, 1)[0];
}

/** Puts a result into the performance page and draws its charts. */
export function renderPerformancePage(name: string, result: BenchResult): void {
  let page = readFileSync(PAGE, "utf8");
  for (const [place, text] of performanceParts(name, result)) {
    const old = partOf(page, place);
    if (old !== undefined) page = page.replace(`<!-- ${place} -->\n\n${old}\n`, () => `<!-- ${place} -->\n\n${text}\n`);
  }
  writeFileSync(PAGE, page);
  for (const [chartName, svg] of drawCharts(result)) {
    writeFileSync(fileURLToPath(new URL(`images/performance-${chartName}.svg`, DOCS)), svg);
  }
}

/** The charts of a result as SVG documents, by name. */
export function drawCharts(result: BenchResult): ReadonlyMap<string, string> {
  return new Map([...chartsOf(result)].map(([name, chart]) => [name, drawChart(chart)]));
}

function environmentList(name: string, { day, environment, rounds }: BenchResult): string {
  const { cpu, cores, memoryGib, kernel, node, isPinned, loadBefore, loadAfter } = environment;
  return [
    `- File: [\`${name}\`](../../bench/results/${name}), ${day}, medians of ${rounds} rounds`,
    `- Machine: ${cpu}, ${cores} cores, ${memoryGib} GiB; ${kernel}; Node ${node.slice(1)}`,
    `- Server and load generator ${isPinned ? "have a core each" : "share the cores"}`,
    `- Load average before the run ${loadBefore}, after it ${loadAfter}; the run itself accounts for up to 2`,
  ].join("\n");
}

function chartsOf(result: BenchResult): ReadonlyMap<string, Chart> {
  const isCpu = ({ unit }: Scenario): boolean => unit === "delivery" || unit === "reply";
  return new Map<string, Chart>([
    [
      "cpu",
      {
        title: "Server CPU per delivery or reply",
        unit: "µs",
        isLogarithmic: true,
        groups: groupsOf(result, isCpu, "cpuMicros"),
      },
    ],
    [
      "delay",
      {
        title: "Delay, 99th percentile",
        unit: "ms",
        isLogarithmic: false,
        groups: groupsOf(result, ({ unit }) => unit === "delay", "p99Ms"),
      },
    ],
    [
      "memory",
      {
        title: "Memory per connection",
        unit: "KiB",
        isLogarithmic: false,
        groups: groupsOf(result, ({ unit }) => unit === "connection", "kib"),
      },
    ],
  ]);
}

function groupsOf(
  result: BenchResult,
  isShown: (scenario: Scenario) => boolean,
  figure: keyof Figures,
): readonly ChartGroup[] {
  return SCENARIOS.filter(isShown).flatMap(({ id, title }) => {
    const found = result.scenarios.find((scenario) => scenario.id === id);
    const bars = found?.contestants.flatMap(({ id: label, median }) =>
      median === undefined ? [] : [{ label, value: median[figure] }],
    );
    return bars === undefined ? [] : [{ title, bars }];
  });
}
