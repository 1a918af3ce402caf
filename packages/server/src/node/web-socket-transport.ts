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
 * Carries frames over a WebSocket of `ws`. `ws` shakes hands, parses, answers pings
 * and closes. What we send is framed here, once per frame for all connections, and written
 * to the socket below `ws` with one write per batch. That keeps the order of everything
 * `ws` writes itself, because without compression its sender writes at once, too.
 */
export class WebSocketTransport implements Transport {
  readonly name = "websocket";
  readonly noticesSilence = false;
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;

  /** `socket` is the stream that `webSocket` was upgraded from. */
  constructor(webSocket: WebSocket, socket: Duplex) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    webSocket.pause();
  }

  get bufferedAmount(): number {
    return this.#socket.writableLength;
  }

  start(receiver: TransportReceiver): void {
    const webSocket = this.#webSocket;
    webSocket.on("message", (data: Buffer, isBinary: boolean) =>
      receiver.frame(isBinary ? data : data.toString("utf8")),
    );
    this.#socket.on("drain", () => receiver.writable());
    webSocket.on("ping", () => receiver.controlFrame());
    webSocket.on("pong", () => receiver.controlFrame());
    // After an error of its own `ws` reports 1006, since it has received no close frame.
    let ownCode: number | undefined;
    webSocket.on("error", (error) => (ownCode ??= closeCodeOf(error)));
    webSocket.on("close", (code: number, reason: Buffer) => receiver.closed(ownCode ?? code, reason.toString("utf8")));
    webSocket.resume();
  }

  send(batch: FrameBatch): void {
    if (this.#webSocket.readyState !== WebSocket.OPEN) return;
    batch.wire ??= toWire(batch);
    this.#socket.write(batch.wire);
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
  const wires = batch.frames().map(wireOf);
  const [only] = wires;
  return only !== undefined && wires.length === 1 ? only : Buffer.concat(wires);
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
