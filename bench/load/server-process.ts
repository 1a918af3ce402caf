import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** A server of the load benches, in a process of its own or somewhere on this machine. */
export interface BenchServer {
  readonly port: number;
  /** Its processes, for their CPU time; empty when they are not known. */
  readonly pids: readonly number[];
  /** Resident memory after a garbage collection, in bytes. */
  memory(): Promise<number>;
  /** Ends what was started. */
  close(): Promise<void>;
}

const BYTES_PER_PAGE = 4_096;

/** Starts a server, which says "listening <port>" first. It ends with this process, because its standard input closes then. */
export async function startBenchServer(command: readonly string[]): Promise<BenchServer> {
  const [program = "", ...words] = command;
  const child = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.once("error", () => {}); // its lines end then, which is what is reported
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async (name: string): Promise<number> => {
    const line: IteratorResult<string, undefined> = await lines.next();
    const [label, number] = (line.value ?? "").split(" ");
    if (label !== name) throw new Error(`"${command.join(" ")}" ended before it said "${name}"`);
    return Number(number);
  };
  const port = await read("listening");
  const pids = child.pid === undefined ? [] : [child.pid];
  return {
    port,
    pids,
    memory: async () => {
      child.stdin.write("collect\n");
      await read("collected");
      return residentBytes(pids);
    },
    close: () => {
      child.stdin.end();
      return exited;
    },
  };
}

/** A server that runs already and is left running. */
export function foreignServer(port: number, pids: readonly number[]): BenchServer {
  return { port, pids, memory: async () => residentBytes(pids), close: async () => {} };
}

function residentBytes(pids: readonly number[]): number {
  const pages = pids.map((pid) => Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]));
  return pages.reduce((sum, count) => sum + count, 0) * BYTES_PER_PAGE;
}
