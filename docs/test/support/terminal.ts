import { spawn } from "node:child_process";
import { eventually } from "@hutong/testing";
import { REPOSITORY } from "./repository.ts";

/** How long a line may take while other suites run, in milliseconds. */
export const LINE_LIMIT_MS = 45_000;

/** A program in a terminal: lines go in, lines come out. Disposing ends its input and waits for its end. */
export interface Terminal extends AsyncDisposable {
  /** Types a line. */
  type(line: string): void;
  /** Waits for a line that starts with these words, and gives the rest of it. Rejects when it does not come in time. */
  line(start: string): Promise<string>;
}

/** Starts a program the way the tutorial does. It ends when its input does, and so not after this process. */
export function openTerminal(file: string, programArguments: readonly string[], port: string): Terminal {
  const child = spawn(process.execPath, ["--conditions=source", "--import", "tsx", file, ...programArguments], {
    cwd: REPOSITORY,
    env: { ...process.env, PORT: port },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    type: (line) => void child.stdin.write(`${line}\n`),
    async line(start) {
      const find = (): string | undefined => output.split("\n").find((line) => line.startsWith(start));
      const line = await eventually(
        () => {
          const found = find();
          if (found === undefined) throw new Error(`no line starts with "${start}" in:\n${output}`);
          return found;
        },
        { limitMs: LINE_LIMIT_MS },
      );
      return line.slice(start.length);
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exited;
    },
  };
}
