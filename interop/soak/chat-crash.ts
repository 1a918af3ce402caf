import { postgresEngine, SQLITE_ENGINE, type TestEngine } from "@hutong/database/testing";
import { startPostgres } from "../../tools/postgres.ts";
import { findProgram, localMachine, PREREQUISITES } from "../../tools/prerequisites.ts";
import { readOptions } from "../../tools/program-options.ts";
import { crashRun, isFaultless } from "./chat-crash-run.ts";

const values = readOptions(
  `npm run soak:chat -- [options]

The chat is killed with SIGKILL again and again in the middle of many sends. Clients repeat what was not answered,
under the same id. In the end each message is there once, at the place that was acknowledged, the numbers have no
hole, and every client shows the same. On SQLite, and on PostgreSQL where it is installed.`,
  {
    sends: { type: "string", default: "10000", isNumber: true, about: "how many" },
    kills: { type: "string", default: "10", isNumber: true, about: "how many" },
    engine: {
      type: "string",
      default: "sqlite,postgresql",
      words: ["sqlite", "postgresql"],
      about: "only these, with commas between",
    },
  },
);

async function runOn(engine: TestEngine): Promise<void> {
  await using database = await engine.create();
  const plan = { sends: Number(values.sends), kills: Number(values.kills) };
  const verdict = await crashRun({ ...plan, databaseUrl: database.url });
  const { sends, kills, retried, missing, doubled, misplaced, isDense, strayed, elapsedMs } = verdict;
  console.log(
    `chat-crash on ${engine.name}: ${sends} sends with ${kills} kills in ${elapsedMs} ms; ${retried} retried, ${missing} missing, ${doubled} doubled, ${misplaced} misplaced, ${isDense ? "no hole" : "holes"}, ${strayed} clients strayed`,
  );
  if (!isFaultless(verdict)) process.exitCode = 1;
}

const engines = values.engine.split(",");
if (engines.includes("sqlite")) await runOn(SQLITE_ENGINE);
if (engines.includes("postgresql")) {
  const prerequisite = PREREQUISITES.find(({ name }) => name === "PostgreSQL");
  const program = prerequisite && findProgram(prerequisite, localMachine());
  if (program === undefined) console.log("PostgreSQL is not installed; the run on it is left out");
  else {
    await using postgres = await startPostgres(program);
    await runOn(postgresEngine(postgres.url));
  }
}
