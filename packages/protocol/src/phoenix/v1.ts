import { ProtocolError } from "../errors.ts";
import { checkJsonSize, isJsonObject, parseJson } from "../json.ts";
import type { ClientMessage, Frame, ServerMessage } from "../message.ts";
import { decodeUtf8 } from "../utf8.ts";
import type { WireProtocol } from "../wire-protocol.ts";
import { toClientMessage } from "./client-message.ts";
import { farewellForPhoenixClient } from "./farewell.ts";
import { toPhoenixMessage } from "./server-message.ts";
import { PHOENIX_TRAITS } from "./traits.ts";

const REQUIRED_KEYS = ["topic", "event", "payload", "ref"] as const;

/** Phoenix V1: JSON objects, no `join_ref` to the client, no bytes. */
export const phoenix1: WireProtocol = {
  name: "phoenix-1",
  traits: PHOENIX_TRAITS,
  decode,
  encode,
  farewell: farewellForPhoenixClient,
};

function decode(frame: Frame): ClientMessage {
  const text = typeof frame === "string" ? frame : decodeUtf8(frame);
  if (text === undefined) throw new ProtocolError("frame is not UTF-8", "invalid_text");
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new ProtocolError("frame is not a JSON object");
  for (const key of REQUIRED_KEYS) {
    if (!Object.hasOwn(value, key)) throw new ProtocolError(`frame has no "${key}"`);
  }
  const { join_ref: joinRef = null, ref, topic, event, payload } = value;
  checkJsonSize([event, payload], text);
  return toClientMessage([joinRef, ref, topic, event, payload]);
}

function encode(message: ServerMessage): Frame | undefined {
  if (carriesBytes(message)) return undefined;
  const phoenixMessage = toPhoenixMessage(message);
  if (phoenixMessage === undefined) return undefined;
  const { topic, event, payload, ref } = phoenixMessage;
  return JSON.stringify({ topic, event, payload, ref });
}

function carriesBytes(message: ServerMessage): boolean {
  return (
    ("payload" in message && message.payload instanceof Uint8Array) ||
    ("response" in message && message.response instanceof Uint8Array)
  );
}
