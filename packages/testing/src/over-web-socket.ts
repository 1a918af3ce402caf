import type { Frame } from "@hutong/protocol";
import { eventually, type WaitOptions } from "./eventually.ts";
import type { FrameClient, FrameLink } from "./frame-client.ts";

/** What is used of a WebSocket: the browser's, Node's, or that of the `ws` package. */
export interface WebSocketLike {
  /** Set to `"arraybuffer"`. */
  binaryType: string;
  /** 1 once it is open. */
  readonly readyState: number;
  /** Sends text or bytes. */
  send(data: string | Uint8Array<ArrayBuffer>): void;
  /** Ends the link politely. */
  close(code?: number, reason?: string): void;
  /** Reports every message, in order. */
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  /** Reports the end of the link, once. */
  addEventListener(type: "close", listener: (event: { readonly code: number; readonly reason: string }) => void): void;
  /** Reports a failure; `close` follows. */
  addEventListener(type: "error", listener: () => void): void;
}

const OPEN = 1;

/**
 * Makes a client over a WebSocket that you created and have not awaited. Resolves when it is open; rejects when
 * it closes first.
 *
 * @example
 * const client = await overWebSocket(new WebSocket(server.phoenixUrl), (link) => new PhoenixClient(link));
 */
export async function overWebSocket<TMessage, TClient extends FrameClient<TMessage>>(
  webSocket: WebSocketLike,
  create: (link: FrameLink) => TClient,
  options: WaitOptions = {},
): Promise<TClient> {
  webSocket.binaryType = "arraybuffer";
  const client = create({
    send: (frame) => webSocket.send(typeof frame === "string" ? frame : new Uint8Array(frame)),
    close: (code, reason) => webSocket.close(code, reason),
  });
  webSocket.addEventListener("message", ({ data }) => client.receive(toFrame(data)));
  webSocket.addEventListener("close", ({ code, reason }) => client.end(code, reason));
  webSocket.addEventListener("error", () => {}); // `close` follows and is what tests look at
  await eventually(() => webSocket.readyState === OPEN || client.closedWith !== undefined, options);
  if (client.closedWith !== undefined)
    throw new Error(`the WebSocket closed with ${client.closedWith.code} before it was open`);
  return client;
}

function toFrame(data: unknown): Frame {
  if (typeof data === "string") return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  throw new TypeError("a WebSocket of binaryType arraybuffer gives text or ArrayBuffer");
}
