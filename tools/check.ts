import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

import { formatResult, runSteps, type Step } from "./steps.ts";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const bin = (name: string): string => `node_modules/.bin/${name}`;
const WORKSPACE_FOLDERS = ["packages", "apps", "examples", "interop", "bench", "tools"];

// The slowest first, so that two cores finish together.
const STEPS: readonly Step[] = [
  { name: "types", command: bin("tsc"), arguments: ["-p", "tsconfig.check.json"] },
  // WeChat's module rules are not Node's, so the mini-program is checked on its own.
  { name: "types of the mini-program", command: bin("tsc"), arguments: ["-p", "apps/miniprogram/tsconfig.json"] },
  {
    name: "lint",
    command: bin("oxlint"),
    arguments: ["--type-aware", "--report-unused-disable-directives", "--deny-warnings"],
  },
  {
    name: "packages",
    command: "sh",
    arguments: [
      "-c",
      `${bin("tsc")} -b tsconfig.build.json && ${bin("tsx")} tools/copy-license.ts && ${bin("tsx")} tools/check-packages.ts`,
    ],
  },
  { name: "dead code", command: bin("knip"), arguments: ["--no-progress", "--treat-config-hints-as-errors"] },
  {
    name: "boundaries",
    command: bin("depcruise"),
    arguments: ["--config", ".dependency-cruiser.cjs", ...WORKSPACE_FOLDERS],
  },
  { name: "budgets", command: process.execPath, arguments: ["--import", "tsx", "tools/check-budgets.ts"] },
  { name: "format", command: bin("oxfmt"), arguments: ["--check"] },
];

const results = await runSteps(STEPS, Math.min(2, availableParallelism()), (result) =>
  console.log(formatResult(result)),
);

const failed = results.filter((result) => !result.passed);
for (const { name, output } of failed) console.log(`\n${name} failed:\n\n${output.trimEnd()}`);
console.log(failed.length === 0 ? "\nAll checks pass." : `\nFailed: ${failed.map(({ name }) => name).join(", ")}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
