import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Certificates, makeCertificates } from "./certificates.ts";
import { freePort } from "./free-port.ts";
import { orStop, startProcess } from "./processes.ts";

const START_TIMEOUT_MS = 30_000;

/** An nginx of our own on loopback, gone with this process. */
export interface PrivateNginx extends AsyncDisposable {
  /** For example `https://localhost:41234`. */
  readonly url: string;
  readonly certificates: Certificates;
}

/** What a server's configuration is made of. */
export interface NginxPlace {
  /** For `listen`: address and port. */
  readonly listen: string;
  readonly certificates: Certificates;
}

/** Starts nginx from its program, with the text that `configure` gives inside `http { … }`. */
export async function startNginx(program: string, configure: (place: NginxPlace) => string): Promise<PrivateNginx> {
  const folder = await mkdtemp(join(tmpdir(), "hutong-nginx-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const certificates = await makeCertificates(folder);
    const port = await freePort();
    const text = toConfiguration(folder, configure({ listen: `127.0.0.1:${port}`, certificates }));
    const path = join(folder, "nginx.conf");
    await writeFile(path, text);
    const server = startProcess(program, ["-p", folder, "-e", "stderr", "-c", path]);
    await orStop(server, server.waitForLine(/using the "\w+" event method/, START_TIMEOUT_MS));
    return {
      url: `https://localhost:${port}`,
      certificates,
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

/** One process, which does not change its user and writes nothing outside its folder. */
function toConfiguration(folder: string, servers: string): string {
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr notice;
events { worker_connections 256; }
http {
access_log off;
${places.join("\n")}
${servers}
}
`;
}
