import { fromBase64, toBase64 } from "./binary.ts";

/** The bytes of what an application writes: text in an encoding, or bytes as they are. */
export function bytesOfContent(data: unknown, encoding: unknown): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  const text = typeof data === "string" ? data : JSON.stringify(data ?? "");
  switch (encoding) {
    case "base64":
      return new Uint8Array(fromBase64(text));
    case "hex":
      return Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
    case "ascii":
    case "binary":
    case "latin1":
      return Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 255);
    default:
      return new TextEncoder().encode(text);
  }
}

/** What an application reads: bytes without an encoding, text with one. */
export function textOfBytes(bytes: Uint8Array, encoding: unknown): ArrayBuffer | string {
  switch (encoding) {
    case undefined:
    case null:
    case "":
      return bytes.slice().buffer;
    case "base64":
      return toBase64(bytes.slice().buffer);
    case "hex":
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    case "ascii":
    case "binary":
    case "latin1":
      return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    default:
      return new TextDecoder().decode(bytes);
  }
}
