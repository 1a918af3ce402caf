import type { TracedFrame } from "@hutong/chat-api";
import { decodeServerFrame, type Frame, HUTONG_VSN, phoenix, type WireProtocol } from "@hutong/protocol";
import { mask } from "./mask.ts";

/** Payload text that is shown of one frame, in characters. */
const MAX_PAYLOAD_LENGTH = 2_000;

/** What a frame says, for a person. */
export type FrameReading = Pick<TracedFrame, "kind" | "topic" | "event" | "payload">;

const PHOENIX_KINDS: ReadonlyMap<string, string> = new Map([
  ["phx_join", "join"],
  ["phx_leave", "leave"],
  ["phx_reply", "reply"],
  ["phx_close", "ended"],
  ["phx_error", "crashed"],
  ["heartbeat", "heartbeat"],
  ["hutong_skip", "skip"],
]);

const CABLE_KINDS: ReadonlyMap<string, string> = new Map([
  ["subscribe", "join"],
  ["unsubscribe", "leave"],
  ["confirm_subscription", "joined"],
  ["reject_subscription", "refused"],
]);

/** The protocols whose clients send binary frames. */
const BINARY_PROTOCOLS: ReadonlyMap<string, WireProtocol> = new Map(
  [HUTONG_VSN, "2.0.0"].flatMap((vsn) => {
    const negotiation = phoenix.negotiate({ vsn, subprotocols: [] });
    return negotiation.kind === "agreed" ? [[negotiation.wireProtocol.name, negotiation.wireProtocol]] : [];
  }),
);

/** Reads a frame of either grammar in either direction. Text that is no JSON is not shown: nothing in it could be masked. */
export function readFrame(frame: Frame, direction: "in" | "out", wireProtocol: string): FrameReading {
  try {
    if (typeof frame === "string") return readText(frame);
    return direction === "out" ? readServerBytes(frame) : readClientBytes(frame, wireProtocol);
  } catch {
    return { kind: "unreadable", topic: "", event: "", payload: "" }; // parsers throw for what is outside the grammar
  }
}

function readText(text: string): FrameReading {
  const value: unknown = JSON.parse(text);
  if (Array.isArray(value)) return readPhoenix(value[2], value[3], value[4]);
  if (typeof value !== "object" || value === null) throw new TypeError("the frame is no object");
  const fields = new Map<string, unknown>(Object.entries(value));
  if (fields.has("topic")) return readPhoenix(fields.get("topic"), fields.get("event"), fields.get("payload"));
  return readCable(fields);
}

function readPhoenix(topic: unknown, event: unknown, payload: unknown): FrameReading {
  const name = String(event);
  const kind = PHOENIX_KINDS.get(name) ?? "push";
  const lane = topic === "phoenix" ? "" : String(topic);
  const status = typeof payload === "object" && payload !== null && "status" in payload ? payload.status : undefined;
  return { kind, topic: lane, event: kind === "reply" ? String(status) : name, payload: show(payload) };
}

function readCable(fields: ReadonlyMap<string, unknown>): FrameReading {
  const word = textOf(fields.get("command") ?? fields.get("type")) ?? "push";
  const kind = word === "message" ? "push" : (CABLE_KINDS.get(word) ?? word);
  const topic = String(mask(textOf(fields.get("identifier")) ?? ""));
  const rest = fields.get("data") ?? fields.get("message") ?? fields.get("reason");
  const data: unknown = typeof rest === "string" && /^\s*\{/.test(rest) ? JSON.parse(rest) : rest;
  const action = typeof data === "object" && data !== null && "action" in data ? data.action : undefined;
  return { kind, topic, event: textOf(action) ?? "", payload: show(data) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function readServerBytes(frame: Uint8Array): FrameReading {
  const { topic, event, payload } = decodeServerFrame(frame);
  return readPhoenix(topic, event, payload);
}

function readClientBytes(frame: Uint8Array, wireProtocol: string): FrameReading {
  const message = BINARY_PROTOCOLS.get(wireProtocol)?.decode(frame);
  if (message?.kind !== "push") throw new TypeError("only pushes are binary");
  return readPhoenix(message.key, message.event, message.payload);
}

function show(payload: unknown): string {
  const text = payload === undefined ? "" : (JSON.stringify(mask(withoutBytes(payload))) ?? "");
  return text.length > MAX_PAYLOAD_LENGTH ? `${text.slice(0, MAX_PAYLOAD_LENGTH)}…` : text;
}

function withoutBytes(payload: unknown): unknown {
  if (payload instanceof Uint8Array) return `[${payload.length} bytes]`;
  if (typeof payload !== "object" || payload === null || !("response" in payload)) return payload;
  return payload.response instanceof Uint8Array ? { ...payload, response: withoutBytes(payload.response) } : payload;
}
