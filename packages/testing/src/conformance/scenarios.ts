import { describe, expect, test } from "vitest";

/** A scenario that an implementation does not fulfil. It must stay so: a gap that closes turns the test red. */
export interface Gap {
  /** The scenario's name. */
  readonly scenario: string;
  /** Why the implementation differs. */
  readonly reason: string;
}

/** Options of every conformance suite. */
export interface ConformanceOptions {
  /** @defaultValue none */
  readonly knownGaps?: readonly Gap[];
}

/** Scenarios by name: what is true of every implementation, and the run that shows it. */
export type Scenarios<TSubject> = Readonly<Record<string, (subject: TSubject) => void | Promise<void>>>;

/** Registers a suite with one test per scenario. */
export function describeScenarios<TSubject>(
  title: string,
  scenarios: Scenarios<TSubject>,
  run: { readonly create: () => TSubject } & ConformanceOptions,
): void {
  const gaps = new Map((run.knownGaps ?? []).map((gap) => [gap.scenario, gap.reason]));
  describe(title, () => {
    for (const [scenario, check] of Object.entries(scenarios)) {
      (gaps.has(scenario) ? test.fails : test)(scenario, () => check(run.create()));
    }
    test("known gaps name existing scenarios", () => {
      const strangers = [...gaps.keys()].filter((scenario) => !Object.hasOwn(scenarios, scenario));
      expect(strangers).toEqual([]);
    });
  });
}
