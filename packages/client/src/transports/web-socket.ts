import type { Frame } from "@hutong/protocol";
import { toBase64 } from "./base64.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Transport, TransportFactory, TransportHandlers } from "./transport.ts";

/** The part of a WebSocket object that the transport uses; the browser's and `ws` both have it. */
export interface WebSocketLike {
  /** Set to `"arraybuffer"`. */
  binaryType: string;
  /** Sends text or bytes. */
  send(data: string | Uint8Array<ArrayBuffer>): void;
  /** Starts the closing handshake. */
  close(code?: number, reason?: string): void;
  /** Adds a listener for an event of the WebSocket standard. */
  addEventListener(type: "open" | "message" | "error" | "close", listener: (event: WebSocketEventLike) => void): void;
}

/** The fields of WebSocket events that the transport reads. */
export interface WebSocketEventLike {
  /** The name of the event. */
  readonly type: string;
  /** Of `message`. */
  readonly data?: unknown;
  /** Of `close`. */
  readonly code?: number;
  /** Of `close`. */
  readonly reason?: string;
}

/** A constructor of WebSockets: the global one, or that of `ws`. */
export type WebSocketConstructor = new (url: string, subprotocols?: string[]) => WebSocketLike;

// The name says base64url, the server reads the standard alphabet without padding.
const TOKEN_PREFIX = "base64url.bearer.phx.";

function subprotocolsFor(token: string | undefined): string[] | undefined {
  if (token === undefined) return undefined;
  return ["phoenix", TOKEN_PREFIX + toBase64(new TextEncoder().encode(token)).replace(/=+$/, "")];
}

class WebSocketTransport implements Transport {
  readonly needsHeartbeat = true;
  readonly #webSocket: WebSocketLike;

  constructor(webSocket: WebSocketLike, handlers: TransportHandlers) {
    this.#webSocket = webSocket;
    webSocket.binaryType = "arraybuffer";
    webSocket.addEventListener("open", () => handlers.opened());
    webSocket.addEventListener("message", ({ data }) => {
      if (typeof data === "string" || data instanceof ArrayBuffer) handlers.received(data);
    });
    // The close event follows and says as much; but without a listener `ws` throws.
    webSocket.addEventListener("error", () => undefined);
    webSocket.addEventListener("close", ({ code = 1006, reason = "" }) => handlers.closed({ code, reason }));
  }

  send(frame: Frame): void {
    // A copy, because browsers take no view of memory that may be shared, and the type of a frame does not exclude that.
    this.#webSocket.send(typeof frame === "string" ? frame : new Uint8Array(frame));
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason);
  }
}

/** Makes transports over WebSocket. */
export function webSocketTransport(endpoint: Endpoint, constructor: WebSocketConstructor): TransportFactory {
  return {
    name: "websocket",
    open({ params, token }, handlers) {
      const url = endpoint.url("ws", "websocket", params);
      return new WebSocketTransport(new constructor(url, subprotocolsFor(token)), handlers);
    },
  };
}
