import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const WATCHDOG = fileURLToPath(new URL("watchdog.js", import.meta.url));

/** Options of {@link startProcess}. */
export interface ProcessOptions {
  /** Working directory. @defaultValue that of this process */
  readonly cwd?: string;
  /** The whole environment of the child. @defaultValue that of this process */
  readonly environment?: NodeJS.ProcessEnv;
  /** `"collect"` keeps what the child writes for `output` and `waitForLine`; `"inherit"` shows it. @defaultValue "collect" */
  readonly output?: "collect" | "inherit";
}

/** How a child ended. */
export interface ProcessExit {
  /** The exit code; 128 plus the number of the signal that ended it; 127 when it did not start. */
  readonly code: number;
  /** What it wrote to stdout and stderr, in the order of arrival; empty with `output: "inherit"`. */
  readonly output: string;
}

/** A child process that does not outlive this process. */
export interface RunningProcess extends AsyncDisposable {
  /** Resolves when the command is gone, and with it every process that it started. Never rejects. */
  readonly exited: Promise<ProcessExit>;
  /**
   * Resolves with the first line of the output, past or to come, that matches.
   * Rejects when the child ends first or the time runs out; the message carries the output.
   */
  waitForLine(pattern: RegExp, timeoutMs: number): Promise<string>;
  /** Asks the command and its descendants to end, insists after five seconds, and resolves like `exited`. */
  stop(): Promise<ProcessExit>;
}

/** The output of a child, and whoever waits for a line of it. */
class OutputLog {
  #text = "";
  #ended = false;
  readonly #listeners = new Set<() => void>();

  get text(): string {
    return this.#text;
  }

  append(text: string): void {
    this.#text += text;
    this.#notify();
  }

  end(): void {
    this.#ended = true;
    this.#notify();
  }

  waitForLine(pattern: RegExp, timeoutMs: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        finish();
      };
      const fail = (reason: string): void => {
        settle(() => reject(new Error(`${reason} before a line matched ${String(pattern)}; output:\n${this.#text}`)));
      };
      const look = (): void => {
        // What follows the last line feed is a line only when nothing more can come.
        const end = this.#ended ? this.#text.length : this.#text.lastIndexOf("\n") + 1;
        const line = this.#text
          .slice(0, end)
          .split("\n")
          .find((candidate) => pattern.test(candidate));
        if (line !== undefined) settle(() => resolve(line));
        else if (this.#ended) fail("the process ended");
      };
      const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs);
      this.#listeners.add(look);
      look();
    });
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

function exitOf(child: ChildProcess, log: OutputLog): Promise<ProcessExit> {
  return new Promise((resolve) => {
    child.once("close", (code) => {
      log.end();
      resolve({ code: code ?? 1, output: log.text });
    });
  });
}

/**
 * Starts a command that ends with its owner: on `stop`, on disposal, and when
 * this process ends in any way, SIGKILL included. The command leads a process
 * group of its own, so that what it starts ends with it. It has no stdin.
 *
 * @example
 * await using server = startProcess("npm", ["start"]);
 * await server.waitForLine(/listening/, 60_000);
 */
export function startProcess(
  command: string,
  commandArguments: readonly string[],
  options: ProcessOptions = {},
): RunningProcess {
  const stream = options.output === "inherit" ? "inherit" : "pipe";
  const child = spawn(process.execPath, [WATCHDOG, command, ...commandArguments], {
    cwd: options.cwd ?? process.cwd(),
    env: options.environment ?? process.env,
    stdio: ["pipe", stream, stream],
    // Outside the owner's group: a watchdog that dies with its owner guards nothing.
    detached: true,
  });
  const log = new OutputLog();
  for (const output of [child.stdout, child.stderr]) {
    output?.setEncoding("utf8").on("data", (text: string) => log.append(text));
  }
  const exited = exitOf(child, log);
  const stop = (): Promise<ProcessExit> => {
    child.stdin?.end();
    return exited;
  };
  return {
    exited,
    waitForLine: (pattern, timeoutMs) => log.waitForLine(pattern, timeoutMs),
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/** The process when it is ready; stops it when it does not get so far, because nobody has it yet who could. */
export async function orStop(running: RunningProcess, ready: Promise<unknown>): Promise<RunningProcess> {
  try {
    await ready;
    return running;
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/**
 * Stops the process when this one is asked to end, so that Ctrl-C reaches a
 * child in another process group. Returns the undoing.
 */
export function stopOnSignals(running: RunningProcess): () => void {
  const stop = (): void => {
    void running.stop();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop);
  return () => {
    process.off("SIGINT", stop).off("SIGTERM", stop).off("SIGHUP", stop);
  };
}
