import { toBase64 } from "./wx/binary.ts";

// A PNG file without compression: its parts are exact and quick to make, and
// the file lives only as long as the page that shows it.

/** Pixels of a canvas, four bytes each. */
export interface Pixels {
  /** Red, green, blue and opacity of each pixel, row by row. */
  readonly data: Uint8ClampedArray;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
/** Most bytes of one block that is stored as it is. */
const MAX_BLOCK = 65_535;
/** Eight bits for each of red, green, blue and opacity. */
const TRUE_COLOUR = [8, 6, 0, 0, 0];

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? 0xed_b8_83_20 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** Writes pixels as a PNG file, in base64. */
export function encodePng({ data, width, height }: Pixels): string {
  const rows = new Uint8Array(height * (width * 4 + 1));
  for (let row = 0; row < height; row++) {
    // The byte before each row says that it is written as it is.
    rows.set(data.subarray(row * width * 4, (row + 1) * width * 4), row * (width * 4 + 1) + 1);
  }
  const parts = [
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", Uint8Array.from([...bigEndian(width), ...bigEndian(height), ...TRUE_COLOUR])),
    chunk("IDAT", stored(rows)),
    chunk("IEND", new Uint8Array()),
  ];
  return toBase64(joined(parts).buffer);
}

function chunk(name: string, content: Uint8Array): Uint8Array {
  const body = joined([Uint8Array.from(name, (letter) => letter.charCodeAt(0)), content]);
  let crc = 0xff_ff_ff_ff;
  for (const byte of body) crc = (CRC_TABLE[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  return joined([Uint8Array.from(bigEndian(content.length)), body, Uint8Array.from(bigEndian(~crc >>> 0))]);
}

/** Bytes in the form that a reader of compressed data takes, without being compressed. */
function stored(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.from([0x78, 1])];
  for (let start = 0; start < bytes.length; start += MAX_BLOCK) {
    const block = bytes.subarray(start, start + MAX_BLOCK);
    const isLast = start + MAX_BLOCK >= bytes.length ? 1 : 0;
    const [low, high] = [block.length & 255, block.length >> 8];
    parts.push(Uint8Array.from([isLast, low, high, ~low & 255, ~high & 255]), block);
  }
  parts.push(Uint8Array.from(bigEndian(adler32(bytes))));
  return joined(parts);
}

function adler32(bytes: Uint8Array): number {
  let [first, second] = [1, 0];
  for (const byte of bytes) {
    first = (first + byte) % 65_521;
    second = (second + first) % 65_521;
  }
  return second * 65_536 + first;
}

function bigEndian(value: number): readonly number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    bytes.set(part, place);
    place += part.length;
  }
  return bytes;
}
