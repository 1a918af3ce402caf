import { describe, expect, test } from "vitest";

import { formatResult, runSteps, type Step } from "../steps.ts";

function script(name: string, code: string): Step {
  return { name, command: process.execPath, arguments: ["-e", code] };
}

describe("runSteps", () => {
  test("runs every step although the first fails, and keeps the order of the steps", async () => {
    const steps = [
      script("first", 'console.log("broken"); process.exitCode = 1; setTimeout(() => {}, 200)'),
      script("second", ""),
      script("third", "process.exitCode = 2"),
    ];
    const reported: string[] = [];

    const results = await runSteps(steps, 2, ({ name }) => reported.push(name));

    expect(results.map(({ name, passed }) => [name, passed])).toEqual([
      ["first", false],
      ["second", true],
      ["third", false],
    ]);
    expect(results[0]?.output).toBe("broken\n");
    expect(reported.toSorted()).toEqual(["first", "second", "third"]);
  });
});

describe("formatResult", () => {
  test("names the verdict, the step and the seconds", () => {
    const result = { name: "lint", durationMs: 1_540, output: "" };

    expect(formatResult({ ...result, passed: true })).toBe("ok    lint           1.5 s");
    expect(formatResult({ ...result, passed: false })).toBe("FAIL  lint           1.5 s");
  });
});
