import { crc32, inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { encodePng } from "../../src/service/png.ts";

/** Parts of a PNG file by name; fails when a checksum is wrong. */
function partsOf(file: Buffer): ReadonlyMap<string, Buffer> {
  const parts = new Map<string, Buffer>();
  for (let place = 8; place < file.length;) {
    const length = file.readUInt32BE(place);
    const body = file.subarray(place + 4, place + 8 + length);
    expect(file.readUInt32BE(place + 8 + length)).toBe(crc32(body));
    parts.set(body.toString("latin1", 0, 4), body.subarray(4));
    place += 12 + length;
  }
  return parts;
}

describe("a PNG file", () => {
  test("holds the pixels row by row", () => {
    const data = Uint8ClampedArray.from([1, 2, 3, 4, 5, 6, 7, 8]);

    const parts = partsOf(Buffer.from(encodePng({ data, width: 1, height: 2 }), "base64"));

    expect(parts.get("IHDR")?.toString("hex")).toBe("00000001000000020806000000");
    expect([...inflateSync(parts.get("IDAT") ?? Buffer.alloc(0))]).toEqual([0, 1, 2, 3, 4, 0, 5, 6, 7, 8]);
  });

  test("may be longer than one block", () => {
    const data = new Uint8ClampedArray(200 * 100 * 4).fill(9);

    const parts = partsOf(Buffer.from(encodePng({ data, width: 200, height: 100 }), "base64"));

    expect(inflateSync(parts.get("IDAT") ?? Buffer.alloc(0)).length).toBe(100 * (200 * 4 + 1));
  });
});
