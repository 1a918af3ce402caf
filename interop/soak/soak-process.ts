import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readStamp, type StreamPosition, type StreamStamp } from "@hutong/protocol";
import type { HistoryChecker } from "@hutong/testing";
import { type RunningProcess, startProcess } from "../../tools/processes.ts";

const PROGRAM = fileURLToPath(new URL("soak-server.ts", import.meta.url));
const START_LIMIT_MS = 30_000;

/** What the server process reports of itself. */
export interface SoakStats {
  /** Open connections. */
  readonly connections: number;
  /** Resident memory after a garbage collection, in bytes. */
  readonly rss: number;
  /** The most that has waited for one connection since the last report, in bytes. */
  readonly peakBytes: number;
}

/** How a server process is started. */
export interface SoakProcessOptions {
  /** @defaultValue a free one */
  readonly port?: number;
  /** Where the messages are written that its history keeps. @defaultValue nowhere */
  readonly log?: SoakLog;
  /** Messages that a topic's history holds. @defaultValue 5_000 */
  readonly maxCount?: number;
}

/** The server of a soak run, in a process of its own that ends with this one. */
export class SoakProcess implements AsyncDisposable {
  readonly port: number;
  readonly #pid: number;
  readonly #running: RunningProcess;

  private constructor(running: RunningProcess, line: string) {
    const [, port, pid] = line.split(" ").map(Number);
    this.#running = running;
    this.port = port ?? 0;
    this.#pid = pid ?? 0;
  }

  /** Starts a server; resolves when it listens. With a port that is taken it waits for it. */
  static async start({ port = 0, log, maxCount = 5_000 }: SoakProcessOptions = {}): Promise<SoakProcess> {
    const node = ["--expose-gc", "--conditions=source", "--import", "tsx", PROGRAM];
    const options = ["--port", String(port), "--max-count", String(maxCount), ...(log ? ["--log", log.path] : [])];
    const running = startProcess(process.execPath, [...node, ...options]);
    return new SoakProcess(running, await running.waitForLine(/^listening /, START_LIMIT_MS));
  }

  /** Kills the process, as a crash would, and waits until it is gone. */
  async kill(): Promise<void> {
    process.kill(this.#pid, "SIGKILL");
    await this.#running.exited;
  }

  /** Asks the process to drain; resolves with its exit code. */
  async drain(): Promise<number> {
    process.kill(this.#pid, "SIGTERM");
    return (await this.#running.exited).code;
  }

  /** Broadcasts messages with these ids. Rejects when the server cannot be reached; they may have been kept all the same. */
  async publish(topic: string, ids: readonly string[], bytes = 20): Promise<void> {
    const query = new URLSearchParams({ topic, bytes: String(bytes), at: String(Date.now()) });
    for (const id of ids) query.append("id", id);
    await this.#get(`/publish?${query.toString()}`);
  }

  /** Where a topic stands. */
  async top(topic: string): Promise<StreamPosition> {
    // Our own program's answer.
    return (await this.#get(`/top?topic=${encodeURIComponent(topic)}`)) as StreamPosition;
  }

  /** What the process reports of itself. */
  async stats(): Promise<SoakStats> {
    return (await this.#get("/stats")) as SoakStats; // as above
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.stop();
  }

  async #get(path: string): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, { signal: AbortSignal.timeout(5_000) });
    return response.json();
  }
}

/** The file to which servers write what they keep. It goes with its owner. */
export class SoakLog implements AsyncDisposable {
  readonly path: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, "kept.jsonl");
  }

  /** Makes an empty one. */
  static async create(): Promise<SoakLog> {
    return new SoakLog(await mkdtemp(join(tmpdir(), "hutong-soak-")));
  }

  /** Tells a checker of every message in the log; once, when no more is written. Returns how often topics changed their epoch. */
  async tell(checker: HistoryChecker): Promise<number> {
    let changes = 0;
    for (const line of (await readFile(this.path, "utf8")).split("\n")) {
      const entry = readLine(line);
      if (entry === undefined) continue;
      const { id, topic, stamp } = entry;
      if (checker.log.latestEpoch(topic) !== undefined && !checker.log.hasEpoch(topic, stamp.epoch)) changes++;
      // A publisher that had no answer publishes again; both count.
      checker.kept({ id: checker.log.find(id) === undefined ? id : `${id} again at ${stamp.offset}`, topic, stamp });
    }
    return changes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

interface LogLine {
  readonly id: string;
  readonly topic: string;
  readonly stamp: StreamStamp;
}

function readLine(line: string): LogLine | undefined {
  if (line === "") return undefined;
  // Our own program's line; a kill cannot cut one that was written in one call.
  const { topic, stamp, payload } = JSON.parse(line) as { topic: string; stamp: StreamStamp; payload: { id: string } };
  const { epoch, offset, id, prev } = stamp;
  if (readStamp([epoch, offset, id, prev]) === undefined) throw new TypeError(`"${line}" has no stamp`);
  return { id: payload.id, topic, stamp };
}
