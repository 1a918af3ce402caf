import type { Telemetry, TelemetryEvent } from "./telemetry.ts";

/**
 * The telemetry of a server without a listener: writes to the console what went wrong in the application's own code, so
 * that it does not fail in silence. What is costly to report is not even measured for it.
 */
export const CONSOLE_TELEMETRY: Telemetry = (event) => {
  const failure = failureOf(event);
  if (failure === undefined) return;
  const cause = "cause" in event && event.cause !== undefined ? [event.cause] : [];
  // oxlint-disable-next-line eslint/no-console -- nobody else listens
  console.error("Hutong: %s", failure, ...cause); // the first text alone may hold directives such as %s
};

function failureOf(event: TelemetryEvent): string | undefined {
  switch (event.kind) {
    case "handler_failed":
      return `the handler, hook or timer ${quoted(event.event)} failed on the topic ${quoted(event.topic)}:`;
    case "join_failed":
      return `the join of the topic ${quoted(event.topic)} failed:`;
    case "broker_failed":
      return `the broker or the history failed on the topic ${quoted(event.topic)}:`;
    case "connection_refused":
      return event.why === "connect_failed" ? `the connect handler of ${quoted(event.path)} failed:` : undefined;
    case "message_refused":
      if (event.code !== "unknown_event") return undefined;
      return `no handler for the event ${quoted(event.event)} on the topic ${quoted(event.topic)}`;
    case "malformed_frame":
      return event.cause === undefined ? undefined : "the wire protocol failed to read a frame:";
    default:
      return undefined;
  }
}

/** Names come from clients: none may write a line or a colour of its own. */
function quoted(name: string): string {
  return JSON.stringify(name).replaceAll(/[\u007f-\u009f]/g, "?");
}
