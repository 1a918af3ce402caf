import type { Duplex } from "node:stream";
import { CLOSE_CODES } from "@hutong/protocol";
import { WebSocket } from "ws";
import type { EncodedFrame } from "../encoded-frame.ts";
import type { FrameBatch } from "../transport/frame-batch.ts";
import type { Transport, TransportReceiver } from "../transport/transport.ts";
import type { Compression } from "./compression.ts";
import { SocketWriter, type SocketWriterOwner } from "./socket-writer.ts";
import { writePlainFrame } from "./web-socket-frame.ts";

/** What `ws` closes with for the errors of its parser; for all others it is 1002. */
const PARSER_CLOSE_CODES: ReadonlyMap<string, number> = new Map([
  ["WS_ERR_UNSUPPORTED_MESSAGE_LENGTH", CLOSE_CODES.too_big.code],
  ["WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH", CLOSE_CODES.too_big.code],
  ["WS_ERR_INVALID_UTF8", CLOSE_CODES.invalid_text.code],
  ["WS_ERR_TOO_MANY_BUFFERED_PARTS", CLOSE_CODES.policy_violation.code],
]);

/** A compressed message that zlib cannot read has such a code; `ws` closes with 1007. */
const ZLIB_ERROR_PREFIX = "Z_";

/**
 * A WebSocket that tells its transport what happens to it, without listeners: a table of them would cost every idle
 * connection a twentieth of its memory.
 */
export class CarriedWebSocket extends WebSocket {
  /** Set once, by the transport; until then listeners hear of what happens. */
  carrier: WebSocketTransport | undefined = undefined;

  override emit(event: string | symbol, first?: unknown, second?: unknown): boolean {
    if (this.carrier === undefined) return super.emit(event, first, second);
    this.carrier.happened(event, first, second);
    return true;
  }
}

/** What a mount says of its WebSockets. */
export interface WebSocketSettings {
  /** Used for clients that have agreed to it. */
  readonly compression: Compression | undefined;
  /** Whether frames are written below Node's stream, where that is possible. */
  readonly directWrites: boolean;
}

/**
 * Carries frames over a WebSocket of `ws`. `ws` shakes hands, parses, answers pings
 * and closes. What we send is framed here, once per frame for all connections, and written
 * to the socket below `ws` with one write per batch. That keeps the order of everything
 * `ws` writes itself, because control frames, which are never compressed, are written at once, too.
 */
export class WebSocketTransport implements Transport, SocketWriterOwner {
  readonly name = "websocket";
  readonly noticesSilence = false;
  readonly #webSocket: CarriedWebSocket;
  readonly #writer: SocketWriter;
  /** Set where the client has agreed to compression. */
  readonly #compression: Compression | undefined;
  #receiver: TransportReceiver | undefined = undefined;
  /** What `ws` closed with after an error of its own; it reports 1006 then, since it has received no close frame. */
  #ownCode: number | undefined = undefined;

  /** `socket` is the stream that `webSocket` was upgraded from; `compression` is used if the client has agreed to it. */
  constructor(webSocket: CarriedWebSocket, socket: Duplex, { compression, directWrites }: WebSocketSettings) {
    this.#webSocket = webSocket;
    this.#writer = new SocketWriter(socket, this, directWrites);
    this.#compression = webSocket.extensions === "" ? undefined : compression;
    this.#compression?.opened();
    webSocket.carrier = this;
    webSocket.pause();
  }

  get bufferedAmount(): number {
    return this.#writer.bufferedAmount;
  }

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    this.#webSocket.resume();
  }

  /** Takes an event of the WebSocket, as `ws` documents them. */
  happened(event: string | symbol, first: unknown, second: unknown): void {
    const receiver = this.#receiver;
    if (event === "close") this.#compression?.closed();
    if (event === "error") {
      this.#ownCode ??= closeCodeOf(first);
    } else if (receiver === undefined) {
      return;
    } else if (event === "message" && Buffer.isBuffer(first)) {
      receiver.frame(second === true ? first : first.toString("utf8"));
    } else if (event === "ping" || event === "pong") {
      receiver.controlFrame();
    } else if (event === "close") {
      receiver.closed(this.#ownCode ?? Number(first), String(second));
    }
  }

  send(batch: FrameBatch): void {
    if (this.#webSocket.readyState !== WebSocket.OPEN) return;
    const bytes = this.#compression === undefined ? (batch.wire ??= toWire(batch)) : this.#compression.wireOf(batch);
    this.#writer.write(bytes);
  }

  drained(): void {
    this.#receiver?.writable();
  }

  ping(): void {
    if (this.#webSocket.readyState === WebSocket.OPEN) this.#webSocket.ping();
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason);
  }

  terminate(): void {
    this.#webSocket.terminate();
  }
}

function toWire(batch: FrameBatch): Uint8Array {
  if (batch.last !== undefined && batch.count === 1) return wireOf(batch.last);
  return Buffer.concat(batch.frames().map(wireOf));
}

function wireOf(encoded: EncodedFrame): Uint8Array {
  return (encoded.wire ??= writePlainFrame(encoded.frame));
}

/** The code that `ws` closed with after an error of its parser; `undefined` for errors of the link. */
function closeCodeOf(error: unknown): number | undefined {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code.startsWith(ZLIB_ERROR_PREFIX)) return CLOSE_CODES.invalid_text.code;
  if (!code.startsWith("WS_ERR_")) return undefined;
  return PARSER_CLOSE_CODES.get(code) ?? CLOSE_CODES.protocol_error.code;
}
