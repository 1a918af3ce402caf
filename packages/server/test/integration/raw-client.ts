import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** How long a test waits for something that must happen. */
export const LIMIT_MS = 5_000;

/** Opcodes of RFC 6455, section 5.2. */
export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A client's frame, with everything in it that can be wrong. */
export interface FrameParts {
  readonly opcode?: number;
  readonly payload?: string | Uint8Array;
  /** @defaultValue true */
  readonly isFinal?: boolean;
  /** @defaultValue true */
  readonly isMasked?: boolean;
  /** The three reserved bits, RSV1 highest. */
  readonly reserved?: number;
  /** Written as a 64-bit length in place of the payload's own. */
  readonly declaredLength?: bigint;
}

const MASK = Uint8Array.of(0x12, 0x34, 0x56, 0x78);

/** Builds the bytes of a client's frame. */
export function frameOf(parts: FrameParts): Buffer {
  const { opcode = OPCODES.text, isFinal = true, isMasked = true, reserved = 0 } = parts;
  const payload = Buffer.from(parts.payload ?? "");
  const length = lengthOf(payload.length, parts.declaredLength);
  const maskBit = isMasked ? 0x80 : 0;
  const head = Buffer.concat([Uint8Array.of((isFinal ? 0x80 : 0) | (reserved << 4) | opcode), length]);
  head[1] = (head[1] ?? 0) | maskBit;
  if (!isMasked) return Buffer.concat([head, payload]);
  const masked = payload.map((byte, index) => byte ^ (MASK[index % 4] ?? 0));
  return Buffer.concat([head, MASK, masked]);
}

function lengthOf(length: number, declared: bigint | undefined): Buffer {
  if (declared === undefined && length < 126) return Buffer.of(length);
  if (declared === undefined && length < 65_536) return Buffer.of(126, length >> 8, length & 0xff);
  const bytes = Buffer.alloc(9, 127);
  bytes.writeBigUInt64BE(declared ?? BigInt(length), 1);
  return bytes;
}

/** The payload of a close frame. */
export function closePayload(code: number, reason: string | Uint8Array = ""): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return Buffer.concat([head, Buffer.from(reason)]);
}

/** Header lines by name; a list is several lines, `undefined` leaves a default out. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Builds an upgrade request; `headers` replace the defaults, whose names are in lower case. */
export function upgradeRequest(target: string, headers: Headers = {}, method = "GET"): string {
  const lines = Object.entries({
    host: "chat.example",
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "AAECAwQFBgcICQoLDA0ODw==",
    ...headers,
  }).flatMap(([name, value]) => [value ?? []].flat().map((line) => `${name}: ${line}\r\n`));
  return `${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** An HTTP answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** A frame of the server. */
export interface ServerFrame {
  readonly opcode: number;
  /** The three reserved bits, RSV1 highest. */
  readonly reserved: number;
  readonly payload: Buffer;
}

/** A TCP connection whose client writes by hand: it answers no ping, no close and no end by itself. */
export class RawClient {
  /** Port of the client's end of the TCP connection. */
  readonly localPort: number;
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #isEnded = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.localPort = socket.localPort ?? 0;
    socket.setNoDelay(true);
    socket.on("data", (data: Buffer) => {
      this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
      this.#wake();
    });
    const end = (): void => {
      this.#isEnded = true;
      this.#wake();
    };
    socket.on("end", end);
    socket.on("close", end);
    socket.on("error", end); // a reset is an end like any other
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    await once(socket, "connect");
    return new RawClient(socket);
  }

  /** Whether the server has ended its side, or the connection is gone. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  write(data: string | Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(data);
  }

  /** Writes, and resolves a turn of the event loop after the kernel has taken it, or the connection is gone. */
  async flush(data: string | Uint8Array): Promise<void> {
    if (!this.#socket.writable) return;
    await new Promise<void>((resolve) => this.#socket.write(data, () => setImmediate(resolve)));
  }

  /** Sends a text frame; a value that is no string goes as JSON. */
  send(value: unknown): void {
    this.write(frameOf({ payload: typeof value === "string" ? value : JSON.stringify(value) }));
  }

  sendBytes(payload: Uint8Array): void {
    this.write(frameOf({ opcode: OPCODES.binary, payload }));
  }

  /** Stops to read. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Ends the client's side. */
  end(): void {
    this.#socket.end();
  }

  /** Resets the connection. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** The next HTTP answer. */
  async answer(): Promise<HttpAnswer> {
    return this.#read("an HTTP answer", () => {
      const text = this.#received.toString("latin1");
      const headEnd = text.indexOf("\r\n\r\n");
      if (headEnd < 0) return undefined;
      const head = text.slice(0, headEnd);
      const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      if (text.length < headEnd + 4 + length) return undefined;
      this.#received = this.#received.subarray(headEnd + 4 + length);
      return { status: Number(head.split(" ", 2)[1]), head, body: text.slice(headEnd + 4, headEnd + 4 + length) };
    });
  }

  /** The next frame of the server. */
  async frame(): Promise<ServerFrame> {
    return this.#read("a frame", () => this.#takeFrame());
  }

  /** The next text frame, parsed; pings of Action Cable and of WebSocket are passed over. */
  async message(): Promise<unknown> {
    for (;;) {
      const { opcode, payload } = await this.frame();
      if (opcode === OPCODES.close) throw new Error(`closed with ${payload.readUInt16BE()} instead of a message`);
      if (opcode !== OPCODES.text) continue;
      const value: unknown = JSON.parse(payload.toString("utf8"));
      if (!isCablePing(value)) return value;
    }
  }

  /** The code of the server's close frame; what comes before it is passed over. */
  async closeCode(): Promise<number> {
    for (;;) {
      const { opcode, payload } = await this.frame();
      if (opcode === OPCODES.close) return payload.readUInt16BE();
    }
  }

  /** Resolves when the server has ended the connection; what comes before is passed over. */
  async ended(limitMs = LIMIT_MS): Promise<void> {
    await this.#read("the end", () => (this.#isEnded ? true : undefined), limitMs);
  }

  async #read<T>(what: string, take: () => T | undefined, limitMs = LIMIT_MS): Promise<T> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#wake();
    }, limitMs);
    try {
      for (;;) {
        const taken = take();
        if (taken !== undefined) return taken;
        if (isLate) throw new Error(`no ${what} within ${limitMs} ms`);
        if (this.#isEnded) throw new Error(`the connection ended; expected ${what}`);
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #takeFrame(): ServerFrame | undefined {
    const bytes = this.#received;
    if (bytes.length < 2) return undefined;
    const short = bytes.readUInt8(1) & 0x7f;
    const headLength = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < headLength) return undefined;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < headLength + length) return undefined;
    this.#received = bytes.subarray(headLength + length);
    const reserved = (bytes.readUInt8(0) >> 4) & 0x07;
    return { opcode: bytes.readUInt8(0) & 0x0f, reserved, payload: bytes.subarray(headLength, headLength + length) };
  }
}

function isCablePing(value: unknown): boolean {
  return typeof value === "object" && value !== null && "type" in value && value.type === "ping";
}
