import { expect, test } from "vitest";
import { plainGif } from "../../src/files/plain-gif.ts";
import { gifNote, longGif } from "./support/pictures.ts";

/** The head of a {@link longGif} is as long, its table of two colours included. */
const HEAD_BYTES = 19;

function withBlocks(gif: Buffer, ...blocks: readonly Buffer[]): Buffer {
  return Buffer.concat([gif.subarray(0, HEAD_BYTES), ...blocks, gif.subarray(HEAD_BYTES)]);
}

test("a GIF without anything else stays as it is", () => {
  const gif = longGif(3);

  expect(plainGif(gif)).toEqual({ bytes: gif, width: 1, height: 1, frames: 3 });
});

test("what begins like no block ends the picture", () => {
  const gif = longGif(2);
  const broken = Buffer.concat([gif.subarray(0, -1), Buffer.from([0]), longGif(1).subarray(HEAD_BYTES)]);

  expect(plainGif(broken)).toMatchObject({ bytes: gif, frames: 2 });
});

test.each([
  ["a comment", Buffer.from([0x21, 0xfe, 2, 0x68, 0x69, 0])],
  ["plain text", Buffer.from([0x21, 0x01, 1, 0x68, 0])],
  ["a note of a program", gifNote("XMP DataXMP", "<x/>")],
  ["a loop with more than its number", gifNote("NETSCAPE2.0", "39 54 N")],
  ["the time of a frame with more than the time", Buffer.from([0x21, 0xf9, 5, 0, 0, 0, 0, 0, 0])],
])("%s does not come along", (_what, block) => {
  const gif = longGif(1);

  expect(plainGif(withBlocks(gif, block))?.bytes).toEqual(gif);
});

test.each([1, 3, 12, 15])("a GIF that lacks its last %i bytes is cut off, unless it lacks its end alone", (missing) => {
  const gif = longGif(1);

  expect(plainGif(gif.subarray(0, -missing))?.bytes).toEqual(missing === 1 ? gif : undefined);
});

test("a GIF that ends within its table of colours is cut off", () => {
  expect(plainGif(longGif(1).subarray(0, 15))).toBeUndefined();
});
