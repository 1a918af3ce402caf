import { type CloseName, CLOSE_CODES } from "../close-code.ts";
import type { Farewell } from "../wire-protocol.ts";

interface Disconnect {
  readonly reason: string;
  readonly reconnect: boolean;
}

/** The words that Action Cable and AnyCable have of their own; other closes go by our name. */
const DISCONNECTS: Partial<Record<CloseName, Disconnect>> = {
  unauthenticated: { reason: "unauthorized", reconnect: false },
  forbidden: { reason: "unauthorized", reconnect: false },
  going_away: { reason: "remote", reconnect: true },
  kicked: { reason: "remote", reconnect: false },
  replaced: { reason: "remote", reconnect: false },
  drained: { reason: "server_restart", reconnect: true },
  slow_consumer: { reason: "too_slow", reconnect: true },
  heartbeat_timeout: { reason: "no_pong", reconnect: true },
  token_expired: { reason: "token_expired", reconnect: false },
};

/** Closes that keep their code: a WebSocket parser's own, a failure and a drain. All others are 1000, as in Rails. */
const KEPT: ReadonlySet<CloseName> = new Set([
  "protocol_error",
  "unsupported_data",
  "invalid_text",
  "policy_violation",
  "too_big",
  "internal",
  "drained",
]);

/** The `disconnect` frame, which decides whether the client comes back, and the close code, which clients ignore. */
export function farewellOfCable(close: CloseName): Farewell {
  const { reason, reconnect } = DISCONNECTS[close] ?? { reason: close, reconnect: CLOSE_CODES[close].reconnect };
  return {
    frame: JSON.stringify({ type: "disconnect", reason, reconnect }),
    code: CLOSE_CODES[KEPT.has(close) ? close : "normal"].code,
    reason: close,
  };
}
