import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Environment } from "../load/environment.ts";
import type { QueryResult } from "./query-bench.ts";
import type { SendResult } from "./send-bench.ts";

/** What a whole run of the chat's benches gave. Result files hold it and are never edited. */
export interface ChatBenchResult {
  /** Day of the run, `YYYY-MM-DD`. */
  readonly day: string;
  readonly environment: Environment;
  readonly engines: readonly EngineResult[];
}

/** What one engine gave. */
export interface EngineResult {
  readonly engine: string;
  readonly sends: readonly SendResult[];
  readonly loaded: QueryResult;
}

const FOLDER = fileURLToPath(new URL("../results/", import.meta.url));
const FILE = /^\d{4}-\d{2}-\d{2}-chat-.+\.json$/;

/** Writes a result and gives the file's name. */
export function writeChatResult(result: ChatBenchResult, name: string): string {
  mkdirSync(FOLDER, { recursive: true });
  const file = `${result.day}-chat-${name}.json`;
  writeFileSync(FOLDER + file, `${JSON.stringify(result, undefined, 1)}\n`);
  return file;
}

/** Reads the file of the latest day; `undefined` when there is none. */
export function readLatestChatResult(): { readonly name: string; readonly result: ChatBenchResult } | undefined {
  const name = readdirSync(FOLDER)
    .filter((file) => FILE.test(file))
    .sort()
    .at(-1);
  if (name === undefined) return undefined;
  return { name, result: JSON.parse(readFileSync(FOLDER + name, "utf8")) as ChatBenchResult }; // only writeChatResult writes there
}
