import { expect, test } from "vitest";
import { EncodedFrame } from "../../src/encoded-frame.ts";
import { Compression } from "../../src/node/compression.ts";
import { FrameBatch } from "../../src/transport/frame-batch.ts";

const LONG = "the lanes that join the houses ".repeat(100);

function batchOf(...frames: readonly EncodedFrame[]): FrameBatch {
  return frames.reduce((batch, frame) => batch.append(frame), FrameBatch.empty());
}

test("a batch is compressed once, and so is a frame that is in several", () => {
  const compression = new Compression({});
  const shared = new EncodedFrame(LONG);
  const [one, two] = [batchOf(shared), batchOf(new EncodedFrame("short"), shared)];

  const wire = compression.wireOf(one);
  const { compressedWire } = shared;
  compression.wireOf(two);

  expect(compression.wireOf(one)).toBe(wire);
  expect([compressedWire === wire, shared.compressedWire === wire]).toEqual([true, true]);
});

test("mounts with different thresholds do not take each other's batches", () => {
  const [low, high] = [new Compression({}), new Compression({ thresholdBytes: 100_000 })];
  const batch = batchOf(new EncodedFrame(LONG));

  const firstBytes = [low, high, low].map((compression) => compression.wireOf(batch)[0]);

  expect(firstBytes).toEqual([0xc1, 0x81, 0xc1]);
});

test("bytes keep their opcode", () => {
  const batch = batchOf(new EncodedFrame(new Uint8Array(5_000)));

  expect(new Compression({}).wireOf(batch)[0]).toBe(0xc2);
});

test("a frame that compression would not make smaller is sent as it is", () => {
  const frame = new EncodedFrame("0123456789");

  expect(new Compression({ thresholdBytes: 1 }).wireOf(batchOf(frame))).toBe(frame.wire);
});

test("limits outside their range are named", () => {
  expect(() => new Compression({ thresholdBytes: 0 })).toThrow("thresholdBytes is 0");
});
