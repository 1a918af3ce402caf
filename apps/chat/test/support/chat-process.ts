import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type RunningProcess, startProcess } from "../../../../tools/processes.ts";
import { PAGE } from "./started-chat.ts";
import type { TemporaryFolder } from "./temporary-folder.ts";

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

/** How long a program may take to start and answer on a busy machine, in milliseconds. */
export const PROCESS_LIMIT_MS = 30_000;

const LISTENS = /^Hutong listens on (http:\/\/\S+)$/;

/** The environment of a chat whose folders lie in `folder`, with a placeholder for the page. */
export async function chatEnvironment(folder: TemporaryFolder): Promise<NodeJS.ProcessEnv> {
  await writeFile(folder.at("index.html"), PAGE);
  return {
    ...process.env,
    PORT: "0",
    HUTONG_DATA_DIR: folder.at("data"),
    HUTONG_PAGE_DIR: folder.path,
    // Tests say in a moment what people say in minutes.
    HUTONG_SENDS_PER_SECOND: "10000",
  };
}

const PROGRAM = `"${process.execPath}" --conditions=source --import tsx apps/chat/src/main.ts`;
const PROCESS_ID = /^process (\d+)$/;

/** Starts the chat as `npm start` does, without building the page. */
export function startChatProcess(environment: NodeJS.ProcessEnv): RunningProcess {
  // The shell tells its process id and becomes the program, so that `killChat` hits the program itself.
  return startProcess("sh", ["-c", `echo "process $$"; exec ${PROGRAM}`], { cwd: ROOT, environment });
}

/** Ends the chat with SIGKILL, as a crash or the memory limit of a machine does. */
export async function killChat(running: RunningProcess): Promise<void> {
  const line = await running.waitForLine(PROCESS_ID, PROCESS_LIMIT_MS);
  process.kill(Number(PROCESS_ID.exec(line)?.[1]), "SIGKILL");
  await running.exited;
}

/** Runs the chat to its end with only its stdout, or only its stderr, in the output. */
export function runChatFor(stream: "stdout" | "stderr", environment: NodeJS.ProcessEnv): RunningProcess {
  const silence = stream === "stdout" ? "2>/dev/null" : ">/dev/null";
  return startProcess("sh", ["-c", `exec ${PROGRAM} ${silence}`], { cwd: ROOT, environment });
}

/** Runs the program to its end with these arguments, and gives what it printed and its exit code. */
export function runChat(
  environment: NodeJS.ProcessEnv,
  ...options: readonly string[]
): Promise<{ readonly code: number; readonly output: string }> {
  return startProcess("sh", ["-c", `exec ${PROGRAM} ${options.join(" ")}`], { cwd: ROOT, environment }).exited;
}

/** Waits until the chat listens, and gives its address. */
export async function addressOf(running: RunningProcess): Promise<string> {
  const line = await running.waitForLine(LISTENS, PROCESS_LIMIT_MS);
  return LISTENS.exec(line)?.[1] ?? "";
}

/** Runs `npm run token` with these arguments and gives what it printed and its exit code. */
export async function runToken(
  environment: NodeJS.ProcessEnv,
  ...options: readonly string[]
): Promise<{ readonly code: number; readonly output: string }> {
  // The silent run leaves out npm's own lines, so that the output is the token.
  const running = startProcess("npm", ["run", "--silent", "token", "--", ...options], { cwd: ROOT, environment });
  const { code, output } = await running.exited;
  return { code, output };
}

/** The text of the secret in the chat's data folder. */
export function readSecret(folder: TemporaryFolder): Promise<string> {
  return readFile(folder.at("data/token-secret"), "utf8");
}
