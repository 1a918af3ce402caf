import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What the load generator measured. Its C source says how. */
export interface LoadReport {
  /** Connections that were joined when it ended. */
  readonly joined: number;
  /** Connections that were lost. */
  readonly lost: number;
  /** Why the first one was lost. */
  readonly error: string;
  /** Time in which all joined. */
  readonly joinSeconds: number;
  /** CPU time of the server in that time. */
  readonly joinCpuSeconds: number;
  readonly joinP99Ms: number;
  /** Deliveries that the rooms' subscribers should have got, from the first message to the last. */
  readonly expected: number;
  /** Deliveries that they got. */
  readonly received: number;
  readonly publishedPerSecond: number;
  readonly deliveriesPerSecond: number;
  /** CPU time of the server per delivery. */
  readonly microsPerDelivery: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Cores that the server kept busy. */
  readonly serverCpu: number;
  /** Cores that the load generator kept busy; near 1 it was the bottleneck. */
  readonly loadCpu: number;
  /** Cores that everything else on the machine kept busy. */
  readonly foreignCpu: number;
}

/** A load generator at work. */
export interface LoadRun {
  /** Resolves when everything has joined; only for a run that holds. */
  readonly joined: Promise<void>;
  /** Ends a run that holds. */
  release(): void;
  /** Rejects when the load generator failed. */
  readonly report: Promise<LoadReport>;
}

/** Starts the load generator. */
export function startLoad(command: readonly string[]): LoadRun {
  const [program = "", ...words] = command;
  const child = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  let isJoined = (): void => {};
  const joined = new Promise<void>((resolve) => (isJoined = resolve));
  const report = new Promise<LoadReport>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`the load generator ended with ${code}: ${words.join(" ")}`)));
    lines.on("line", (line) => {
      if (line === "joined") isJoined();
      else resolve(JSON.parse(line) as LoadReport); // the one line that our own program prints
    });
  });
  return { joined, release: () => child.stdin.end(), report };
}
