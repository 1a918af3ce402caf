import type { BenchResult, ScenarioResult } from "./results.ts";
import { type FigureName, SCENARIOS, type Target } from "./scenarios.ts";
import type { Figures } from "./figures.ts";

/** How hutong did against one target. */
export interface Verdict {
  readonly scenarioTitle: string;
  /** The target in words. */
  readonly target: string;
  /** What was measured, in the target's terms; `undefined` when a side has no valid run. */
  readonly measured: number | undefined;
  readonly isMet: boolean;
}

const FIGURE_NAMES: Readonly<Record<FigureName, string>> = { cpuMicros: "server CPU", p99Ms: "p99", kib: "memory" };

/** Compares a result with every target of the scenarios that it holds. */
export function judge(result: BenchResult): readonly Verdict[] {
  return SCENARIOS.flatMap(({ id, title, targets }) => {
    const found = result.scenarios.find((scenario) => scenario.id === id);
    return found === undefined ? [] : targets.map((target) => judgeTarget(title, target, found));
  });
}

function judgeTarget(scenarioTitle: string, target: Target, { contestants }: ScenarioResult): Verdict {
  const figuresOf = (id: string): Figures | undefined => contestants.find((contestant) => contestant.id === id)?.median;
  const ours = figuresOf("hutong")?.[target.figure];
  const theirs = figuresOf(target.control)?.[target.figure];
  const measured = ours === undefined || theirs === undefined ? undefined : measure(target, ours, theirs);
  const isMet =
    measured !== undefined && (target.rule === "times_less" ? measured >= target.limit : measured <= target.limit);
  return { scenarioTitle, target: inWords(target), measured, isMet };
}

function measure({ rule }: Target, ours: number, theirs: number): number {
  switch (rule) {
    case "times_less":
      return theirs / ours;
    case "times_as_much":
      return ours / theirs;
    case "more":
      return ours - theirs;
    default:
      return rule satisfies never;
  }
}

function inWords({ figure, rule, control, limit }: Target): string {
  const name = FIGURE_NAMES[figure];
  switch (rule) {
    case "times_less":
      return `${name}: ${control} ÷ hutong ≥ ${limit}`;
    case "times_as_much":
      return `${name}: hutong ÷ ${control} ≤ ${limit}`;
    case "more":
      return `${name}: hutong − ${control} ≤ ${limit} KiB`;
    default:
      return rule satisfies never;
  }
}
