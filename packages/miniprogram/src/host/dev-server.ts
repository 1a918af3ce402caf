import { createServer, type IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { createRunner, type Runner, type RunnerOptions } from "./runner.ts";

/** Options of {@link startDevServer}. */
export interface DevServerOptions extends RunnerOptions {
  /** @defaultValue `"127.0.0.1"`: code of a project runs on this machine's browser only */
  readonly host?: string;
  /** 0 takes a free one. @defaultValue 4310 */
  readonly port?: number;
}

/** A server that is listening. */
export interface DevServer extends AsyncDisposable {
  /** Address of the phone. */
  readonly url: string;
  readonly runner: Runner;
  /** Ends the server and all phones. */
  close(): Promise<void>;
}

/** Default of {@link DevServerOptions}. */
export const DEFAULT_PORT = 4310;

/**
 * Serves a project with live reload. Resolves when the server listens, also when the project has errors:
 * the phone shows them.
 *
 * @example
 * await using server = await startDevServer({ project: "./demo" });
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { host = "127.0.0.1", port = DEFAULT_PORT } = options;
  const runner = await createRunner(options);
  const server = createServer((request, response) => {
    if (!isAddressedTo(request, host)) response.writeHead(421).end();
    else if (!runner.handleRequest(request, response)) response.writeHead(404).end();
  });
  server.on("upgrade", (request, socket, head) => {
    if (!isAddressedTo(request, host) || !runner.handleUpgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actualPort = typeof address === "object" && address !== null ? address.port : port;
  const close = async (): Promise<void> => {
    await runner.close();
    server.closeAllConnections();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  };
  return { url: `http://${host}:${actualPort}${options.basePath ?? ""}/`, runner, close, [Symbol.asyncDispose]: close };
}

/** A foreign page whose own name is made to lead to this machine afterwards would be of our origin: it comes by that name. */
function isAddressedTo({ headers }: IncomingMessage, host: string): boolean {
  const address = `http://${headers.host ?? ""}`;
  const name = URL.canParse(address) ? new URL(address).hostname : "";
  return name === host || name === "localhost" || isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0;
}
