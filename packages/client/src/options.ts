import type { Clock } from "./clock.ts";
import type { OutboxFactory } from "./outbox/durable-outbox.ts";
import type { ReconnectOptions } from "./reconnect.ts";
import type { FetchLike } from "./transports/long-poll.ts";
import type { TransportFactory } from "./transports/transport.ts";
import type { WebSocketConstructor } from "./transports/web-socket.ts";

/** How a socket connects, waits and gives up. */
export interface SocketOptions {
  /** Proves who the client is. A function is asked again before each attempt to connect; when it fails, the attempt has failed. */
  readonly token?: string | (() => string | Promise<string>);
  /** Query parameters of the connection. A function is asked again before each attempt to connect. */
  readonly params?:
    | Readonly<Record<string, string>>
    | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);
  /**
   * Tried in this order until one opens; that one is kept for the life of the socket.
   * One whose constructor or function is missing here is left out.
   *
   * @defaultValue `["websocket", "longpoll"]`
   */
  readonly transports?: readonly ("websocket" | "longpoll" | TransportFactory)[];
  /** @defaultValue the global one. Node 20 has none: pass that of the package `ws`, or live with long polling. */
  readonly webSocket?: WebSocketConstructor;
  /** @defaultValue the global one. */
  readonly fetch?: FetchLike;
  /** @defaultValue the clock of the runtime. */
  readonly clock?: Clock;
  /** Gives numbers from 0 up to 1, for waits that differ from client to client. @defaultValue `Math.random` */
  readonly random?: () => number;
  /** Between two heartbeats, in milliseconds. @defaultValue 30_000 */
  readonly heartbeatIntervalMs?: number;
  /** How long a heartbeat may stay unanswered before the link counts as dead, in milliseconds. @defaultValue 10_000 */
  readonly heartbeatTimeoutMs?: number;
  /** How long connecting, a join, a push and a leave may take, in milliseconds. @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** How many pushes of one channel wait for its join, and how many durable ones are in the outbox. @defaultValue 1_000 */
  readonly maxOutboxPushes?: number;
  /** Holds durable pushes; made by `durableOutbox`. @defaultValue none: a durable push throws */
  readonly outbox?: OutboxFactory;
  /** How long to wait between attempts to connect. */
  readonly reconnect?: ReconnectOptions;
  /** How long a transport may take to open before the next one is tried, in milliseconds. @defaultValue 2_500 */
  readonly longPollFallbackMs?: number;
}

/** The defaults of {@link SocketOptions} that are numbers. */
export const DEFAULT_SOCKET_OPTIONS = {
  heartbeatIntervalMs: 30_000,
  heartbeatTimeoutMs: 10_000,
  timeoutMs: 10_000,
  maxOutboxPushes: 1_000,
  longPollFallbackMs: 2_500,
} as const;
