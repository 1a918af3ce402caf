import { expect, test } from "vitest";
import { drawChart } from "../load/chart.ts";

const bars = [
  { label: "hutong", value: 1 },
  { label: "C & friends", value: 100 },
];

function widths(svg: string): readonly number[] {
  return [...svg.matchAll(/<rect class="(?:ours|bar)"[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));
}

test("a bar is as long as its value", () => {
  const svg = drawChart({ title: "Cost", unit: "µs", isLogarithmic: false, groups: [{ title: "g", bars }] });

  expect(widths(svg)).toEqual([4.8, 480]);
});

test("on a logarithmic scale the least bar can still be seen", () => {
  const svg = drawChart({ title: "Cost", unit: "µs", isLogarithmic: true, groups: [{ title: "g", bars }] });

  expect(widths(svg)).toEqual([43.6, 480]);
  expect(svg).toContain("Cost; logarithmic scale, shorter is better");
});

test("ours is coloured, and names are escaped", () => {
  const svg = drawChart({ title: "Cost", unit: "µs", isLogarithmic: false, groups: [{ title: "g", bars }] });

  expect(svg.match(/class="ours"/g)).toHaveLength(1);
  expect(svg).toContain(">C &amp; friends</text>");
});

test("a chart follows the reader's colour scheme", () => {
  expect(drawChart({ title: "Cost", unit: "µs", isLogarithmic: false, groups: [] })).toContain(
    "@media(prefers-color-scheme:dark)",
  );
});
