import { expect, test } from "vitest";
import { EncodedFrame } from "../../src/encoded-frame.ts";
import { FrameBatch } from "../../src/transport/frame-batch.ts";

test("an empty batch has no frames", () => {
  const batch = FrameBatch.empty();

  expect([batch.count, batch.size, batch.frames()]).toEqual([0, 0, []]);
});

test("frames come in the order in which they were appended", () => {
  const [a, b, c] = [new EncodedFrame("a"), new EncodedFrame("bb"), new EncodedFrame("c")];

  const batch = FrameBatch.empty().append(a).append(b).append(c);

  expect(batch.frames()).toEqual([a, b, c]);
  expect(batch.count).toBe(3);
});

test("the size is the sum of characters and bytes", () => {
  const batch = FrameBatch.empty()
    .append(new EncodedFrame("abc"))
    .append(new EncodedFrame(Uint8Array.of(1, 2)));

  expect(batch.size).toBe(5);
});

test("the same frame appended to the same batch in a row gives the same batch", () => {
  const root = FrameBatch.empty();
  const frame = new EncodedFrame("a");

  expect(root.append(frame)).toBe(root.append(frame));
});

test("two frames with the same text are two frames", () => {
  const root = FrameBatch.empty();

  expect(root.append(new EncodedFrame("a"))).not.toBe(root.append(new EncodedFrame("a")));
});

test("appending leaves the earlier batch as it is", () => {
  const first = FrameBatch.empty().append(new EncodedFrame("a"));

  first.append(new EncodedFrame("b"));

  expect(first.frames().map(({ frame }) => frame)).toEqual(["a"]);
});

test("a batch that took another way keeps its frames", () => {
  const root = FrameBatch.empty();
  const left = root.append(new EncodedFrame("left"));

  const right = root.append(new EncodedFrame("right"));

  expect(left.frames().map(({ frame }) => frame)).toEqual(["left"]);
  expect(right.frames().map(({ frame }) => frame)).toEqual(["right"]);
});

test("the same frame may come twice in a batch", () => {
  const frame = new EncodedFrame("a");

  expect(FrameBatch.empty().append(frame).append(frame).frames()).toEqual([frame, frame]);
});
