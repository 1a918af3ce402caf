import { postgresEngine, SQLITE_ENGINE, type TestEngine } from "@hutong/database/testing";
import { startPostgres } from "../../tools/postgres.ts";
import { findProgram, localMachine, PREREQUISITES } from "../../tools/prerequisites.ts";
import { readOptions } from "../../tools/program-options.ts";
import { currentLoad, describeEnvironment } from "../load/environment.ts";
import { renderDeliveryPage } from "./delivery-page.ts";
import { CHAT_EFFORTS, type ChatEffort } from "./effort.ts";
import { benchQueries } from "./query-bench.ts";
import { type EngineResult, readLatestChatResult, writeChatResult } from "./result.ts";
import { benchSends } from "./send-bench.ts";

const values = readOptions(
  "npm run bench:chat -- [options]\n\nThe chat's benches. A run of everything writes a result file, and the tables of docs/explanation/chat-delivery.md.",
  {
    engine: {
      type: "string",
      default: "sqlite,postgresql",
      words: ["sqlite", "postgresql"],
      about: "only these, with commas between",
    },
    rounds: { type: "string", isNumber: true, about: "rounds of sending" },
    messages: { type: "string", isNumber: true, about: "loaded for the queries" },
    profile: { type: "string", about: "a folder for CPU profiles of the chat's processes" },
    name: { type: "string", default: `${process.platform}-${process.arch}`, about: "in the name of the result file" },
    smoke: { type: "boolean", default: false, about: "tiny numbers: whether the benches work" },
    render: { type: "boolean", default: false, about: "only put the latest result into the page again" },
  },
);

function chosenEffort(): ChatEffort {
  const effort: ChatEffort = values.smoke ? CHAT_EFFORTS.smoke : CHAT_EFFORTS.full;
  return {
    ...effort,
    ...(values.rounds !== undefined && { rounds: Number(values.rounds) }),
    ...(values.messages !== undefined && { messages: Number(values.messages) }),
    ...(values.profile !== undefined && {
      program: { nodeOptions: `--cpu-prof --cpu-prof-dir="${values.profile}"` },
    }),
  };
}

async function measure(engine: TestEngine, effort: ChatEffort): Promise<EngineResult> {
  const report = (line: string): void => console.error(line);
  await using first = await engine.create();
  const sends = await benchSends(first.url, effort, report);
  await using second = await engine.create();
  const loaded = await benchQueries(second.url, effort, report);
  return { engine: engine.name, sends, loaded };
}

/** On a PostgreSQL of our own, which waits for no disk. */
async function measurePostgres(effort: ChatEffort): Promise<readonly EngineResult[]> {
  const prerequisite = PREREQUISITES.find(({ name }) => name === "PostgreSQL");
  const program = prerequisite && findProgram(prerequisite, localMachine());
  if (program === undefined) {
    console.error("PostgreSQL is not installed; its benches are left out");
    return [];
  }
  await using postgres = await startPostgres(program);
  return [await measure(postgresEngine(postgres.url), effort)];
}

async function run(): Promise<void> {
  const effort = chosenEffort();
  const loadBefore = currentLoad();
  const chosen = values.engine.split(",");
  const engines = [
    ...(chosen.includes("sqlite") ? [await measure(SQLITE_ENGINE, effort)] : []),
    ...(chosen.includes("postgresql") ? await measurePostgres(effort) : []),
  ];
  const day = new Date().toISOString().slice(0, 10);
  const result = { day, environment: describeEnvironment(loadBefore), engines };
  if (values.smoke || engines.length < 2) return console.log(JSON.stringify(result));
  renderDeliveryPage(writeChatResult(result, values.name), result);
}

const latest = values.render ? readLatestChatResult() : undefined;
if (latest !== undefined) renderDeliveryPage(latest.name, latest.result);
else await run();
