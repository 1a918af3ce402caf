import { startProcess, stopOnSignals } from "./processes.ts";

/** One thing to check: a command that exits with 0 when all is well. */
export interface Step {
  /** A word or two for the report. */
  readonly name: string;
  /** The program. */
  readonly command: string;
  /** Its arguments. */
  readonly arguments: readonly string[];
}

/** What became of a {@link Step}. */
export interface StepResult {
  /** The step's name. */
  readonly name: string;
  /** Whether the command exited with 0. */
  readonly passed: boolean;
  /** From start to exit. */
  readonly durationMs: number;
  /** Everything that the command wrote. */
  readonly output: string;
}

/** Runs one step to its end. Resolves for failing steps too; never rejects. */
export async function runStep(step: Step): Promise<StepResult> {
  const startedAtMs = performance.now();
  const running = startProcess(step.command, step.arguments);
  const release = stopOnSignals(running);
  const { code, output } = await running.exited;
  release();
  return { name: step.name, passed: code === 0, durationMs: performance.now() - startedAtMs, output };
}

/**
 * Runs every step, at most `maxConcurrent` at a time, started in the given
 * order; a failure stops none of the others. `report` hears of each as it ends.
 * Resolves with the results in the order of the steps.
 */
export async function runSteps(
  steps: readonly Step[],
  maxConcurrent: number,
  report: (result: StepResult) => void,
): Promise<readonly StepResult[]> {
  const results = new Map<Step, StepResult>();
  const waiting = [...steps];
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const result = await runStep(step);
      results.set(step, result);
      report(result);
    }
  };
  await Promise.all(Array.from({ length: maxConcurrent }, work));
  return steps.flatMap((step) => results.get(step) ?? []);
}

/** The report's line about a result: verdict, name, duration. */
export function formatResult(result: StepResult): string {
  const seconds = (result.durationMs / 1000).toFixed(1).padStart(6);
  return `${result.passed ? "ok  " : "FAIL"}  ${result.name.padEnd(12)}${seconds} s`;
}
