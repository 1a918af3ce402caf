import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { type ClientOptions, WebSocket } from "ws";
import { Inbox } from "./inbox.ts";
import { within } from "./limits.ts";

/** How a client introduces itself. */
export interface HandshakeOptions {
  readonly subprotocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly origin?: string;
  /** Sent as soon as the link is open, before anything is read. */
  readonly early?: readonly string[];
}

/** A close as the client saw it. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** A frame as the client saw it: the JSON value of a text frame, or the bytes of a binary one. */
export type Received = unknown;

/** A raw client: it sends what it is told and records every frame, in order. */
export class WebSocketClient {
  readonly webSocket: WebSocket;
  /** Headers of the server's answer to the handshake. */
  readonly headers: IncomingMessage["headers"];
  readonly inbox: Inbox<Received>;
  readonly closed: Promise<Closing>;

  constructor(webSocket: WebSocket, headers: IncomingMessage["headers"], inbox: Inbox<Received>) {
    this.webSocket = webSocket;
    this.headers = headers;
    this.inbox = inbox;
    this.closed = new Promise((resolve) => {
      webSocket.on("close", (code, reason) => resolve({ code, reason: reason.toString("utf8") }));
    });
    webSocket.on("close", (code) => inbox.end(new Error(`the connection was closed with ${code}`)));
  }

  /** Sends a JSON value as text. */
  send(value: unknown): void {
    this.webSocket.send(JSON.stringify(value));
  }

  /** Sends text as it is. */
  sendText(frame: string): void {
    this.webSocket.send(frame);
  }

  /** Sends bytes. */
  sendBytes(frame: Uint8Array): void {
    this.webSocket.send(frame, { binary: true });
  }

  /** The next frame. */
  next(): Promise<Received> {
    return this.inbox.next("the next frame");
  }

  /** The next frames, in order. */
  take(count: number): Promise<Received[]> {
    return this.inbox.take(count, "the next frame");
  }

  /** Sends a JSON value and gives the frame that comes next. */
  async ask(value: unknown): Promise<Received> {
    this.send(value);
    return this.next();
  }

  /** How the connection was closed, by either side. */
  async ending(limitMs?: number): Promise<Closing> {
    return within(this.closed, "the close", limitMs);
  }

  /** Says good-bye and waits for the answer. */
  async close(): Promise<void> {
    this.webSocket.close(1000);
    await this.ending();
  }

  [Symbol.dispose](): void {
    this.webSocket.terminate();
  }
}

/** Connects to an `http:` address by WebSocket. Rejects when the handshake fails. */
export async function connect(url: string, options: HandshakeOptions = {}): Promise<WebSocketClient> {
  const webSocket = dial(url, options);
  const inbox = new Inbox<Received>();
  let headers: IncomingMessage["headers"] = {};
  webSocket.on("upgrade", (response) => (headers = response.headers));
  webSocket.on("message", (data: Buffer, isBinary) =>
    inbox.add(isBinary ? toBytes(data) : JSON.parse(data.toString("utf8"))),
  );
  const opened = new Promise<WebSocketClient>((resolve, reject) => {
    webSocket.on("error", reject);
    webSocket.on("open", () => {
      for (const frame of options.early ?? []) webSocket.send(frame);
      resolve(new WebSocketClient(webSocket, headers, inbox));
    });
  });
  return within(opened, "the WebSocket handshake");
}

/** An HTTP answer to a handshake. */
export interface Refusal {
  readonly status: number | undefined;
  readonly body: string;
}

/** Connects to an address that refuses the handshake, and gives the HTTP answer. Rejects when it is accepted. */
export async function connectRefused(url: string, options: HandshakeOptions = {}): Promise<Refusal> {
  const webSocket = dial(url, options);
  const refused = new Promise<Refusal>((resolve, reject) => {
    webSocket.on("open", () => {
      webSocket.terminate();
      reject(new Error("the handshake was accepted"));
    });
    webSocket.on("error", reject);
    webSocket.on("unexpected-response", (_request, response) => {
      text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
    });
  });
  return within(refused, "the refusal");
}

function dial(url: string, { subprotocols = [], headers, origin }: HandshakeOptions): WebSocket {
  const options: ClientOptions = { ...(headers && { headers }), ...(origin !== undefined && { origin }) };
  return new WebSocket(url.replace(/^http/, "ws"), [...subprotocols], options);
}

function toBytes(data: unknown): number[] {
  if (!(data instanceof Uint8Array)) throw new TypeError("ws gives binary frames as one Buffer by default");
  return [...data];
}
