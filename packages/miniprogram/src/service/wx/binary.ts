import { isRecord } from "../../is-record.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Encodes bytes. The logic layer has no such function of its own. */
export function toBase64(buffer: ArrayBuffer): string {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(index, index + 3);
    const group = (first << 16) | (second << 8) | third;
    const letters = [18, 12, 6, 0].map((shift) => ALPHABET[(group >> shift) & 63]);
    text += letters
      .slice(0, Math.min(3, bytes.length - index) + 1)
      .join("")
      .padEnd(4, "=");
  }
  return text;
}

/** Decodes base64, padded or not; characters outside of the alphabet are skipped. */
export function fromBase64(text: string): ArrayBuffer {
  const letters = text
    .split("")
    .map((letter) => ALPHABET.indexOf(letter))
    .filter((value) => value >= 0);
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  for (let index = 0, place = 0; index < letters.length; index += 4) {
    const [first = 0, second = 0, third = 0, fourth = 0] = letters.slice(index, index + 4);
    const group = (first << 18) | (second << 12) | (third << 6) | fourth;
    for (const shift of [16, 8, 0]) if (place < bytes.length) bytes[place++] = (group >> shift) & 255;
  }
  return bytes.buffer;
}

/** Bytes on the bus: messages are JSON. */
export interface EncodedBytes {
  /** The bytes. */
  readonly base64: string;
}

/** Makes data fit for the bus: bytes become {@link EncodedBytes}, texts stay. */
export function encodeData(data: unknown): string | EncodedBytes {
  if (data instanceof ArrayBuffer) return { base64: toBase64(data) };
  if (ArrayBuffer.isView(data)) {
    const { buffer, byteOffset, byteLength } = data;
    return { base64: toBase64(new Uint8Array(buffer, byteOffset, byteLength).slice().buffer) };
  }
  return typeof data === "string" ? data : JSON.stringify(data ?? "");
}

/** The reverse of {@link encodeData}. */
export function decodeData(data: unknown): unknown {
  return isRecord(data) && typeof data["base64"] === "string" ? fromBase64(data["base64"]) : data;
}
