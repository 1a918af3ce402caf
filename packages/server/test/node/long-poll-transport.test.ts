import type { Frame } from "@hutong/protocol";
import {
  FakeClock,
  type ObservedClose,
  type TransportPair,
  type TransportPeer,
  transportConformance,
} from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { EncodedFrame } from "../../src/encoded-frame.ts";
import { LongPollTransport, type PollAnswer } from "../../src/node/long-poll-transport.ts";
import { FrameBatch } from "../../src/transport/frame-batch.ts";
import type { TransportReceiver } from "../../src/transport/transport.ts";

const WINDOW_MS = 10_000;
const NO_CLOSE_OF_CLIENT = "a long-poll client has no close: it only stops polling";

/** A client that polls again as soon as a poll is answered. */
class PollingPeer implements TransportPeer {
  readonly clock = new FakeClock();
  readonly transport: LongPollTransport;
  readonly frames: Frame[] = [];
  closed: ObservedClose | undefined = undefined;
  #polling: AbortController | undefined;

  constructor() {
    this.transport = new LongPollTransport(this.clock, WINDOW_MS, () => {});
    this.resume();
  }

  send(frame: Frame): void {
    this.transport.receive(frame);
  }

  stall(): void {
    this.#polling?.abort();
    this.#polling = undefined;
  }

  resume(): void {
    this.#polling = new AbortController();
    void this.#poll(this.#polling.signal);
  }

  close(): void {
    throw new Error(NO_CLOSE_OF_CLIENT);
  }

  drop(): void {
    this.stall();
    void this.clock.advance(WINDOW_MS * 2);
  }

  async #poll(signal: AbortSignal): Promise<void> {
    for (;;) {
      // A client's next poll is a request of its own, a turn later.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) return;
      const { status, messages, code = 3410, reason = "session_gone" } = await this.transport.poll(signal);
      this.frames.push(...messages);
      if (status !== 410) continue;
      this.closed = { code, reason };
      return;
    }
  }
}

function createPair(): TransportPair {
  const peer = new PollingPeer();
  return {
    transport: peer.transport,
    peer,
    [Symbol.asyncDispose]: async () => {
      peer.stall();
      peer.transport.terminate();
    },
  };
}

transportConformance("LongPollTransport", createPair, {
  knownGaps: [
    { scenario: "bytes of every length arrive whole", reason: "a poll's body is JSON: it has no place for bytes" },
    { scenario: "the client's close is reported once, with its code", reason: NO_CLOSE_OF_CLIENT },
    { scenario: "frames that the client sent before its close arrive first", reason: NO_CLOSE_OF_CLIENT },
  ],
});

class RecordingReceiver implements TransportReceiver {
  readonly frames: Frame[] = [];
  readonly closes: ObservedClose[] = [];
  readonly malformedMessages: string[] = [];
  aliveCount = 0;

  frame(frame: Frame): void {
    this.frames.push(frame);
  }

  alive(): void {
    this.aliveCount++;
  }

  malformed(message: string): void {
    this.malformedMessages.push(message);
  }

  controlFrame(): void {}

  writable(): void {}

  closed(code: number, reason: string): void {
    this.closes.push({ code, reason });
  }
}

interface Session {
  readonly clock: FakeClock;
  readonly transport: LongPollTransport;
  readonly receiver: RecordingReceiver;
  readonly ends: string[];
  readonly send: (...frames: readonly Frame[]) => void;
  /** Polls; `answer` is set when the poll has been answered. */
  readonly poll: () => { answer: PollAnswer | undefined; readonly abort: () => void };
}

function startSession(): Session {
  const clock = new FakeClock();
  const receiver = new RecordingReceiver();
  const ends: string[] = [];
  const transport = new LongPollTransport(clock, WINDOW_MS, () => ends.push("closed"));
  transport.start(receiver);
  return {
    clock,
    transport,
    receiver,
    ends,
    send: (...frames) =>
      transport.send(frames.reduce((batch, frame) => batch.append(new EncodedFrame(frame)), FrameBatch.empty())),
    poll: () => {
      const controller = new AbortController();
      const poll = { answer: undefined as PollAnswer | undefined, abort: () => controller.abort() };
      void transport.poll(controller.signal).then((answer) => (poll.answer = answer));
      return poll;
    },
  };
}

