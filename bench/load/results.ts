import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Environment } from "./environment.ts";
import type { ContestantResult } from "./runner.ts";

/** What a whole run of the benches gave. Result files hold it and are never edited. */
export interface BenchResult {
  /** Day of the run, `YYYY-MM-DD`. */
  readonly day: string;
  readonly environment: Environment;
  readonly rounds: number;
  readonly scenarios: readonly ScenarioResult[];
}

/** What the contestants gave in one scenario. */
export interface ScenarioResult {
  readonly id: string;
  readonly contestants: readonly ContestantResult[];
}

const FOLDER = fileURLToPath(new URL("../results/", import.meta.url));

/** Writes a result and gives the file's path. */
export function writeResult(result: BenchResult, name: string): string {
  mkdirSync(FOLDER, { recursive: true });
  const path = `${FOLDER}${result.day}-${name}.json`;
  writeFileSync(path, `${JSON.stringify(result, undefined, 1)}\n`);
  return path;
}

/** Reads the file of the latest day; `undefined` when there is none. */
export function readLatestResult(): { readonly name: string; readonly result: BenchResult } | undefined {
  const name = readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json") && !file.includes("-chat-"))
    .sort()
    .at(-1);
  if (name === undefined) return undefined;
  return { name, result: JSON.parse(readFileSync(FOLDER + name, "utf8")) as BenchResult }; // only writeResult writes there
}
