import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Frame } from "@hutong/protocol";
import type { ObservedClose, TransportPair, TransportPeer } from "@hutong/testing";
import { WebSocket, WebSocketServer } from "ws";
import { CarriedWebSocket, WebSocketTransport } from "../../src/node/web-socket-transport.ts";

/** The client's end of a WebSocket. */
export class WebSocketPeer implements TransportPeer {
  readonly frames: Frame[] = [];
  readonly webSocket: WebSocket;
  pingCount = 0;
  closed: ObservedClose | undefined = undefined;

  constructor(webSocket: WebSocket) {
    this.webSocket = webSocket;
    webSocket.on("message", (data: Buffer, isBinary: boolean) => {
      this.frames.push(isBinary ? Uint8Array.from(data) : data.toString("utf8"));
    });
    webSocket.on("ping", () => this.pingCount++);
    webSocket.on("close", (code, reason) => (this.closed = { code, reason: reason.toString("utf8") }));
    webSocket.on("error", () => {}); // `close` follows and is what is looked at
  }

  send(frame: Frame): void {
    this.webSocket.send(frame);
  }

  stall(): void {
    this.webSocket.pause();
  }

  resume(): void {
    this.webSocket.resume();
  }

  close(code: number, reason: string): void {
    this.webSocket.close(code, reason);
  }

  drop(): void {
    this.webSocket.terminate();
  }
}

export interface WebSocketPair extends TransportPair {
  readonly peer: WebSocketPeer;
  /** The stream below the server's end. */
  readonly socket: Duplex;
}

/** Two ends of a WebSocket over TCP; the server's end is not started, and writes as `directWrites` says. */
export async function createWebSocketPair(directWrites = true): Promise<WebSocketPair> {
  const http = createServer();
  const upgrader = new WebSocketServer({
    noServer: true,
    WebSocket: CarriedWebSocket,
    clientTracking: false,
    perMessageDeflate: false,
  });
  const upgraded = new Promise<{ readonly transport: WebSocketTransport; readonly socket: Duplex }>((resolve) => {
    http.on("upgrade", (request, socket, head) => {
      upgrader.handleUpgrade(request, socket, head, (webSocket) => {
        resolve({
          transport: new WebSocketTransport(webSocket, socket, { compression: undefined, directWrites }),
          socket,
        });
      });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo; // a TCP server that listens has an address
  const peer = new WebSocketPeer(new WebSocket(`ws://127.0.0.1:${port}`));
  await new Promise<void>((resolve) => peer.webSocket.once("open", resolve));
  const { transport, socket } = await upgraded;
  return {
    transport,
    socket,
    peer,
    [Symbol.asyncDispose]: () => {
      peer.webSocket.terminate();
      socket.destroy();
      return new Promise((resolve) => http.close(() => resolve()));
    },
  };
}
