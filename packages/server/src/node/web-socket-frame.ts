import type { Frame } from "@hutong/protocol";

/** A whole text message in one frame (RFC 6455, section 5.2). */
const TEXT = 0x81;
/** A whole binary message in one frame. */
const BINARY = 0x82;
/** The bit of the first byte that says that the message is compressed (RFC 7692, section 6). */
const COMPRESSED = 0x40;

/** The bytes of a frame with its header, unmasked as a server's frames are. */
export function writePlainFrame(frame: Frame): Buffer {
  if (typeof frame !== "string") return writeFrame(BINARY, frame);
  const length = Buffer.byteLength(frame);
  const bytes = allocateFrame(TEXT, length);
  bytes.write(frame, bytes.length - length, "utf8");
  return bytes;
}

/** The same for a payload that was compressed; `isText` tells what it was. */
export function writeCompressedFrame(payload: Uint8Array, isText: boolean): Buffer {
  return writeFrame((isText ? TEXT : BINARY) | COMPRESSED, payload);
}

function writeFrame(firstByte: number, payload: Uint8Array): Buffer {
  const bytes = allocateFrame(firstByte, payload.length);
  bytes.set(payload, bytes.length - payload.length);
  return bytes;
}

/** A frame whose header is written and whose payload, at its end, is not. */
function allocateFrame(firstByte: number, length: number): Buffer {
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(headerLength + length);
  bytes[0] = firstByte;
  if (headerLength === 2) {
    bytes[1] = length;
  } else if (headerLength === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  return bytes;
}
