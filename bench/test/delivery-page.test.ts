import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { deliveryParts } from "../chat/delivery-page.ts";
import { type Figures, medianOf, medianRatio } from "../chat/figures.ts";
import { readLatestChatResult } from "../chat/result.ts";
import { partOf } from "../load/performance-page.ts";

const page = readFileSync(new URL("../../docs/explanation/chat-delivery.md", import.meta.url), "utf8");
const latest = readLatestChatResult();

test.each(["environment", "sends", "queries"])("the delivery page's %s are those of the latest result file", (name) => {
  const parts = latest && deliveryParts(latest.name, latest.result);

  expect(partOf(page, name)).toBe(parts?.get(name));
});

test("a ratio is the median over the rounds, each against its own control", () => {
  const rates = (...perSecond: readonly number[]): readonly Figures[] =>
    perSecond.map((each) => ({ perSecond: each, p50Ms: 1, p99Ms: 2, cpuMicros: 3 }));

  expect(medianRatio(rates(50, 10, 90), rates(100, 100, 100))).toBe(0.5);
  expect(medianRatio(rates(50, 80, 10), rates(100, 100, 100))).toBe(0.5);
  expect(medianOf(rates(3, 1, 2))).toEqual({ perSecond: 2, p50Ms: 1, p99Ms: 2, cpuMicros: 3 });
});
