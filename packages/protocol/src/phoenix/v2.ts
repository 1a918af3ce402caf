import { ProtocolError } from "../errors.ts";
import { checkJsonSize, parseJson } from "../json.ts";
import type { BroadcastMessage, ClientMessage, Frame, ServerMessage, SkipMessage } from "../message.ts";
import { writeReport, writeStamp } from "../stream-position.ts";
import type { WireProtocol } from "../wire-protocol.ts";
import { BINARY_KINDS, binaryKindOf, FieldReader, writeBinaryFrame } from "./binary-frame.ts";
import { toClientMessage, withExtension } from "./client-message.ts";
import { farewellByTable, farewellForPhoenixClient } from "./farewell.ts";
import { SKIP_EVENT, toRefField, writeTextFrame } from "./phoenix-message.ts";
import { toPhoenixMessage, toStatus } from "./server-message.ts";
import { PHOENIX_TRAITS } from "./traits.ts";

/** How many elements a V2 frame has at least. */
const ELEMENT_COUNT = 5;

/** Phoenix V2: JSON arrays, and binary frames for bytes. */
export const phoenix2: WireProtocol = {
  name: "phoenix-2",
  traits: PHOENIX_TRAITS,
  decode: (frame) => toClientMessage(typeof frame === "string" ? parseElements(frame) : readPlainElements(frame)),
  encode: (message) => encodeWith(message, undefined),
  farewell: farewellForPhoenixClient,
};

/** V2 for Hutong's own client: close codes arrive as the table has them, and a sixth element carries positions. */
export const phoenix2Hutong: WireProtocol = {
  name: "phoenix-2+hutong.1",
  traits: { ...PHOENIX_TRAITS, positions: true },
  decode: decodeExtended,
  encode: encodeExtended,
  farewell: farewellByTable,
};

function decodeExtended(frame: Frame): ClientMessage {
  const elements = typeof frame === "string" ? parseElements(frame) : readElements(frame);
  return withExtension(toClientMessage(elements), elements[ELEMENT_COUNT]);
}

function parseElements(text: string): readonly unknown[] {
  const elements = parseJson(text);
  if (!Array.isArray(elements)) throw new ProtocolError("frame is not a JSON array");
  if (elements.length < ELEMENT_COUNT)
    throw new ProtocolError(`frame has ${elements.length} elements, expected ${ELEMENT_COUNT}`);
  checkJsonSize(elements, text);
  return elements;
}

// In plain V2 the first byte is the kind and nothing else.
function readPlainElements(bytes: Uint8Array): readonly unknown[] {
  if (bytes[0] !== BINARY_KINDS.push) throw unknownKind(bytes);
  return readElements(bytes);
}

function readElements(bytes: Uint8Array): readonly unknown[] {
  if (binaryKindOf(bytes) !== BINARY_KINDS.push) throw unknownKind(bytes);
  const fields = new FieldReader(bytes, 4);
  const [joinRef, ref, topic, event] = [fields.next(), fields.next(), fields.next(), fields.next()];
  return [joinRef, ref, topic, event, fields.payload, fields.nextExtension()];
}

function unknownKind(bytes: Uint8Array): ProtocolError {
  return new ProtocolError(`binary frame is of kind ${bytes[0]}, expected ${BINARY_KINDS.push}`);
}

function encodeExtended(message: ServerMessage): Frame | undefined {
  switch (message.kind) {
    case "broadcast":
      return encodeWith(message, message.stamp && writeStamp(message.stamp));
    case "joined": {
      // Without the report, the response goes out as the channel made it.
      const { recovery, ...joined } = message;
      return encodeWith(joined, recovery && writeReport(recovery));
    }
    case "skip":
      return encodeSkip(message);
    case "crashed":
    case "ended":
    case "heartbeat_reply":
    case "ping":
    case "push":
    case "refused":
    case "reply":
    case "welcome":
    default:
      return encodeWith(message, undefined);
  }
}

function encodeSkip({ key: topic, stamp }: SkipMessage): Frame {
  const extension = writeStamp(stamp);
  return writeTextFrame({ joinRef: null, ref: null, topic, event: SKIP_EVENT, payload: {}, extension });
}

function encodeWith(message: ServerMessage, extension: readonly unknown[] | undefined): Frame | undefined {
  if (message.kind === "broadcast" && message.json !== undefined)
    return writeAround(message, message.json.text, extension);
  const binaryFrame = encodeBinary(message, extension);
  if (binaryFrame !== undefined) return binaryFrame;
  const phoenixMessage = toPhoenixMessage(message);
  return phoenixMessage && writeTextFrame(phoenixMessage, extension);
}

/** The frame of a broadcast whose payload is text already: the same as {@link writeTextFrame} makes. */
function writeAround(
  { key, event }: BroadcastMessage,
  json: string,
  extension: readonly unknown[] | undefined,
): string {
  const last = extension === undefined ? "" : `,${JSON.stringify(extension)}`;
  return `[null,null,${JSON.stringify(key)},${JSON.stringify(event)},${json}${last}]`;
}

/** `undefined` when the message carries no bytes. */
function encodeBinary(message: ServerMessage, extension: readonly unknown[] | undefined): Uint8Array | undefined {
  switch (message.kind) {
    case "broadcast": {
      const { key, event, payload } = message;
      if (!(payload instanceof Uint8Array)) return undefined;
      return writeBinaryFrame({ kind: BINARY_KINDS.broadcast, fields: [key, event], payload, extension });
    }
    case "push": {
      const { key, joinRef, event, payload } = message;
      if (!(payload instanceof Uint8Array)) return undefined;
      return writeBinaryFrame({ kind: BINARY_KINDS.push, fields: [toRefField(joinRef), key, event], payload });
    }
    case "joined":
    case "refused":
    case "reply": {
      const { key, joinRef, ref, response: payload } = message;
      if (!(payload instanceof Uint8Array)) return undefined;
      const fields = [toRefField(joinRef), toRefField(ref), key, toStatus(message)];
      return writeBinaryFrame({ kind: BINARY_KINDS.reply, fields, payload, extension });
    }
    case "crashed":
    case "ended":
    case "heartbeat_reply":
    case "ping":
    case "skip":
    case "welcome":
    default:
      return undefined;
  }
}
