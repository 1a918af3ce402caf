// The client's side of V2. It is part of every browser bundle and mini-program,
// so it imports nothing of the server's side.

import { ProtocolError } from "../errors.ts";
import { parseJson } from "../json.ts";
import type { Frame } from "../message.ts";
import { BINARY_KINDS, binaryKindOf, FieldReader, writeBinaryFrame } from "./binary-frame.ts";
import { orEmpty, parseRef, parseTopic, type PhoenixMessage, toRefField, writeTextFrame } from "./phoenix-message.ts";

/**
 * Builds the frame of a client's message: binary if and only if the payload is a
 * `Uint8Array` or an `ArrayBuffer`. In a binary frame a numeric ref becomes text
 * and `null` becomes the empty string. A payload of `undefined` goes out as `{}`.
 * Other Phoenix servers ignore the extension of a text frame, but cannot read a
 * binary frame that has one.
 *
 * @throws {ProtocolError} when a field of a binary frame, or its extension, takes more than 255 bytes.
 */
export function encodeClientFrame(message: PhoenixMessage): Frame {
  const { joinRef, ref, topic, event, extension } = message;
  const payload = message.payload instanceof ArrayBuffer ? new Uint8Array(message.payload) : orEmpty(message.payload);
  if (!(payload instanceof Uint8Array)) return writeTextFrame({ joinRef, ref, topic, event, payload, extension });
  const fields = [toRefField(joinRef), toRefField(ref), topic, event];
  return writeBinaryFrame({ kind: BINARY_KINDS.push, fields, payload, extension });
}

/**
 * Reads a server's frame. A binary reply has the shape of a text one: event
 * `phx_reply`, payload `{ status, response }` with a `Uint8Array` as response. An
 * empty ref of a binary frame is `null`. Sizes are not limited here: the client
 * trusts the server that it chose.
 *
 * @throws {ProtocolError} when the frame is not one of V2.
 */
export function decodeServerFrame(frame: Frame | ArrayBuffer): PhoenixMessage {
  if (typeof frame === "string") return decodeText(frame);
  // Not asked the other way round: a mini-program's host may pass an ArrayBuffer
  // of another realm, which is no instance of this one's.
  return decodeBinary(frame instanceof Uint8Array ? frame : new Uint8Array(frame));
}

function decodeText(text: string): PhoenixMessage {
  const elements = parseJson(text);
  if (!Array.isArray(elements) || elements.length < 5) throw new ProtocolError("frame is not a JSON array of five");
  const event: unknown = elements[3];
  if (typeof event !== "string") throw new ProtocolError(`event is not a string (${typeof event})`);
  return {
    joinRef: parseRef(elements[0]),
    ref: parseRef(elements[1]),
    topic: parseTopic(elements[2]),
    event,
    payload: elements[4],
    ...toExtension(elements[5]),
  };
}

/** As properties to spread, so that a message without an extension has no such key. */
function toExtension(extension: unknown): Pick<PhoenixMessage, "extension"> {
  return extension === undefined ? {} : { extension };
}

function decodeBinary(bytes: Uint8Array): PhoenixMessage {
  switch (binaryKindOf(bytes)) {
    case BINARY_KINDS.push: {
      const fields = new FieldReader(bytes, 3);
      return {
        joinRef: fields.next() || null,
        ref: null,
        topic: fields.next(),
        event: fields.next(),
        payload: fields.payload,
        ...toExtension(fields.nextExtension()),
      };
    }
    case BINARY_KINDS.reply: {
      const fields = new FieldReader(bytes, 4);
      const [joinRef, ref] = [fields.next() || null, fields.next() || null];
      const topic = fields.next();
      const payload = { status: fields.next(), response: fields.payload };
      return { joinRef, ref, topic, event: "phx_reply", payload, ...toExtension(fields.nextExtension()) };
    }
    case BINARY_KINDS.broadcast: {
      const fields = new FieldReader(bytes, 2);
      return {
        joinRef: null,
        ref: null,
        topic: fields.next(),
        event: fields.next(),
        payload: fields.payload,
        ...toExtension(fields.nextExtension()),
      };
    }
    default:
      throw new ProtocolError(`binary frame is of unknown kind ${bytes[0]}`);
  }
}
