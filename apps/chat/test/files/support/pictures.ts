import { crc32 } from "node:zlib";
import sharp, { type Sharp } from "sharp";

/** A canvas of one colour. */
export function canvas(width: number, height: number): Sharp {
  return sharp({ create: { width, height, channels: 3, background: { r: 200, g: 60, b: 40 } } });
}

/** A JPEG as a phone makes it: lying on its side, with the place where it was taken. */
export function phonePicture(width: number, height: number): Promise<Buffer> {
  return canvas(width, height)
    .jpeg()
    .withExif({
      IFD0: { Make: "Phone" },
      IFD3: { GPSLatitudeRef: "N", GPSLatitude: "39/1 54/1 0/1", GPSLongitudeRef: "E", GPSLongitude: "116/1 23/1 0/1" },
    })
    .withMetadata({ orientation: 6 })
    .toBuffer();
}

/** A PNG of a few bytes whose header promises any number of pixels. */
export function hollowPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, pngChunk("IHDR", header), pngChunk("IDAT", Buffer.alloc(8)), pngChunk("IEND")]);
}

function pngChunk(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/** A GIF of one pixel that is black and white in turn, for so many frames. */
export function longGif(frames: number): Buffer {
  const head = Buffer.from("47494638396101000100800000000000ffffff", "hex");
  const frame = (colour: string): Buffer => Buffer.from(`21f90400010000002c000000000100010000020${colour}00`, "hex");
  const [black, white] = [frame("24401"), frame("24c01")];
  const turns = Array.from({ length: frames }, (_, place) => (place % 2 === 0 ? black : white));
  return Buffer.concat([head, ...turns, Buffer.from([0x3b])]);
}

/** What a program writes into a GIF beside the picture. */
export function gifNote(program: string, text: string): Buffer {
  return Buffer.concat([
    Buffer.from([0x21, 0xff, program.length]),
    Buffer.from(program),
    Buffer.from([text.length]),
    Buffer.from(text),
    Buffer.from([0]),
  ]);
}
