import type { Duplex } from "node:stream";
import { CLOSE_CODES } from "@hutong/protocol";
import { WebSocket } from "ws";
import type { EncodedFrame } from "../encoded-frame.ts";
import type { FrameBatch } from "../transport/frame-batch.ts";
import type { Transport, TransportReceiver } from "../transport/transport.ts";

/** What `ws` closes with for the errors of its parser; for all others it is 1002. */
const PARSER_CLOSE_CODES: ReadonlyMap<string, number> = new Map([
  ["WS_ERR_UNSUPPORTED_MESSAGE_LENGTH", CLOSE_CODES.too_big.code],
  ["WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH", CLOSE_CODES.too_big.code],
  ["WS_ERR_INVALID_UTF8", CLOSE_CODES.invalid_text.code],
  ["WS_ERR_TOO_MANY_BUFFERED_PARTS", CLOSE_CODES.policy_violation.code],
]);

const TEXT_OPCODE = 0x81;
const BINARY_OPCODE = 0x82;

/**
 * A WebSocket that knows its transport, so that all of them share the listeners below: a closure per event
 * would cost every idle connection a twentieth of its memory.
 */
export class CarriedWebSocket extends WebSocket {
  /** Set once, by the transport. */
  carrier: WebSocketTransport | undefined = undefined;
  /** What `ws` closed with after an error of its own; it reports 1006 then, since it has received no close frame. */
  ownCode: number | undefined = undefined;
}

/**
 * Carries frames over a WebSocket of `ws`. `ws` shakes hands, parses, answers pings
 * and closes. What we send is framed here, once per frame for all connections, and written
 * to the socket below `ws` with one write per batch. That keeps the order of everything
 * `ws` writes itself, because without compression its sender writes at once, too.
 */
export class WebSocketTransport implements Transport {
  readonly name = "websocket";
  readonly noticesSilence = false;
  /** What happens to the WebSocket is told here, once the transport has started. */
  receiver: TransportReceiver | undefined = undefined;
  readonly #webSocket: CarriedWebSocket;
  readonly #socket: Duplex;
  #awaitsDrain = false;

  /** `socket` is the stream that `webSocket` was upgraded from. */
  constructor(webSocket: CarriedWebSocket, socket: Duplex) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    webSocket.carrier = this;
    webSocket.pause();
  }

  get bufferedAmount(): number {
    return this.#socket.writableLength;
  }

  start(receiver: TransportReceiver): void {
    this.receiver = receiver;
    const webSocket = this.#webSocket;
    webSocket.on("message", onMessage);
    webSocket.on("ping", onControlFrame);
    webSocket.on("pong", onControlFrame);
    webSocket.on("error", onError);
    webSocket.on("close", onClose);
    webSocket.resume();
  }

  send(batch: FrameBatch): void {
    if (this.#webSocket.readyState !== WebSocket.OPEN) return;
    batch.wire ??= toWire(batch);
    if (this.#socket.write(batch.wire) || this.#awaitsDrain) return;
    this.#awaitsDrain = true;
    this.#socket.once("drain", () => {
      this.#awaitsDrain = false;
      this.receiver?.writable();
    });
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

function onMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
  receiverOf(this)?.frame(isBinary ? data : data.toString("utf8"));
}

function onControlFrame(this: WebSocket): void {
  receiverOf(this)?.controlFrame();
}

function onError(this: WebSocket, error: Error): void {
  if (this instanceof CarriedWebSocket) this.ownCode ??= closeCodeOf(error);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  const ownCode = this instanceof CarriedWebSocket ? this.ownCode : undefined;
  receiverOf(this)?.closed(ownCode ?? code, reason.toString("utf8"));
}

function receiverOf(webSocket: WebSocket): TransportReceiver | undefined {
  return webSocket instanceof CarriedWebSocket ? webSocket.carrier?.receiver : undefined;
}

function toWire(batch: FrameBatch): Uint8Array {
  if (batch.last !== undefined && batch.count === 1) return wireOf(batch.last);
  return Buffer.concat(batch.frames().map(wireOf));
}

/** The code that `ws` closed with after an error of its parser; `undefined` for errors of the link. */
function closeCodeOf(error: Error): number | undefined {
  const code = "code" in error ? String(error.code) : "";
  if (!code.startsWith("WS_ERR_")) return undefined;
  return PARSER_CLOSE_CODES.get(code) ?? CLOSE_CODES.protocol_error.code;
}

/** The frame with its header, unmasked as a server's frames are (RFC 6455, section 5.2). */
function wireOf(encoded: EncodedFrame): Uint8Array {
  if (encoded.wire !== undefined) return encoded.wire;
  const { frame } = encoded;
  const isText = typeof frame === "string";
  const length = isText ? Buffer.byteLength(frame) : frame.length;
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const wire = Buffer.allocUnsafe(headerLength + length);
  wire[0] = isText ? TEXT_OPCODE : BINARY_OPCODE;
  if (headerLength === 2) {
    wire[1] = length;
  } else if (headerLength === 4) {
    wire[1] = 126;
    wire.writeUInt16BE(length, 2);
  } else {
    wire[1] = 127;
    wire.writeBigUInt64BE(BigInt(length), 2);
  }
  if (isText) wire.write(frame, headerLength, "utf8");
  else wire.set(frame, headerLength);
  encoded.wire = wire;
  return wire;
}
