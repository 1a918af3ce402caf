import fc from "fast-check";
import { expect, test } from "vitest";
import { EncodedFrame } from "../../src/encoded-frame.ts";
import { FrameBatch } from "../../src/transport/frame-batch.ts";

const FRAMES = ["a", "b", "c"].map((text) => new EncodedFrame(text));
const frameIndexes = fc.array(fc.nat({ max: FRAMES.length - 1 }), { maxLength: 12 });

function framesAt(indexes: readonly number[]): EncodedFrame[] {
  return indexes.flatMap((index) => FRAMES[index] ?? []);
}

test("connections that are sent the same frames in a row hold one batch", () => {
  fc.assert(
    fc.property(frameIndexes, fc.integer({ min: 2, max: 6 }), (indexes, connections) => {
      const batches = Array.from({ length: connections }, () => FrameBatch.empty());
      const root = FrameBatch.empty();
      batches.fill(root);

      for (const frame of framesAt(indexes)) batches.forEach((batch, at) => (batches[at] = batch.append(frame)));

      expect(new Set(batches).size).toBe(1);
    }),
  );
});

test("whatever is appended to whichever connection, each gets its own frames in order", () => {
  const sends = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: FRAMES.length - 1 })), { maxLength: 60 });
  fc.assert(
    fc.property(sends, (steps) => {
      const root = FrameBatch.empty();
      const batches = [root, root, root, root];
      const expected: string[][] = [[], [], [], []];

      for (const [connection, index] of steps) {
        const frame = FRAMES[index];
        const batch = batches[connection];
        if (frame === undefined || batch === undefined) continue;
        batches[connection] = batch.append(frame);
        expected[connection]?.push(String(frame.frame));
      }

      expect(batches.map((batch) => batch.frames().map(({ frame }) => frame))).toEqual(expected);
    }),
  );
});

test("count and size follow from the frames", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (texts) => {
      const batch = texts.reduce((before, text) => before.append(new EncodedFrame(text)), FrameBatch.empty());

      expect(batch.count).toBe(texts.length);
      expect(batch.size).toBe(texts.join("").length);
    }),
  );
});
