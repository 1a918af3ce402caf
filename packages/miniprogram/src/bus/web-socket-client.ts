import type { Clock } from "../clock.ts";
import type { BusClient } from "./bus.ts";
import { Inbox } from "./inbox.ts";
import { type BusMessage, type ClientName, parseBusMessage } from "./message.ts";

/** The part of the standard WebSocket that the client uses. */
export interface ClientWebSocket {
  /** 1 while the socket is open, 3 when it is closed. */
  readonly readyState: number;
  /** Sends one text frame. */
  send(frame: string): void;
  /** Ends the link politely. */
  close(): void;
  /** Calls the listener for every such event. */
  addEventListener(type: "close" | "error" | "open", listener: () => void): void;
  /** Calls the listener for every such event. */
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
}

/** What a client needs to reach the bus. */
export interface WebSocketBusClientOptions {
  readonly clock: Clock;
  readonly name: ClientName;
  /** Opens a WebSocket with that subprotocol. */
  readonly open: (subprotocol: string) => ClientWebSocket;
  /** Called once when the client has given up. @defaultValue nothing happens */
  readonly lost?: () => void;
}

/** Time before a link that ended is opened again, in milliseconds. */
export const RECONNECT_DELAY_MS = 150;
/** Time without a link after which the client gives up, in milliseconds. Browsers let attempts wait, so none are counted. */
export const GIVE_UP_AFTER_MS = 10_000;

const OPEN = 1;
const CLOSED = 3;

/**
 * Connects a part to a bus on a server, and again whenever the link ends.
 *
 * @example
 * const view = connectByWebSocket({ clock, name: "WEBVIEW_1", open: (name) => new WebSocket(url, name) });
 */
export function connectByWebSocket(options: WebSocketBusClientOptions): BusClient {
  return new WebSocketBusClient(options);
}

class WebSocketBusClient implements BusClient {
  readonly name: ClientName;
  readonly #options: WebSocketBusClientOptions;
  readonly #inbox = new Inbox();
  #webSocket: ClientWebSocket | undefined;
  #waiting: string[] = [];
  #downSinceMs: number | undefined;
  #cancelReconnect = (): void => {};
  #isClosed = false;
  #closing: Promise<void> | undefined;

  constructor(options: WebSocketBusClientOptions) {
    this.name = options.name;
    this.#options = options;
    this.#open();
  }

  send(message: BusMessage): void {
    if (this.#isClosed) return;
    const frame = JSON.stringify(message);
    if (this.#webSocket?.readyState === OPEN) this.#webSocket.send(frame);
    else this.#waiting.push(frame);
  }

  onMessage(handler: (message: BusMessage) => void): () => void {
    return this.#inbox.add(handler);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#shutDown());
  }

  #shutDown(): Promise<void> {
    this.#isClosed = true;
    this.#cancelReconnect();
    const webSocket = this.#webSocket;
    if (webSocket === undefined || webSocket.readyState === CLOSED) return Promise.resolve();
    return new Promise((resolve) => {
      webSocket.addEventListener("close", resolve);
      webSocket.close();
    });
  }

  #open(): void {
    const webSocket = this.#options.open(`${this.name}##`);
    this.#webSocket = webSocket;
    webSocket.addEventListener("open", () => {
      this.#downSinceMs = undefined;
      for (const frame of this.#waiting.splice(0)) webSocket.send(frame);
    });
    webSocket.addEventListener("message", ({ data }) => {
      if (typeof data === "string" && !this.#isClosed) this.#inbox.put(parseBusMessage(data));
    });
    // The close event follows every error and says all that there is to know.
    webSocket.addEventListener("error", () => {});
    webSocket.addEventListener("close", () => this.#reconnect());
  }

  #reconnect(): void {
    this.#webSocket = undefined;
    if (this.#isClosed) return;
    const { clock, lost } = this.#options;
    this.#downSinceMs ??= clock.now();
    if (clock.now() - this.#downSinceMs >= GIVE_UP_AFTER_MS) {
      this.#isClosed = true;
      lost?.();
      return;
    }
    this.#cancelReconnect = clock.after(RECONNECT_DELAY_MS, () => this.#open());
  }
}
