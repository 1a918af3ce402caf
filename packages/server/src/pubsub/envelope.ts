import { JsonText, ProtocolError, readStamp, type StreamStamp, writeStamp } from "@hutong/protocol";
import type { Envelope } from "./broker.ts";

/** An event for everyone who is subscribed to a topic. */
export interface Broadcast {
  /** Who hears it. */
  readonly topic: string;
  /** What it is called. */
  readonly event: string;
  /** A JSON value, or bytes. Subscribers of a node share it: it must not be changed after the call. */
  readonly payload: unknown;
  /** The payload as text, where other topics get it too. */
  readonly json?: JsonText | undefined;
  /** Its place in the topic's history; `undefined` for what is not kept. */
  readonly stamp?: StreamStamp;
}

// The envelope is the event's name and the stamp as JSON, a line feed, and the payload: JSON
// after "j", raw bytes after "b". JSON text never contains a bare line feed.
const LINE_FEED = 0x0a;
const JSON_MARK = 0x6a;
const BYTES_MARK = 0x62;

/** The envelope of a broadcast; it is encoded when a broker first reads the bytes. */
export class BroadcastEnvelope implements Envelope {
  readonly #broadcast: Broadcast;
  #bytes: Uint8Array | undefined;

  constructor(broadcast: Broadcast) {
    this.#broadcast = broadcast;
  }

  get bytes(): Uint8Array {
    return (this.#bytes ??= encode(this.#broadcast));
  }
}

/**
 * Reads what {@link BroadcastEnvelope} wrote.
 *
 * @throws {ProtocolError} when the bytes are no envelope.
 */
export function decodeEnvelope(topic: string, bytes: Uint8Array): Broadcast {
  const end = bytes.indexOf(LINE_FEED);
  const mark = bytes[end + 1];
  if (end < 0 || (mark !== JSON_MARK && mark !== BYTES_MARK))
    throw new ProtocolError("the broker delivered bytes that are no envelope");
  const decoder = new TextDecoder();
  const [event, position] = parseHead(decoder.decode(bytes.subarray(0, end)));
  if (typeof event !== "string") throw new ProtocolError("the broker delivered an envelope without an event");
  const rest = bytes.subarray(end + 2);
  const payload: unknown = mark === BYTES_MARK ? rest : JSON.parse(decoder.decode(rest));
  const stamp = readStamp(position);
  return { topic, event, payload, ...(stamp !== undefined && { stamp }) };
}

function parseHead(text: string): readonly unknown[] {
  const head: unknown = JSON.parse(text);
  return Array.isArray(head) ? head : [];
}

function encode({ event, payload, json, stamp }: Broadcast): Uint8Array {
  const encoder = new TextEncoder();
  const isBytes = payload instanceof Uint8Array;
  const head = encoder.encode(`${JSON.stringify([event, stamp && writeStamp(stamp)])}\n${isBytes ? "b" : "j"}`);
  const body = isBytes ? payload : encoder.encode((json ?? new JsonText(payload)).text);
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}
