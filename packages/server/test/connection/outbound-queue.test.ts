import { ScriptedTransport } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { OutboundQueue } from "../../src/connection/outbound-queue.ts";
import { EncodedFrame } from "../../src/encoded-frame.ts";
import { FrameBatch } from "../../src/transport/frame-batch.ts";

const LEVELS = { resumeQueuedBytes: 10, softQueuedBytes: 20, lagQueuedBytes: 40 };

interface Queue {
  readonly queue: OutboundQueue;
  readonly transport: ScriptedTransport;
  /** Appends the frames of one tick. */
  readonly push: (...frames: readonly (string | EncodedFrame)[]) => void;
}

function createQueue(root = FrameBatch.empty()): Queue {
  const transport = new ScriptedTransport();
  const queue = new OutboundQueue(transport);
  const push = (...frames: readonly (string | EncodedFrame)[]): void => {
    for (const frame of frames) queue.push(typeof frame === "string" ? new EncodedFrame(frame) : frame, root);
  };
  return { queue, transport, push };
}

describe("a client that reads", () => {
  test("is sent what one tick appended in one batch, in order", () => {
    const { queue, transport, push } = createQueue();

    push("a", "b", "c");
    queue.flush(LEVELS);

    expect(transport.batches).toHaveLength(1);
    expect(transport.sent).toEqual(["a", "b", "c"]);
  });

  test("is sent the next tick's frames in the next batch", () => {
    const { queue, transport, push } = createQueue();

    for (const frame of ["a", "b"]) {
      push(frame);
      queue.flush(LEVELS);
    }

    expect(transport.batches.map(({ count }) => count)).toEqual([1, 1]);
    expect(transport.sent).toEqual(["a", "b"]);
  });

  test("shares its batch with every client that is sent the same frames", () => {
    const root = FrameBatch.empty();
    const clients = [createQueue(root), createQueue(root), createQueue(root)];

    for (const frame of [new EncodedFrame("first"), new EncodedFrame("second")]) {
      for (const { push } of clients) push(frame);
    }
    for (const { queue } of clients) queue.flush(LEVELS);

    const batches = clients.map(({ transport }) => transport.batches[0]);
    expect(batches[0]?.count).toBe(2);
    expect(new Set(batches).size).toBe(1);
  });

  test("gets everything in order beside replies of its own", () => {
    const root = FrameBatch.empty();
    const [left, right] = [createQueue(root), createQueue(root)];
    const shared = new EncodedFrame("shared");

    left.push("only left", shared);
    right.push(shared, "only right");
    for (const { queue } of [left, right]) queue.flush(LEVELS);

    expect(left.transport.sent).toEqual(["only left", "shared"]);
    expect(right.transport.sent).toEqual(["shared", "only right"]);
  });
});

test("the first frame of a tick says that a flush is due", () => {
  const { queue } = createQueue();
  const root = FrameBatch.empty();

  const answers = [queue.push(new EncodedFrame("a"), root), queue.push(new EncodedFrame("b"), root)];
  queue.flush(LEVELS);
  answers.push(queue.push(new EncodedFrame("c"), root));

  expect(answers).toEqual([true, false, true]);
});

test("a flush without frames sends nothing", () => {
  const { queue, transport } = createQueue();

  queue.flush(LEVELS);
  queue.flushAll();

  expect(transport.batches).toEqual([]);
});

test("sizes count the tick's frames and what waits in the transport", () => {
  const { queue, transport, push } = createQueue();
  transport.extraBufferedAmount = 100;

  push("four");

  expect([queue.tickSize, queue.bufferedAmount]).toEqual([4, 104]);
});

describe("a client that does not read", () => {
  test("has its frames held back, and gets them in order when it has room", () => {
    const { queue, transport, push } = createQueue();
    transport.extraBufferedAmount = 11;
    push("a");
    queue.flush(LEVELS);
    push("b");
    queue.flush(LEVELS);
    const held = [queue.isHeld, transport.sent.length, queue.bufferedAmount];

    transport.extraBufferedAmount = 10;
    push("c");
    queue.flush(LEVELS);

    expect(held).toEqual([true, 0, 13]);
    expect(transport.sent).toEqual(["a", "b", "c"]);
    expect(queue.isHeld).toBe(false);
  });

  test("gets what is held before its farewell, room or not", () => {
    const { queue, transport, push } = createQueue();
    transport.extraBufferedAmount = 11;
    push("a");
    queue.flush(LEVELS);

    push("farewell");
    queue.flushAll();

    expect(transport.sent).toEqual(["a", "farewell"]);
  });

  test("is given only the newest live frame of a key while more waits than the soft level", () => {
    const { queue, transport, push } = createQueue();
    transport.extraBufferedAmount = 15;
    const [first, second, other] = ["live 1", "live 2", "other"].map(
      (text, index) => new EncodedFrame(text, "live", undefined, index < 2 ? "cursor" : "typing"),
    );
    if (first === undefined || second === undefined || other === undefined) throw new TypeError("three were made");
    push(first, "essential 1", second, other, "essential 2");

    const { liveCount, recoverable } = queue.flush(LEVELS);
    transport.extraBufferedAmount = 0;
    queue.flush(LEVELS);

    expect([liveCount, recoverable]).toEqual([1, []]);
    expect(transport.sent).toEqual(["essential 1", "live 2", "other", "essential 2"]);
  });

  test("is left without all recoverable frames, in order, once more waits than the lag level", () => {
    const { queue, transport, push } = createQueue();
    transport.extraBufferedAmount = 30;
    const frames = ["recoverable 1", "recoverable 2"].map((text) => new EncodedFrame(text, "recoverable"));
    push("essential", ...frames);

    const { recoverable } = queue.flush(LEVELS);
    transport.extraBufferedAmount = 0;
    queue.flush(LEVELS);

    expect(recoverable).toEqual(frames);
    expect(transport.sent).toEqual(["essential"]);
  });

  test("keeps recoverable frames while less waits than the lag level", () => {
    const { queue, transport, push } = createQueue();
    transport.extraBufferedAmount = 30;
    push(new EncodedFrame("kept", "recoverable"));

    const { recoverable } = queue.flush(LEVELS);
    transport.extraBufferedAmount = 0;
    queue.flush(LEVELS);

    expect(recoverable).toEqual([]);
    expect(transport.sent).toEqual(["kept"]);
  });

  test("does not count what was left out", () => {
    const { queue, transport, push } = createQueue();
    transport.extraBufferedAmount = 50;
    push(
      new EncodedFrame("old", "live"),
      new EncodedFrame("new!", "live"),
      new EncodedFrame("r", "recoverable"),
      "four",
    );

    queue.flush(LEVELS);

    expect(queue.bufferedAmount).toBe(58);
  });
});
