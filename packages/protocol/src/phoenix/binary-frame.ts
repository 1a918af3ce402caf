import { ProtocolError } from "../errors.ts";
import { parseJson } from "../json.ts";
import { decodeUtf8, encodeUtf8 } from "../utf8.ts";

// Every binary frame has one layout: a kind byte, one length byte per field, the
// fields as UTF-8, and the payload to the end. Only the list of fields differs:
//
//   push, client to server   join_ref ref topic event
//   push, server to client   join_ref topic event
//   reply                    join_ref ref topic status
//   broadcast                topic event
//
// Between Hutong and its own client, a kind byte with the high bit set says that
// one more field follows these: the sixth element, as JSON text.

/** The first byte of a binary frame, without the bit that says that it has an extension. */
export const BINARY_KINDS = { push: 0, reply: 1, broadcast: 2 } as const;

/** The bit of the first byte that says that the frame has an extension (PHX-67). */
export const EXTENDED = 0x80;

/** A binary frame in its parts. */
export interface BinaryFrame {
  /** One of {@link BINARY_KINDS}. */
  readonly kind: number;
  /** In the order of the layout. */
  readonly fields: readonly string[];
  /** The rest of the frame. */
  readonly payload: Uint8Array;
  /** The sixth element, a JSON value; `undefined` leaves it out. */
  readonly extension?: unknown;
}

/** The longest field of a binary frame; its length is one byte (PHX-5). */
const MAX_FIELD_BYTES = 255;

/** Reads the fields of a binary frame, in the order of the layout. */
export class FieldReader {
  /** The rest of the frame after its fields: a view, not a copy. */
  readonly payload: Uint8Array;
  readonly #hasExtension: boolean;
  readonly #bytes: Uint8Array;
  readonly #lengths: DataView;
  #index = 0;
  #offset: number;

  /**
   * `plainCount` is the number of fields without the extension.
   *
   * @throws {ProtocolError} when the frame is shorter than its header says.
   */
  constructor(bytes: Uint8Array, plainCount: number) {
    this.#hasExtension = isExtended(bytes);
    const fieldCount = this.#hasExtension ? plainCount + 1 : plainCount;
    const lengths = bytes.subarray(1, 1 + fieldCount);
    const payloadOffset = lengths.reduce((sum, length) => sum + length, 1 + fieldCount);
    if (lengths.length < fieldCount || payloadOffset > bytes.length) {
      throw new ProtocolError(`binary frame of ${bytes.length} bytes is truncated`);
    }
    this.payload = bytes.subarray(payloadOffset);
    this.#bytes = bytes;
    this.#lengths = new DataView(lengths.buffer, lengths.byteOffset, lengths.byteLength);
    this.#offset = 1 + fieldCount;
  }

  /** Takes the next field. @throws {ProtocolError} when it is not UTF-8. */
  next(): string {
    const end = this.#offset + this.#lengths.getUint8(this.#index);
    const field = decodeUtf8(this.#bytes.subarray(this.#offset, end));
    if (field === undefined) throw new ProtocolError("binary frame has a field that is not UTF-8", "invalid_text");
    this.#index += 1;
    this.#offset = end;
    return field;
  }

  /**
   * Takes the extension, after all fields; `undefined` when the frame has none.
   *
   * @throws {ProtocolError} when it is not JSON.
   */
  nextExtension(): unknown {
    return this.#hasExtension ? parseJson(this.next()) : undefined;
  }
}

/** The kind of a binary frame; `undefined` when it is empty. */
export function binaryKindOf(bytes: Uint8Array): number | undefined {
  const first = bytes[0];
  return first === undefined ? undefined : first & ~EXTENDED;
}

function isExtended(bytes: Uint8Array): boolean {
  const first = bytes[0];
  return first !== undefined && first >= EXTENDED;
}

/**
 * Builds a binary frame.
 *
 * @throws {ProtocolError} when a field, or the extension, is longer than 255 bytes.
 */
export function writeBinaryFrame({ kind, fields, payload, extension }: BinaryFrame): Uint8Array {
  const isPlain = extension === undefined;
  const encodedFields = (isPlain ? fields : [...fields, JSON.stringify(extension)]).map(encodeField);
  const headerBytes = [isPlain ? kind : kind + EXTENDED, ...encodedFields.map((field) => field.length)];
  const parts = [Uint8Array.from(headerBytes), ...encodedFields, payload];
  const frame = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    frame.set(part, offset);
    offset += part.length;
  }
  return frame;
}

function encodeField(field: string): Uint8Array {
  const bytes = encodeUtf8(field);
  if (bytes.length <= MAX_FIELD_BYTES) return bytes;
  throw new ProtocolError(
    `field "${field.slice(0, 32)}…" takes ${bytes.length} bytes; a binary frame holds at most ${MAX_FIELD_BYTES}`,
  );
}
