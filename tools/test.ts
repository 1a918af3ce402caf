import { fileURLToPath } from "node:url";

import { localMachine, PREREQUISITES, providePrerequisites } from "./prerequisites.ts";
import { startPostgres } from "./postgres.ts";
import { startProcess, stopOnSignals } from "./processes.ts";
import { formatResult, runStep } from "./steps.ts";

/** Arguments go to vitest: `npm test -- packages/server` runs one folder. */
const vitestArguments = process.argv.slice(2);
const VITEST = "node_modules/.bin/vitest";

// The suites of the pure core, by a part of their path. They run a second time,
// with coverage, because measuring all suites would slow the ones with real sockets.
const CORE_SUITES = ["packages/protocol/test/", "presence-diff", "recovery", "reconnect"];

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const { variables, skipped } = await providePrerequisites(PREREQUISITES, localMachine());
for (const sentence of skipped) console.log(sentence);

if (skipped.length > 0 && process.env["CI"] === "true") {
  console.log("With CI=true nothing may be skipped.");
  process.exitCode = 1;
} else {
  const coreCode = vitestArguments.length === 0 ? await runCoreCoverage() : 0;
  const code = await runWithServers();
  if (coreCode !== 0) console.log("The branch coverage of the pure core failed; its report is above.");
  process.exitCode = code === 0 ? coreCode : code;
}

async function runCoreCoverage(): Promise<number> {
  const result = await runStep({
    name: "branches of the pure core",
    command: VITEST,
    arguments: ["run", "--coverage", "--passWithNoTests", ...CORE_SUITES],
  });
  console.log(formatResult(result));
  if (!result.passed) console.log(result.output);
  return result.passed ? 0 : 1;
}

/** Suites share one PostgreSQL server; each makes databases of its own in it. */
async function runWithServers(): Promise<number> {
  const program = variables["HUTONG_TEST_POSTGRES"];
  if (program === undefined) return runVitest({});
  await using postgres = await startPostgres(program);
  return await runVitest({ HUTONG_TEST_POSTGRES_URL: postgres.url });
}

/** Colour codes would make the closing lines of a log unreadable. */
async function runVitest(servers: Readonly<Record<string, string>>): Promise<number> {
  const colour = process.stdout.isTTY ? {} : { NO_COLOR: "1" };
  const running = startProcess(VITEST, ["run", ...vitestArguments], {
    environment: { ...process.env, ...colour, ...variables, ...servers },
    output: "inherit",
  });
  const release = stopOnSignals(running);
  const { code } = await running.exited;
  release();
  return code;
}
