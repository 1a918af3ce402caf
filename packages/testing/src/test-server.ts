import { createServer, type Server, type ServerOptions, type TelemetryEvent } from "@hutong/server";
import { listen, type ListenOptions, type MountPlan } from "@hutong/server/node";
import { TelemetryRecorder } from "./telemetry-recorder.ts";

/** Options of {@link startTestServer}: those of the server, and where clients connect. */
export interface TestServerOptions extends ServerOptions {
  /** @defaultValue Phoenix at `/socket`, Action Cable at `/cable` */
  readonly mounts?: readonly MountPlan[];
  /** Answers requests that are for no mount. @defaultValue 404 */
  readonly fallback?: NonNullable<ListenOptions["fallback"]>;
}

/** A server that listens on a free port of this machine. */
export interface TestServer extends AsyncDisposable {
  readonly server: Server;
  /** Base address without a final slash, for example `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Everything that the server reported so far. */
  readonly recorder: TelemetryRecorder;
  /** The WebSocket address of a path with its query, for example `webSocketUrl("/cable")`. */
  webSocketUrl(pathAndQuery: string): string;
  /** Closes every connection, stops listening, and resolves when both are done. */
  close(): Promise<void>;
}

/**
 * Starts a server on port 0 and waits until it listens. Telemetry is recorded, and still reaches the listener in
 * the options.
 *
 * @example
 * await using test = await startTestServer({ channels: [room] });
 * const webSocket = new WebSocket(test.webSocketUrl("/socket/websocket?vsn=2.0.0"));
 */
export async function startTestServer(options: TestServerOptions): Promise<TestServer> {
  const { mounts, fallback, ...serverOptions } = options;
  const recorder = new TelemetryRecorder();
  const telemetry = (event: TelemetryEvent): void => {
    recorder.telemetry(event);
    serverOptions.telemetry?.(event);
  };
  const server = createServer({ ...serverOptions, telemetry });
  const listener = await listen(server, { port: 0, ...(mounts && { mounts }), ...(fallback && { fallback }) });
  return {
    server,
    url: listener.url,
    recorder,
    webSocketUrl: (pathAndQuery) => `${listener.url.replace(/^http/, "ws")}${pathAndQuery}`,
    close: () => listener.close(),
    [Symbol.asyncDispose]: () => listener.close(),
  };
}
