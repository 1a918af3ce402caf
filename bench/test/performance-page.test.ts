import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { drawCharts, partOf, performanceParts } from "../load/performance-page.ts";
import { readLatestResult } from "../load/results.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const page = readFileSync(new URL("explanation/performance.md", DOCS), "utf8");
const latest = readLatestResult();

test("there is a result file", () => {
  expect(latest?.name).toMatch(/^\d{4}-\d{2}-\d{2}-[\w-]+\.json$/);
});

test.each(["environment", "figures", "targets"])("the page's %s are those of the latest result file", (name) => {
  const parts = latest && performanceParts(latest.name, latest.result);

  expect(partOf(page, name)).toBe(parts?.get(name));
});

test.each(["cpu", "delay", "memory"])("the chart of %s shows the latest result file", (name) => {
  const charts = latest && drawCharts(latest.result);

  expect(readFileSync(new URL(`images/performance-${name}.svg`, DOCS), "utf8")).toBe(charts?.get(name));
});
