import { createServer, type Server } from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import type { BusClient } from "../../src/bus/bus.ts";
import type { BusSession } from "../../src/bus/bus-session.ts";
import type { ClientName } from "../../src/bus/message.ts";
import { clientNameOf, WebSocketBus, type WebSocketBusOptions } from "../../src/bus/web-socket-bus.ts";
import { connectByWebSocket } from "../../src/bus/web-socket-client.ts";
import { systemClock } from "../../src/clock.ts";

/** A bus on loopback with two sessions, and raw access to it. */
export class BusServer implements AsyncDisposable {
  readonly bus: WebSocketBus;
  readonly sessions: readonly [BusSession, BusSession];
  readonly #server: Server;
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: 65_536,
    handleProtocols: (names) => [...names][0] ?? false,
  });
  readonly #clients: BusClient[] = [];
  readonly #raw: WebSocket[] = [];

  private constructor(options: Partial<WebSocketBusOptions>) {
    this.bus = new WebSocketBus({ clock: systemClock, ...options });
    this.sessions = [this.bus.openSession("one"), this.bus.openSession("two")];
    this.#server = createServer();
    this.#server.on("upgrade", (request, socket, head) => {
      const name = clientNameOf(request.headers["sec-websocket-protocol"] ?? "");
      if (name === undefined) {
        socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
        return;
      }
      const session = new URL(request.url ?? "", "http://bus").searchParams.get("sid") ?? "";
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => this.bus.accept(session, name, webSocket));
    });
  }

  static async start(options: Partial<WebSocketBusOptions> = {}): Promise<BusServer> {
    const server = new BusServer(options);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  connect(name: ClientName, session: 0 | 1 = 0): BusClient {
    const url = this.#url(session === 0 ? "one" : "two");
    const client = connectByWebSocket({
      clock: systemClock,
      name,
      open: (subprotocol) => new WebSocket(url, subprotocol),
    });
    this.#clients.push(client);
    return client;
  }

  /** A socket that may send anything. */
  raw(subprotocol: string, session = "one"): WebSocket {
    const webSocket = new WebSocket(this.#url(session), subprotocol);
    webSocket.on("error", () => {});
    this.#raw.push(webSocket);
    return webSocket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    for (const webSocket of this.#raw) webSocket.terminate();
    this.#webSockets.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #url(session: string): string {
    const address = this.#server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    return `ws://127.0.0.1:${port}/bus?sid=${session}`;
  }
}
