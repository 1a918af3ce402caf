import type { Clock } from "../clock.ts";
import type { MailboxOptions } from "./bus.ts";
import { BusSession } from "./bus-session.ts";
import { BusError, type ClientName, isClientName } from "./message.ts";

/** What the bus needs of an accepted WebSocket; the `ws` package fulfils it. */
export interface AcceptedWebSocket {
  /** Sends one text frame. */
  send(frame: string): void;
  /** Ends the link politely. */
  close(code: number, reason: string): void;
  /** Drops the link. */
  terminate(): void;
  /** Sends a ping. */
  ping(): void;
  /** Calls the listener for every such event. */
  on(event: "message", listener: (data: { toString(): string }, isBinary: boolean) => void): unknown;
  /** Calls the listener for every such event. */
  on(event: "close" | "pong", listener: () => void): unknown;
  /** Calls the listener for every such event. */
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** Options of {@link WebSocketBus}. */
export interface WebSocketBusOptions {
  readonly clock: Clock;
  readonly mailbox?: MailboxOptions;
  /** Time between two pings, in milliseconds; a link that answers none of them within it ends. @defaultValue 25_000 */
  readonly heartbeatIntervalMs?: number;
}

/** Default of {@link WebSocketBusOptions}. */
export const DEFAULT_HEARTBEAT_INTERVAL_MS = 25_000;

/** Largest frame that a server of the bus accepts, in bytes: a picture in base64 fits. */
export const MAX_FRAME_BYTES = 32 * 1_048_576;

/** Close code for a frame that is not a message. */
const UNSUPPORTED_DATA = 1003;
/** Close code for a message that this part may not send. */
const POLICY_VIOLATION = 1008;

/**
 * Reads the name of a part from a subprotocol such as `APPSERVICE##` or `WEBVIEW_3##`.
 * Gives `undefined` for every other text, and for `HOST##`: the host is no WebSocket.
 */
export function clientNameOf(subprotocol: string): ClientName | undefined {
  const name = /^([A-Z]+(?:_\d+)?)##$/.exec(subprotocol)?.[1];
  return name !== undefined && isClientName(name) && name !== "HOST" ? name : undefined;
}

/**
 * The bus of a server: sessions by id, and the parts that reach them over WebSockets. Accepting sockets is the
 * host's work; it checks where they come from and negotiates the subprotocol.
 */
export class WebSocketBus {
  readonly #options: WebSocketBusOptions;
  readonly #sessions = new Map<string, BusSession>();
  readonly #webSockets = new Map<string, Set<AcceptedWebSocket>>();

  /** Makes a bus without sessions. */
  constructor(options: WebSocketBusOptions) {
    this.#options = options;
  }

  /** Opens a session. The id MUST be unguessable: who knows it may take part. */
  openSession(id: string): BusSession {
    const session = new BusSession(this.#options);
    this.#sessions.set(id, session);
    this.#webSockets.set(id, new Set());
    return session;
  }

  /** The session, `undefined` when there is none of that id. */
  session(id: string): BusSession | undefined {
    return this.#sessions.get(id);
  }

  /** Ends a session and the links of its parts. */
  closeSession(id: string): void {
    this.#sessions.delete(id);
    for (const webSocket of this.#webSockets.get(id) ?? []) webSocket.close(1000, "session ended");
    this.#webSockets.delete(id);
  }

  /** Takes an open WebSocket as the link of that part. Does nothing but close it when there is no such session. */
  accept(sessionId: string, name: ClientName, webSocket: AcceptedWebSocket): void {
    const session = this.#sessions.get(sessionId);
    const webSockets = this.#webSockets.get(sessionId);
    if (session === undefined || webSockets === undefined) {
      webSocket.close(POLICY_VIOLATION, "no such session");
      return;
    }
    webSockets.add(webSocket);
    const stopHeartbeat = this.#watch(webSocket);
    const detach = session.attach(name, { deliver: (frame) => webSocket.send(frame) });
    webSocket.on("message", (data, isBinary) =>
      receive(session, name, { webSocket, frame: data.toString(), isBinary }),
    );
    // Without a listener an error would end the process; the close follows it.
    webSocket.on("error", () => webSocket.terminate());
    webSocket.on("close", () => {
      stopHeartbeat();
      detach();
      webSockets.delete(webSocket);
    });
  }

  #watch(webSocket: AcceptedWebSocket): () => void {
    let isAlive = true;
    webSocket.on("pong", () => {
      isAlive = true;
    });
    return this.#options.clock.every(this.#options.heartbeatIntervalMs ?? DEFAULT_HEARTBEAT_INTERVAL_MS, () => {
      if (!isAlive) {
        webSocket.terminate();
        return;
      }
      isAlive = false;
      webSocket.ping();
    });
  }
}

interface ReceivedFrame {
  readonly webSocket: AcceptedWebSocket;
  readonly frame: string;
  readonly isBinary: boolean;
}

function receive(session: BusSession, name: ClientName, { webSocket, frame, isBinary }: ReceivedFrame): void {
  if (isBinary) {
    webSocket.close(UNSUPPORTED_DATA, "frames are text");
    return;
  }
  try {
    session.receive(name, frame);
  } catch (error) {
    if (!(error instanceof BusError)) throw error;
    webSocket.close(error.code === "wrong_sender" ? POLICY_VIOLATION : UNSUPPORTED_DATA, error.message.slice(0, 120));
  }
}
