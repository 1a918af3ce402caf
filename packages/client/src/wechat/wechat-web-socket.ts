/**
 * A WebSocket as the standard has it, over WeChat's `SocketTask`, for clients that were
 * written for browsers: the stock ones of Phoenix and Action Cable.
 */
import { type Clock, systemClock } from "../clock.ts";
import type { TransportClose } from "../transports/transport.ts";
import { AppLife } from "./app-life.ts";
import { GuardedSocketTask } from "./guarded-socket-task.ts";
import { resolveWx, type Wx } from "./wx.ts";

/** What a {@link WechatWebSocket} may be given besides what the standard knows. */
export interface WechatWebSocketOptions {
  /** Header names and values of the upgrade request, which no browser's WebSocket can send. @defaultValue none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Time that opening may take, in milliseconds. @defaultValue 60_000 */
  readonly timeoutMs?: number;
  /** @defaultValue the clock of the runtime. */
  readonly clock?: Clock;
  /** @defaultValue WeChat's own. */
  readonly wx?: Wx;
}

/** An event of a {@link WechatWebSocket}. */
export interface WechatWebSocketEvent {
  /** Its name. */
  readonly type: "open" | "message" | "error" | "close";
  /** The WebSocket that it is of. */
  readonly target: WechatWebSocket;
  /** Of `message`: text, or an `ArrayBuffer`. */
  readonly data?: unknown;
  /** Of `close`. */
  readonly code?: number;
  /** Of `close`. */
  readonly reason?: string;
  /** Of `close`: whether either end asked for it. */
  readonly wasClean?: boolean;
  /** Of `error`: what WeChat said. */
  readonly message?: string;
}

/** Hears of events. */
export type WechatWebSocketListener = (event: WechatWebSocketEvent) => void;

const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3];
const LINK_FAILED = 1006;

/**
 * A WebSocket of a mini-program. After a freeze it is closed with 1006, so that its client connects anew: WeChat's own 1000 would
 * tell a stock client to stay away.
 *
 * @example
 * ```ts
 * const socket = new Socket("wss://example.com/socket", { transport: WechatWebSocket });
 * ```
 */
export class WechatWebSocket {
  static readonly CONNECTING = CONNECTING;
  static readonly OPEN = OPEN;
  static readonly CLOSING = CLOSING;
  static readonly CLOSED = CLOSED;
  readonly CONNECTING = CONNECTING;
  readonly OPEN = OPEN;
  readonly CLOSING = CLOSING;
  readonly CLOSED = CLOSED;
  /** Always taken for `"arraybuffer"`, whatever it is set to: a mini-program has no `Blob`. */
  binaryType = "arraybuffer";
  /** Always 0: WeChat does not tell. */
  readonly bufferedAmount = 0;
  /** Always empty: WeChat does not tell. */
  readonly extensions = "";
  readonly url: string;
  /** Called first of all listeners. */
  onopen: WechatWebSocketListener | null = null;
  /** Called first of all listeners. */
  onmessage: WechatWebSocketListener | null = null;
  /** Called first of all listeners. */
  onerror: WechatWebSocketListener | null = null;
  /** Called first of all listeners. */
  onclose: WechatWebSocketListener | null = null;
  readonly #clock: Clock;
  readonly #task: GuardedSocketTask;
  readonly #offered: readonly string[];
  readonly #listeners = new Map<string, Set<WechatWebSocketListener>>();
  #readyState: number = CONNECTING;
  #protocol = "";
  #hasOpened = false;

  /** @throws {SyntaxError} when the address is not absolute with `wss:` or `ws:`. */
  constructor(url: string, protocols: string | readonly string[] = [], options: WechatWebSocketOptions = {}) {
    if (!/^wss?:\/\//i.test(url)) throw new SyntaxError(`address is "${url}"; a mini-program needs wss:// or ws://`);
    const { headers = {}, timeoutMs = 60_000, clock = systemClock } = options;
    const wx = resolveWx(options.wx);
    this.url = url;
    this.#clock = clock;
    this.#offered = typeof protocols === "string" ? [protocols] : protocols;
    this.#task = new GuardedSocketTask(
      { wx, clock, app: new AppLife(wx, clock), url, headers, timeoutMs, subprotocols: this.#offered },
      {
        opened: (header) => this.#opened(header),
        received: (data) => this.#dispatch({ type: "message", data }),
        closed: (close) => this.#closed(close),
      },
    );
  }

  /** One of the four constants. */
  get readyState(): number {
    return this.#readyState;
  }

  /** The subprotocol that the server chose; empty before `open`. */
  get protocol(): string {
    return this.#protocol;
  }

  /** Sends text or bytes; of a view exactly its bytes. Does nothing when closed. @throws {Error} before `open`. */
  send(data: string | ArrayBuffer | ArrayBufferView): void {
    if (this.#readyState === CONNECTING) throw invalidState("the WebSocket is not open yet");
    if (this.#readyState !== OPEN) return;
    if (typeof data === "string" || !ArrayBuffer.isView(data)) return this.#task.send(data);
    this.#task.send(new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice().buffer);
  }

  /** Starts to close; before `open` the link is given up and `close` tells 1006. @throws {Error} when the code is not 1000 or 3000–4999. */
  close(code = 1000, reason = ""): void {
    if (code !== 1000 && (code < 3000 || code > 4999))
      throw invalidState(`close code is ${code}; use 1000 or 3000–4999`);
    if (this.#readyState > OPEN) return;
    this.#readyState = CLOSING;
    // The standard tells of the end after this call, never during it.
    this.#clock.soon(() => this.#task.close(code, reason));
  }

  /** Adds a listener; one that is there already is not called twice. */
  addEventListener(type: WechatWebSocketEvent["type"], listener: WechatWebSocketListener): void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
  }

  /** Removes a listener. */
  removeEventListener(type: WechatWebSocketEvent["type"], listener: WechatWebSocketListener): void {
    this.#listeners.get(type)?.delete(listener);
  }

  #opened(header: Readonly<Record<string, unknown>>): void {
    // It is about to be closed.
    if (this.#readyState !== CONNECTING) return;
    const [, chosen] = Object.entries(header).find(([name]) => name.toLowerCase() === "sec-websocket-protocol") ?? [];
    // Older versions of WeChat show no headers; then the server has chosen what was offered as the best.
    this.#protocol = typeof chosen === "string" ? chosen : (this.#offered[0] ?? "");
    this.#readyState = OPEN;
    this.#hasOpened = true;
    this.#dispatch({ type: "open" });
  }

  #closed({ code, reason, error }: TransportClose): void {
    this.#readyState = CLOSED;
    if (error instanceof Error) this.#dispatch({ type: "error", message: error.message });
    // There is no clean end of what never was.
    const told = this.#hasOpened ? code : LINK_FAILED;
    this.#dispatch({ type: "close", code: told, reason, wasClean: told !== LINK_FAILED });
  }

  #dispatch(given: Omit<WechatWebSocketEvent, "target">): void {
    const event: WechatWebSocketEvent = { ...given, target: this };
    for (const listener of [this[`on${event.type}`], ...(this.#listeners.get(event.type) ?? [])]) {
      try {
        listener?.call(this, event);
      } catch (error) {
        // A bug in one listener reaches the runtime's own report and does not stop the others.
        this.#clock.after(0, () => {
          throw error;
        });
      }
    }
  }
}

function invalidState(message: string): Error {
  return Object.assign(new Error(message), { name: "InvalidStateError" });
}