describe("a poll", () => {
  test("is answered at once with what waits", async () => {
    const { clock, send, poll } = startSession();
    send("a", "b");
    send("c");

    const first = poll();
    await clock.settle();

    expect(first.answer).toEqual({ status: 200, messages: ["a", "b", "c"] });
  });

  test("parks until something comes", async () => {
    const { clock, send, poll } = startSession();
    const parked = poll();
    await clock.settle();
    const before = parked.answer;

    send("a");
    await clock.settle();

    expect(before).toBeUndefined();
    expect(parked.answer).toEqual({ status: 200, messages: ["a"] });
  });

  test("is answered with nothing when its window ends", async () => {
    const { clock, poll } = startSession();
    const parked = poll();

    await clock.advance(WINDOW_MS - 1);
    const before = parked.answer;
    await clock.advance(1);

    expect(before).toBeUndefined();
    expect(parked.answer).toEqual({ status: 204, messages: [] });
  });

  test("ends an older one that is parked", async () => {
    const { clock, send, poll } = startSession();
    const [older, newer] = [poll(), poll()];

    send("a");
    await clock.settle();

    expect(older.answer).toEqual({ status: 204, messages: [] });
    expect(newer.answer).toEqual({ status: 200, messages: ["a"] });
  });

  test("that is aborted takes nothing with it", async () => {
    const { clock, send, poll } = startSession();
    const gone = poll();
    gone.abort();
    send("a");

    const next = poll();
    await clock.settle();

    expect(gone.answer).toEqual({ status: 204, messages: [] });
    expect(next.answer).toEqual({ status: 200, messages: ["a"] });
  });

  test("that was answered is not touched by its abort", async () => {
    const { clock, send, poll } = startSession();
    const first = poll();
    send("a");
    const second = poll();

    first.abort();
    await clock.settle();

    expect(second.answer).toBeUndefined();
  });

  test("is a sign of life", () => {
    const { receiver, poll } = startSession();

    poll();
    poll();

    expect(receiver.aliveCount).toBe(2);
  });

  test("that is aborted before it began takes nothing either", async () => {
    const { clock, transport, send, poll } = startSession();
    send("a");

    const answer = await transport.poll(AbortSignal.abort());
    const next = poll();
    await clock.settle();

    expect(answer).toEqual({ status: 204, messages: [] });
    expect(next.answer).toEqual({ status: 200, messages: ["a"] });
  });

  test("carries text only", async () => {
    const { clock, transport, send, poll } = startSession();

    send(Uint8Array.of(1, 2), "a");
    const size = transport.bufferedAmount;
    const first = poll();
    await clock.settle();

    expect(size).toBe(1);
    expect(first.answer).toEqual({ status: 200, messages: ["a"] });
  });
});

describe("a session", () => {
  test("that nobody polls for one and a half windows ends", async () => {
    const { clock, receiver, ends } = startSession();

    await clock.advance(14_999);
    const before = [...receiver.closes];
    await clock.advance(1);

    expect(before).toEqual([]);
    expect(receiver.closes).toEqual([{ code: 1001, reason: "inactive" }]);
    expect(ends).toEqual(["closed"]);
  });

  test("lives while it is polled", async () => {
    const { clock, receiver, poll } = startSession();

    for (let count = 0; count < 5; count++) {
      poll();
      await clock.advance(WINDOW_MS + 4_000);
    }

    expect(receiver.closes).toEqual([]);
  });

  test("lives while a poll is parked, and its time begins when the poll is answered", async () => {
    const { clock, receiver, poll } = startSession();
    await clock.advance(14_000);

    poll();
    await clock.advance(WINDOW_MS + 14_999);
    const before = [...receiver.closes];
    await clock.advance(1);

    expect(before).toEqual([]);
    expect(receiver.closes).toEqual([{ code: 1001, reason: "inactive" }]);
  });

  test("whose poll was aborted and not repeated ends", async () => {
    const { clock, receiver, poll } = startSession();
    poll().abort();

    await clock.advance(15_000);

    expect(receiver.closes).toEqual([{ code: 1001, reason: "inactive" }]);
  });

  test("that has ended answers 410 and takes no more frames", async () => {
    const { clock, transport, receiver, poll } = startSession();
    transport.terminate();

    const isTaken = transport.receive("late");
    const late = poll();
    await clock.settle();

    expect(late.answer).toMatchObject({ status: 410, messages: [] });
    expect([isTaken, transport.isGone]).toEqual([false, true]);
    expect(receiver.frames).toEqual([]);
  });

  test("passes on what could not be read", () => {
    const { transport, receiver } = startSession();

    transport.reportMalformed("body is too long");

    expect(receiver.malformedMessages).toEqual(["body is too long"]);
  });

  test("leaves no timer behind", async () => {
    const { clock, transport, poll } = startSession();
    poll();

    transport.terminate();
    await clock.settle();

    expect(clock.timerCount).toBe(0);
  });
});

describe("a close", () => {
  test("answers a parked poll with 410 at once", async () => {
    const { clock, transport, receiver, poll } = startSession();
    const parked = poll();

    transport.close(1001, "going_away");
    await clock.settle();

    expect(parked.answer).toEqual({ status: 410, messages: [], code: 1001, reason: "going_away" });
    expect(receiver.closes).toEqual([{ code: 1001, reason: "going_away" }]);
  });

  test("ends the connection at once; its last words go with the next poll, the farewell with the one after", async () => {
    const { clock, transport, receiver, send, poll } = startSession();
    send("last words");

    transport.close(1012, "drained");
    const closesBefore = [...receiver.closes];
    const last = poll();
    await clock.settle();
    const gone = poll();
    await clock.settle();

    expect(closesBefore).toEqual([{ code: 1012, reason: "drained" }]);
    expect(last.answer).toEqual({ status: 200, messages: ["last words"] });
    expect(gone.answer).toEqual({ status: 410, messages: [], code: 1012, reason: "drained" });
    expect(receiver.closes).toEqual([{ code: 1012, reason: "drained" }]);
  });

  test("that nobody fetches ends with its own code", async () => {
    const { clock, transport, receiver, send } = startSession();
    send("last words");
    transport.close(1012, "drained");

    await clock.advance(15_000);

    expect(receiver.closes).toEqual([{ code: 1012, reason: "drained" }]);
    expect(clock.timerCount).toBe(0);
  });

  test("of what is closing already changes nothing", async () => {
    const { clock, transport, receiver, send } = startSession();
    send("last words");

    transport.close(1012, "drained");
    transport.close(1011, "internal");
    transport.terminate();
    await clock.settle();

    expect(receiver.closes).toEqual([{ code: 1012, reason: "drained" }]);
  });
});
