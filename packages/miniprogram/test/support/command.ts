import { type ChildProcess, spawn } from "node:child_process";
import { eventually } from "@hutong/testing";

/** How a command ended. */
export interface Ended {
  readonly code: number;
  /** What it wrote, to both ends. */
  readonly output: string;
}

/** A command that runs. Disposing ends it. */
export class Command implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ended>;
  #output = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (this.#output += text));
    }
    this.#ended = new Promise((resolve) => {
      child.once("close", (code) => resolve({ code: code ?? 1, output: this.#output }));
    });
  }

  /** Starts Node; it ends with this process. */
  static start(args: readonly string[], cwd: string): Command {
    const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    const kill = (): void => void child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("close", () => process.off("exit", kill));
    return new Command(child);
  }

  /** Waits for output that matches, and gives what the pattern's group holds. Rejects when the command ends without. */
  line(pattern: RegExp): Promise<string> {
    const find = (): string => {
      const found = pattern.exec(this.#output);
      if (found === null) throw new Error(`nothing matches ${String(pattern)} in:\n${this.#output}`);
      return found[1] ?? "";
    };
    return Promise.race([eventually(find, { limitMs: 30_000 }), this.#ended.then(find)]);
  }

  /** Waits until it has ended by itself. */
  ended(): Promise<Ended> {
    return this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#ended;
  }
}
