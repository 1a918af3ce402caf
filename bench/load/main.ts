import { readOptions, refuse } from "../../tools/program-options.ts";
import { builtContestants, type Contestant, CONTESTANTS, foreignContestants } from "./contestants.ts";
import { EFFORTS, type Effort } from "./effort.ts";
import { currentLoad, describeEnvironment } from "./environment.ts";
import { renderPerformancePage } from "./performance-page.ts";
import { resolvePin } from "./pinning.ts";
import { compilePrograms } from "./programs.ts";
import { type BenchResult, readLatestResult, type ScenarioResult, writeResult } from "./results.ts";
import { Runner } from "./runner.ts";
import { type Scenario, SCENARIOS } from "./scenarios.ts";
import { figuresTable, targetsTable } from "./tables.ts";

const values = readOptions(
  "npm run bench -- [options]\n\nThe load benches. A run of everything writes a result file, and the performance page with its charts.",
  {
    scenario: { type: "string", about: "only these scenarios, with commas between" },
    contestant: { type: "string", about: "only these contestants, with semicolons between" },
    rounds: { type: "string", isNumber: true, about: "rounds per scenario" },
    name: { type: "string", default: `${process.platform}-${process.arch}`, about: "in the name of the result file" },
    quick: { type: "boolean", default: false, about: "less time" },
    smoke: { type: "boolean", default: false, about: "tiny numbers: whether the benches work" },
    render: { type: "boolean", default: false, about: "only draw the latest result again" },
  },
);

/** What a smoke test runs when nothing is chosen: every way of measuring, one contestant and one control. */
const SMOKE = { scenarios: ["room-16", "delay", "replies", "memory", "joins"], contestants: ["hutong", "ws"] } as const;

function listOf(value: string | undefined, separator: string, smoke: readonly string[]): readonly string[] | undefined {
  return value?.split(separator) ?? (values.smoke ? smoke : undefined);
}

function chosenEffort(): Effort {
  const effort = values.smoke ? EFFORTS.smoke : values.quick ? EFFORTS.quick : EFFORTS.full;
  return values.rounds === undefined ? effort : { ...effort, rounds: Number(values.rounds) };
}

/** The entries that a list on the command line names, or all of them. */
function chosen<T>(
  entries: readonly T[],
  list: readonly string[] | undefined,
  nameOf: (entry: T) => string,
): readonly T[] {
  const unknown = list?.find((name) => !entries.some((entry) => nameOf(entry) === name));
  if (unknown !== undefined) refuse(`There is no "${unknown}", there are ${entries.map(nameOf).join(", ")}`);
  return list === undefined ? entries : entries.filter((entry) => list.includes(nameOf(entry)));
}

async function measure(scenarios: readonly Scenario[], effort: Effort): Promise<readonly ScenarioResult[]> {
  const programs = compilePrograms();
  const pin = resolvePin();
  const runner = new Runner({ wsload: programs.wsload, pin, effort, report: (line) => console.error(line) });
  const names = listOf(values.contestant, ";", SMOKE.contestants);
  const all = Object.keys(CONTESTANTS);
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    const ids = scenario.contestants.filter((id) => chosen(all, names, String).includes(id));
    const foreign: readonly Contestant[] =
      scenario.topics === undefined && !scenario.isBinary && !scenario.isCompressed
        ? foreignContestants(process.env)
        : [];
    const contestants = [...builtContestants(ids, programs, pin), ...foreign];
    results.push({ id: scenario.id, contestants: await runner.run(scenario, contestants) });
  }
  return results;
}

async function run(): Promise<void> {
  const effort = chosenEffort();
  const loadBefore = currentLoad();
  const scenarios = chosen(SCENARIOS, listOf(values.scenario, ",", SMOKE.scenarios), ({ id }) => id);
  const results = await measure(scenarios, effort);
  const environment = describeEnvironment(loadBefore);
  const result: BenchResult = {
    day: new Date().toISOString().slice(0, 10),
    environment,
    rounds: effort.rounds,
    scenarios: results,
  };
  console.log(`\n${figuresTable(result)}\n\n${targetsTable(result)}\n\n${JSON.stringify(environment)}`);
  const isWhole = scenarios.length === SCENARIOS.length && values.contestant === undefined && effort.shrink === 1;
  if (isWhole) {
    const path = writeResult(result, values.name);
    renderPerformancePage(path.slice(path.lastIndexOf("/") + 1), result);
  }
  const hasInvalid = results.some(({ contestants }) =>
    contestants.some(({ runs }) => runs.some(({ kind }) => kind === "invalid")),
  );
  if (hasInvalid) process.exitCode = 1;
}

const latest = values.render ? readLatestResult() : undefined;
if (latest !== undefined) renderPerformancePage(latest.name, latest.result);
else await run();
