import type { Telemetry, TelemetryEvent } from "@hutong/server";
import type { CloseName } from "@hutong/protocol";
import type { LineLevel, Log } from "./log.ts";

/** Closes that belong to the ordinary course of things. */
const ORDINARY_CLOSES: ReadonlySet<CloseName> = new Set([
  "normal",
  "going_away",
  "drained",
  "replaced",
  "token_expired",
]);

/** Logs what the server reports, one line per event. Lines hold no payload, no parameter and no token. */
export function logTelemetry(log: Log): Telemetry {
  return (event) => {
    const level = levelOf(event);
    if (!log.isLevelEnabled(level)) return;
    const { kind, ...fields } = event;
    if (!("cause" in fields)) return log[level](fields, kind);
    const { cause, ...rest } = fields;
    log[level]({ ...rest, ...describe(cause) }, kind);
  };
}

/** Logs what failed inside the chat, by the place where it happened. */
export function logFailures(log: Log): (place: string, error: unknown) => void {
  return (place, error) => log.error({ place, ...describe(error) }, "failed");
}

function levelOf(event: TelemetryEvent): LineLevel {
  switch (event.kind) {
    case "handler_failed":
    case "join_failed":
    case "broker_failed":
      return "error";
    case "connection_refused":
      return event.why === "connect_failed" ? "error" : "warn";
    case "connection_closed":
      return event.close === undefined || ORDINARY_CLOSES.has(event.close) ? "debug" : "warn";
    case "malformed_frame":
    case "connection_lagging":
    case "live_frames_dropped":
      return "warn";
    case "join_refused":
    case "compression_declined":
    case "drain_started":
    case "drain_finished":
      return "info";
    case "message_refused":
    case "connection_opened":
    case "channel_joined":
    case "channel_ended":
    case "message_handled":
    case "broadcast_dispatched":
      return "debug";
    default:
      return event satisfies never;
  }
}

/** An error's stack; other fields of an error, and values that are no errors, may hold anything and stay out. */
function describe(cause: unknown): { readonly error?: string; readonly stack?: string } {
  if (cause === undefined) return {};
  if (!(cause instanceof Error)) return { error: "a value that is no error was thrown" };
  const causes = cause.cause instanceof Error ? `\ncaused by ${stackOf(cause.cause)}` : "";
  return { error: cause.message, stack: `${stackOf(cause)}${causes}` };
}

function stackOf(error: Error): string {
  return error.stack ?? `${error.name}: ${error.message}`;
}
