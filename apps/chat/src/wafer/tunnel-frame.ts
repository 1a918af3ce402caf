// The frames of wafer's tunnel: `type` or `type:content`, split at the first colon.
// Only the content of `message` has a grammar of its own.
import { z } from "zod";
import { readJson } from "./read-json.ts";

/** A frame of a tunnel. Clients send `ping`, `message` and `close`; the server sends all but `ping`. */
export type TunnelFrame =
  | { readonly kind: "ping" }
  | { readonly kind: "pong" }
  /** Ends the tunnel; nothing follows. */
  | { readonly kind: "close" }
  /** Time between two pings and time for a pong; makes the client ping at once. */
  | { readonly kind: "timeout"; readonly seconds: number }
  /** An event of the application. The client shows `connect`, `close`, `reconnecting`, `reconnect` and `error` as `@connect` and so on. */
  | { readonly kind: "message"; readonly event: string; readonly content: unknown };

/** What a frame turned out to be. */
export type TunnelFrameReading =
  | TunnelFrame
  /** A type that this version does not know, to be ignored as wafer does. */
  | { readonly kind: "unknown"; readonly type: string }
  /** Breaks the grammar or a limit. */
  | { readonly kind: "malformed"; readonly code: "too_long" | "invalid_json" | "invalid_message" | "invalid_timeout" };

/** Longest frame, in characters. */
export const MAX_TUNNEL_FRAME_LENGTH = 65_536;
/** Longest name of an event, in characters. */
export const MAX_EVENT_LENGTH = 100;
/** How much of an unknown type is told, in characters. */
const MAX_TYPE_LENGTH = 20;
/** Longest time of a `timeout`, in seconds. */
const MAX_TIMEOUT_SECONDS = 3_600;

const MESSAGE = z.object({ type: z.string().min(1).max(MAX_EVENT_LENGTH), content: z.unknown().optional() });

/** Writes a frame. A `message` without content has none on the wire either. */
export function encodeTunnelFrame(frame: TunnelFrame): string {
  switch (frame.kind) {
    case "ping":
    case "pong":
    case "close":
      return frame.kind;
    case "timeout":
      return `timeout:${frame.seconds}`;
    case "message":
      return `message:${JSON.stringify({ type: frame.event, content: frame.content })}`;
    default:
      return frame satisfies never;
  }
}

/** Reads a frame; never throws. */
export function decodeTunnelFrame(frame: string): TunnelFrameReading {
  if (frame.length > MAX_TUNNEL_FRAME_LENGTH) return { kind: "malformed", code: "too_long" };
  const colon = frame.indexOf(":");
  const type = colon === -1 ? frame : frame.slice(0, colon);
  const content = colon === -1 ? "" : frame.slice(colon + 1);
  switch (type) {
    case "ping":
    case "pong":
    case "close":
      return { kind: type };
    case "timeout":
      return decodeTimeout(content);
    case "message":
      return decodeMessage(content);
    default:
      return { kind: "unknown", type: type.slice(0, MAX_TYPE_LENGTH) };
  }
}

function decodeTimeout(content: string): TunnelFrameReading {
  const seconds = /^\d{1,4}$/.test(content) ? Number(content) : 0;
  if (seconds < 1 || seconds > MAX_TIMEOUT_SECONDS) return { kind: "malformed", code: "invalid_timeout" };
  return { kind: "timeout", seconds };
}

function decodeMessage(content: string): TunnelFrameReading {
  const reading = readJson(content);
  if (reading.kind === "invalid") return { kind: "malformed", code: "invalid_json" };
  const message = MESSAGE.safeParse(reading.value);
  if (!message.success) return { kind: "malformed", code: "invalid_message" };
  return { kind: "message", event: message.data.type, content: message.data.content };
}
