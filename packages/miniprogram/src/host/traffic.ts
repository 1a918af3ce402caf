import type { BusSession } from "../bus/bus-session.ts";
import type { BusMessage } from "../bus/message.ts";

/** One message of the bus, as the phone's panel lists it. */
export interface TrafficLine {
  /** Who sent it. */
  readonly from: string;
  /** Who gets it. */
  readonly to: string;
  /** Command of the message. */
  readonly command: string;
  /** API or event, empty for others. */
  readonly name: string;
  /** In characters. */
  readonly length: number;
  /** The first part of the message, as JSON. */
  readonly text: string;
}

const MAX_TEXT_LENGTH = 600;

/** Reports messages to the panel; those of the phone itself are left out, or each report would be one. */
export function reportTraffic(session: BusSession, report: (line: TrafficLine) => void): () => void {
  return session.observe(({ from, to, message, length }) => {
    if (from === "CONTROL" || to.includes("CONTROL")) return;
    report({
      from,
      to: to.join(" "),
      command: message.command,
      name: nameOf(message),
      length,
      text: JSON.stringify(message.data).slice(0, MAX_TEXT_LENGTH),
    });
  });
}

function nameOf({ data }: BusMessage): string {
  if (typeof data !== "object" || data === null) return "";
  if ("api" in data && typeof data.api === "string") return data.api;
  return "eventName" in data && typeof data.eventName === "string" ? data.eventName : "";
}
