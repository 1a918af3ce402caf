/** One row of {@link CLOSE_CODES}. */
export interface CloseCode {
  /** WebSocket close code (RFC 6455, section 7.4). */
  readonly code: number;
  /** Whether a client comes back by itself. */
  readonly reconnect: boolean;
  /** When it is sent. */
  readonly summary: string;
}

/**
 * Every reason for which Hutong closes a connection. Names and numbers are API:
 * never renamed, never reused. 4000–4499 are temporary and 4500–4999 terminal, so
 * that a client decides by range and new codes need no client release.
 */
export const CLOSE_CODES = {
  normal: { code: 1000, reconnect: false, summary: "Either side called close." },
  going_away: { code: 1001, reconnect: true, summary: "The connection was asked to go and may come back at once." },
  protocol_error: { code: 1002, reconnect: false, summary: "A frame does not follow the grammar." },
  unsupported_data: { code: 1003, reconnect: false, summary: "A frame has a type that the grammar does not know." },
  invalid_text: { code: 1007, reconnect: false, summary: "A text frame is not valid UTF-8." },
  policy_violation: {
    code: 1008,
    reconnect: false,
    summary: "The client keeps breaking a rule, such as the control-frame rate.",
  },
  too_big: { code: 1009, reconnect: false, summary: "A frame is larger than the limit." },
  internal: { code: 1011, reconnect: true, summary: "The server failed on this connection; its log has the cause." },
  drained: { code: 1012, reconnect: true, summary: "The server is shutting down; another one takes over." },
  overloaded: { code: 1013, reconnect: true, summary: "The server admits no more connections for now." },
  heartbeat_timeout: {
    code: 4000,
    reconnect: true,
    summary: "Nothing was heard from the client for the idle timeout.",
  },
  slow_consumer: {
    code: 4001,
    reconnect: true,
    summary: "The client reads more slowly than the server may queue for it.",
  },
  token_expired: { code: 4002, reconnect: true, summary: "The token ran out; fetch a new one and come back." },
  rate_limited: { code: 4429, reconnect: true, summary: "The client sends faster than allowed." },
  unauthenticated: { code: 4500, reconnect: false, summary: "The connect handler refused the client." },
  forbidden: { code: 4501, reconnect: false, summary: "The client may not use this server any more." },
  replaced: { code: 4502, reconnect: false, summary: "A newer connection took this one's place." },
  kicked: { code: 4503, reconnect: false, summary: "The application disconnected the client for good." },
} as const satisfies Record<string, CloseCode>;

/** The name of a row of {@link CLOSE_CODES}. */
export type CloseName = keyof typeof CLOSE_CODES;

const TERMINAL_BELOW_4000: ReadonlySet<number> = new Set(
  Object.values(CLOSE_CODES)
    .filter(({ code, reconnect }) => code < 4000 && !reconnect)
    .map(({ code }) => code),
);

/**
 * Tells whether a client should come back after a close that it did not ask for.
 * Unknown codes below 4500 say yes: a link that just broke reports 1005 or 1006.
 */
export function reconnectsAfter(code: number): boolean {
  return code < 4500 && !TERMINAL_BELOW_4000.has(code);
}
