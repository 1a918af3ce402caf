import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { orStop, type RunningProcess, startProcess } from "./processes.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const START_LIMIT_MS = 60_000;
const PROCESS_ID = /^process (\d+)$/;
const LISTENS = /^Hutong listens on (http:\S+)$/;

/** How a {@link ChatProgram} is started. */
export interface ChatProgramOptions {
  /** `sqlite:` and a file, or `postgres://…`. */
  readonly databaseUrl: string;
  /** Stands before the command, for example to bind it to a core. @defaultValue nothing */
  readonly prefix?: string;
  /** Options of Node. @defaultValue nothing */
  readonly nodeOptions?: string;
}

/**
 * The chat in a process of its own, which can be killed and started again on its port. It ends with this process. It
 * believes callers on loopback who say where they come from, so that many can sign up at once.
 */
export class ChatProgram implements AsyncDisposable {
  /** Where it listens, also after a restart. */
  readonly url: string;
  readonly #folder: string;
  readonly #start: (port: string) => RunningProcess;
  #running: RunningProcess;

  private constructor(
    folder: string,
    start: (port: string) => RunningProcess,
    [running, url]: [RunningProcess, string],
  ) {
    this.#folder = folder;
    this.#start = start;
    this.#running = running;
    this.url = url;
  }

  /** Starts a chat on a free port, with a data folder of its own. Resolves when it listens. */
  static async start({ databaseUrl, prefix = "", nodeOptions = "" }: ChatProgramOptions): Promise<ChatProgram> {
    const folder = await mkdtemp(join(tmpdir(), "hutong-chat-program-"));
    await writeFile(join(folder, "index.html"), "<!doctype html><title>Nothing</title>");
    const node = `${prefix} "${process.execPath}" ${nodeOptions} --conditions=source --import tsx apps/chat/src/main.ts`;
    const start = (port: string): RunningProcess => {
      const environment = {
        ...process.env,
        PORT: port,
        HUTONG_DATA_DIR: join(folder, "data"),
        HUTONG_PAGE_DIR: folder,
        HUTONG_DATABASE_URL: databaseUrl,
        HUTONG_TRUSTED_PROXIES: "127.0.0.1",
        // Benches and crash tests send faster than people do.
        HUTONG_SENDS_PER_SECOND: "10000",
        HUTONG_LOG_LEVEL: "warn",
      };
      // The shell tells its process id and becomes the program, so that a kill hits the program itself.
      return startProcess("sh", ["-c", `echo "process $$"; exec ${node}`], { cwd: ROOT, environment });
    };
    const running = start("0");
    try {
      const address = addressOf(running);
      await orStop(running, address);
      return new ChatProgram(folder, start, [running, await address]);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The id of the process. */
  async pid(): Promise<number> {
    return Number(PROCESS_ID.exec(await this.#running.waitForLine(PROCESS_ID, START_LIMIT_MS))?.[1]);
  }

  /** Kills it, as a crash would, and starts it again. Resolves when it listens. */
  async crash(): Promise<void> {
    process.kill(await this.pid(), "SIGKILL");
    await this.#running.exited;
    this.#running = this.#start(new URL(this.url).port);
    await addressOf(this.#running);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function addressOf(running: RunningProcess): Promise<string> {
  return LISTENS.exec(await running.waitForLine(LISTENS, START_LIMIT_MS))?.[1] ?? "";
}
