import type { Trouble } from "@hutong/chat-api";
import type { TelemetryEvent } from "@hutong/server";

/** What a trouble is about, without its number and time. */
export type TroubleDetail = Omit<Trouble, "id" | "atMs">;

/** What a person should see of an event; `undefined` for what is in order. */
export function troubleOf(event: TelemetryEvent): TroubleDetail | undefined {
  const { kind } = event;
  const connectionId = "connectionId" in event ? event.connectionId : null;
  const refused = (place: string, reason: string): TroubleDetail => ({
    kind,
    weight: "refused",
    place,
    reason,
    connectionId,
  });
  const failed = (place: string, reason: string): TroubleDetail => ({ ...refused(place, reason), weight: "failed" });
  switch (event.kind) {
    case "connection_refused":
      return event.why === "connect_failed" ? failed(event.path, event.why) : refused(event.path, event.why);
    case "connection_closed":
      return isOrdinary(event) ? undefined : failed("", event.close ?? "");
    case "join_refused":
      return refused(event.topic, event.reason);
    case "message_refused":
      return refused(`${event.topic} ${event.event}`, event.code);
    case "join_failed":
      return failed(event.topic, messageOf(event.cause));
    case "handler_failed":
      return failed(`${event.topic} ${event.event}`, messageOf(event.cause));
    case "broker_failed":
      return failed(event.topic, messageOf(event.cause));
    case "malformed_frame":
      return failed("", event.message);
    case "live_frames_dropped":
    case "connection_lagging":
      return failed("", `${event.count} frames`);
    default:
      return undefined;
  }
}

/** Clients come and go, and links break: only what the server ended for a reason is a trouble. */
function isOrdinary({ close }: Extract<TelemetryEvent, { kind: "connection_closed" }>): boolean {
  return close === undefined || close === "normal" || close === "going_away" || close === "drained";
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.slice(0, 200) : "a value that is no error was thrown";
}
