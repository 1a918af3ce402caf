/** Where a socket's link is in its life. */
export type SocketState =
  /** `connect` was not called yet. */
  | { readonly kind: "idle" }
  /** `attempt` counts from 1 and starts anew when a link has lasted for 5 seconds, or the network or the page came back. */
  | { readonly kind: "connecting"; readonly attempt: number }
  /** `transport` is `"websocket"`, `"longpoll"`, or the name of a transport of the application. */
  | { readonly kind: "open"; readonly transport: string }
  /** The link is down; attempt number `attempt` starts at `retryAtMs`, milliseconds since 1970. */
  | { readonly kind: "waiting"; readonly attempt: number; readonly retryAtMs: number; readonly reason: string }
  /** As `waiting`, and the runtime says that there is no network; the attempt starts at once when it is back. */
  | { readonly kind: "offline"; readonly attempt: number; readonly retryAtMs: number; readonly reason: string }
  /** `close` was called, and the transport is not gone yet. */
  | { readonly kind: "closing" }
  /** Over for good. `code` is a WebSocket close code, 1000 when `close` was called. */
  | { readonly kind: "closed"; readonly code: number; readonly reason: string };

/** The ways from one state of a link to the next. */
export const SOCKET_TRANSITIONS = {
  idle: ["connecting", "closed"],
  connecting: ["open", "waiting", "offline", "closed"],
  open: ["waiting", "offline", "closing", "closed"],
  waiting: ["connecting", "offline", "closed"],
  offline: ["connecting", "closed"],
  closing: ["closed"],
  closed: [],
} as const satisfies Record<SocketState["kind"], readonly SocketState["kind"][]>;
