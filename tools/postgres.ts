import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { freePort } from "./free-port.ts";
import { orStop, type RunningProcess, startProcess } from "./processes.ts";
import { runStep } from "./steps.ts";

const START_TIMEOUT_MS = 60_000;

/** A PostgreSQL server of our own: empty, on loopback, gone with this process. */
export interface PrivatePostgres extends AsyncDisposable {
  /** Of a database in which everything is allowed, creating more databases included. */
  readonly url: string;
}

/**
 * Starts a server from its program `postgres`; `initdb` is beside it. Data lives in a temporary folder and is not
 * synchronised to the disk. As root, which PostgreSQL refuses to run as, it runs as the user `postgres`.
 */
export async function startPostgres(program: string): Promise<PrivatePostgres> {
  const folder = await mkdtemp(join(tmpdir(), "hutong-postgres-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const asUser = await commandPrefix(folder);
    await initialise([...asUser, join(dirname(program), "initdb"), "-D", folder]);
    const port = await freePort();
    const server = await startServer([...asUser, program, "-D", folder, "-p", String(port), "-k", folder]);
    return {
      url: `postgres://hutong@127.0.0.1:${port}/postgres`,
      async [Symbol.asyncDispose]() {
        await server.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function initialise(commandLine: readonly string[]): Promise<void> {
  const options = ["-U", "hutong", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"];
  const prepared = await runStep({ name: "initdb", command: "env", arguments: [...commandLine, ...options] });
  if (!prepared.passed) throw new Error(`initdb failed: ${prepared.output}`);
}

function startServer(commandLine: readonly string[]): Promise<RunningProcess> {
  const settings = ["listen_addresses=127.0.0.1", "fsync=off", "max_connections=200"];
  const options = settings.flatMap((setting) => ["-c", setting]);
  const server = startProcess("env", [...commandLine, ...options], {
    environment: { ...process.env, LC_ALL: "C.UTF-8" },
  });
  return orStop(server, server.waitForLine(/ready to accept connections/, START_TIMEOUT_MS));
}

async function commandPrefix(folder: string): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return [];
  const id = await runStep({ name: "id", command: "id", arguments: ["-u", "postgres"] });
  if (!id.passed) throw new Error("As root, PostgreSQL needs the user postgres, which its package makes");
  await chown(folder, Number(id.output), 0);
  return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"];
}
