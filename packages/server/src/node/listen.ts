import type { Duplex } from "node:stream";
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Server } from "../server.ts";
import { Endpoint } from "./endpoint.ts";
import { LoadGuard, type LoadLimits } from "./load-guard.ts";
import type { MountPlan } from "./node-mount.ts";
import { ignoreErrors, refuseUpgrade } from "./refuse-upgrade.ts";

/** Options of {@link listen}. */
export interface ListenOptions {
  /** TCP port; 0 takes a free one. @defaultValue 4000 */
  readonly port?: number;
  /** Address to bind to. @defaultValue `"127.0.0.1"` */
  readonly host?: string;
  /** Where clients connect. @defaultValue Phoenix at `/socket`, Action Cable at `/cable` */
  readonly mounts?: readonly MountPlan[];
  /** When the process is too busy for more connections; `false` never asks. @defaultValue {@link DEFAULT_LOAD_LIMITS} */
  readonly load?: LoadLimits | false;
  /**
   * Time in which a client must have sent a whole request, in milliseconds; for whoever takes large uploads in `fallback`.
   * @defaultValue 30_000
   */
  readonly requestTimeoutMs?: number;
  /** Answers requests that are for no mount. @defaultValue 404 */
  readonly fallback?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Takes upgrades that are for no mount; `false` leaves one to be refused. @defaultValue refuses with 404 */
  readonly upgradeFallback?: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
}

/** A server that listens. */
export interface Listener {
  /** The address that is bound. */
  readonly host: string;
  /** The port that is bound. */
  readonly port: number;
  /** Base address without a final slash, for example `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Stops listening, drains the server, and resolves when both are done. */
  drain(): Promise<void>;
  /** Like `drain`, at once. */
  close(): Promise<void>;
  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Largest block of request headers, in bytes. */
const MAX_HEADER_BYTES = 16_384;
/** Time in which a client must have sent its headers, in milliseconds. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Starts the server and brings clients to it over HTTP. Rejects when the port is taken or the broker
 * cannot be reached.
 *
 * @example
 * await using listener = await listen(createServer({ channels: [room] }), { port: 4000 });
 */
export async function listen(server: Server, options: ListenOptions = {}): Promise<Listener> {
  const { port = 4000, host = "127.0.0.1", mounts, load = {}, fallback = answerNotFound } = options;
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS, upgradeFallback } = options;
  const guard = load === false ? undefined : new LoadGuard(server.clock, load);
  const endpoint = new Endpoint(server, mounts, () => guard?.isOverloaded() ?? false);
  const http = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: 1_000,
  });
  // Node would drop the headers beyond its count in silence, an Origin among them; their size is limited above.
  http.maxHeadersCount = 0;
  http.on("request", (request, response) => {
    if (!endpoint.handleRequest(request, response)) fallback(request, response);
  });
  http.on("upgrade", (request, socket, head) => {
    if (endpoint.handleUpgrade(request, socket, head) || upgradeFallback?.(request, socket, head) === true) return;
    ignoreErrors(socket);
    refuseUpgrade(socket, { status: 404, body: "not found" });
  });
  http.on("close", () => guard?.close());
  try {
    await bind(http, port, host);
  } catch (error) {
    guard?.close();
    throw error;
  }
  try {
    await server.start();
  } catch (error) {
    await unbind(http);
    throw error;
  }
  return toListener(http, server);
}

function bind(http: HttpServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, host, () => {
      http.removeListener("error", reject);
      resolve();
    });
  });
}

function unbind(http: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve());
    http.closeIdleConnections();
  });
}

function toListener(http: HttpServer, server: Server): Listener {
  // The address of a listening TCP server is always an object; a pipe's would be a string.
  const { address, port } = http.address() as AddressInfo;
  const host = address.includes(":") ? `[${address}]` : address;
  const end = async (finish: () => Promise<void>): Promise<void> => {
    const unbound = unbind(http);
    await finish();
    http.closeAllConnections();
    await unbound;
  };
  return {
    host: address,
    port,
    url: `http://${host}:${port}`,
    drain: () => end(() => server.drain()),
    close: () => end(() => server.close()),
    [Symbol.asyncDispose]: () => end(() => server.close()),
  };
}

function answerNotFound(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("not found");
}
