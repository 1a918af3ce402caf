import type { Frame } from "@hutong/protocol";
import { EncodedFrame, FrameBatch, type Transport, type TransportReceiver } from "@hutong/server/plugin";
import { expect } from "vitest";
import { eventually } from "../eventually.ts";
import type { ObservedClose } from "../scripted-transport.ts";
import { type ConformanceOptions, describeScenarios, type Scenarios } from "./scenarios.ts";

/** The client's end of a transport under test. */
export interface TransportPeer {
  /** Frames that the client was given so far, in order. */
  readonly frames: readonly Frame[];
  /** How the link ended for the client, `undefined` while it is up. */
  readonly closed: ObservedClose | undefined;
  /** Sends a frame to the server. */
  send(frame: Frame): void;
  /** Reads no more until `resume`. */
  stall(): void;
  /** Reads again, first what waits. */
  resume(): void;
  /** Ends the link politely. */
  close(code: number, reason: string): void;
  /** Breaks the link. */
  drop(): void;
}

/** A transport that was not started, and the client at its other end. */
export interface TransportPair extends AsyncDisposable {
  readonly transport: Transport;
  readonly peer: TransportPeer;
}

/** Makes a pair for one scenario. */
export type TransportFactory = () => TransportPair | Promise<TransportPair>;

/** What the server's end heard. */
class Receiver implements TransportReceiver {
  readonly frames: Frame[] = [];
  readonly closes: ObservedClose[] = [];
  /** How often room was reported. */
  writableCount = 0;
  /** Frames that came after the close. */
  lateCount = 0;

  frame(frame: Frame): void {
    if (this.closes.length > 0) this.lateCount++;
    this.frames.push(typeof frame === "string" ? frame : Uint8Array.from(frame));
  }

  malformed(): void {}

  alive(): void {}

  controlFrame(): void {}

  writable(): void {
    this.writableCount++;
  }

  closed(code: number, reason: string): void {
    this.closes.push({ code, reason });
  }
}

function start(transport: Transport): Receiver {
  const receiver = new Receiver();
  transport.start(receiver);
  return receiver;
}

function batchOf(...frames: readonly Frame[]): FrameBatch {
  return frames.reduce<FrameBatch>((batch, frame) => batch.append(new EncodedFrame(frame)), FrameBatch.empty());
}

const MANY = Array.from({ length: 200 }, (_, index) => `frame ${index}`);
// Lengths on both sides of every limit where a frame's header grows (RFC 6455, section 5.2).
const LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536];
const STALL_FRAME = "x".repeat(65_536);
const STALL_LIMIT_BYTES = 1_048_576;
const STALL_FRAME_LIMIT = 1_024;

const FRAME_SCENARIOS: Scenarios<TransportFactory> = {
  "frames of the server arrive in order": async (create) => {
    await using pair = await create();
    start(pair.transport);

    for (const frame of MANY) pair.transport.send(batchOf(frame));

    await eventually(() => expect(pair.peer.frames).toEqual(MANY));
  },

  "frames of the client arrive in order": async (create) => {
    await using pair = await create();
    const receiver = start(pair.transport);

    for (const frame of MANY) pair.peer.send(frame);

    await eventually(() => expect(receiver.frames).toEqual(MANY));
  },

  "a batch keeps its order, between earlier and later batches": async (create) => {
    await using pair = await create();
    start(pair.transport);

    pair.transport.send(batchOf("a"));
    pair.transport.send(batchOf("b", "c", "d"));
    pair.transport.send(batchOf("e"));

    await eventually(() => expect(pair.peer.frames).toEqual(["a", "b", "c", "d", "e"]));
  },

  "a batch may go to two transports": async (create) => {
    await using first = await create();
    await using second = await create();
    start(first.transport);
    start(second.transport);
    const batch = batchOf("shared", "by both");

    first.transport.send(batch);
    second.transport.send(batch);

    await eventually(() => expect(first.peer.frames).toEqual(["shared", "by both"]));
    await eventually(() => expect(second.peer.frames).toEqual(["shared", "by both"]));
  },

  "text of every length arrives whole": async (create) => {
    await using pair = await create();
    start(pair.transport);
    const frames = LENGTHS.filter((length) => length > 0).map((length) => "t".repeat(length));

    for (const frame of frames) pair.transport.send(batchOf(frame));

    await eventually(() => expect(pair.peer.frames).toEqual(frames));
  },

  "text outside ASCII arrives whole": async (create) => {
    await using pair = await create();
    const receiver = start(pair.transport);

    pair.transport.send(batchOf("胡同 🐼 é"));
    pair.peer.send("巷子 🏮");

    await eventually(() => expect(pair.peer.frames).toEqual(["胡同 🐼 é"]));
    await eventually(() => expect(receiver.frames).toEqual(["巷子 🏮"]));
  },

  "bytes of every length arrive whole": async (create) => {
    await using pair = await create();
    start(pair.transport);
    const frames = LENGTHS.map((length) => new Uint8Array(length).fill(0xa5));

    for (const frame of [...frames, "end"]) pair.transport.send(batchOf(frame));

    await eventually(() => expect(pair.peer.frames.at(-1)).toBe("end"));
    expect(pair.peer.frames.slice(0, -1).map(toLengths)).toEqual(LENGTHS);
    expect(pair.peer.frames[3]).toEqual(new Uint8Array(126).fill(0xa5));
  },

  "bytes of the client arrive as bytes": async (create) => {
    await using pair = await create();
    const receiver = start(pair.transport);

    pair.peer.send(Uint8Array.of(0, 255, 10));

    await eventually(() => expect(receiver.frames).toEqual([Uint8Array.of(0, 255, 10)]));
  },

  "frames that arrive before start are delivered by it, in order": async (create) => {
    await using pair = await create();
    pair.peer.send("early");
    pair.peer.send("bird");
    await arrived();

    const receiver = start(pair.transport);
    pair.peer.send("later");

    await eventually(() => expect(receiver.frames).toEqual(["early", "bird", "later"]));
  },
};

const CLOSE_SCENARIOS: Scenarios<TransportFactory> = {
  "what was sent before a close arrives first": async (create) => {
    await using pair = await create();
    start(pair.transport);

    pair.transport.send(batchOf("last", "words"));
    pair.transport.close(1012, "drained");

    await eventually(() => expect(pair.peer.closed).toBeDefined());
    expect(pair.peer.frames).toEqual(["last", "words"]);
  },

  "a close is reported once, with its code": async (create) => {
    await using pair = await create();
    const receiver = start(pair.transport);

    pair.transport.close(4001, "slow_consumer");
    pair.transport.close(1000, "again");

    await eventually(() => expect(receiver.closes).toHaveLength(1));
    pair.transport.terminate();
    await arrived();
    expect(receiver.closes.map(({ code }) => code)).toEqual([4001]);
  },

  "a send after a close does nothing": async (create) => {
    await using pair = await create();
    start(pair.transport);

    pair.transport.close(1000, "");
    pair.transport.send(batchOf("too late"));

    await eventually(() => expect(pair.peer.closed).toBeDefined());
    expect(pair.peer.frames).toEqual([]);
  },

  "a send after the client has gone does nothing": async (create) => {
    await using pair = await create();
    const receiver = start(pair.transport);
    pair.peer.drop();
    await eventually(() => expect(receiver.closes).toHaveLength(1));

    pair.transport.send(batchOf("too late"));
    pair.transport.ping();
    pair.transport.close(1000, "");

    await arrived();
    expect(receiver.closes).toHaveLength(1);
  },

  "terminate drops the link and is reported once": async (create) => {
    await using pair = await create();
    const receiver = start(pair.transport);

    pair.transport.terminate();
    pair.transport.terminate();

    await eventually(() => expect(receiver.closes.map(({ code }) => code)).toEqual([1006]));
    await eventually(() => expect(pair.peer.closed).toBeDefined());
  },

  "the client's close is reported once, with its code": async (create) => {
    await using pair = await create();
    const receiver = start(pair.transport);

    pair.peer.close(4123, "bye");

    await eventually(() => expect(receiver.closes).toEqual([{ code: 4123, reason: "bye" }]));
  },

  "frames that the client sent before its close arrive first": async (create) => {
    await using pair = await create();
    const receiver = start(pair.transport);

    pair.peer.send("last");
    pair.peer.close(1000, "");

    await eventually(() => expect(receiver.closes).toHaveLength(1));
    expect(receiver.frames).toEqual(["last"]);
    expect(receiver.lateCount).toBe(0);
  },

  "a link that breaks is reported once": async (create) => {
    await using pair = await create();
    const receiver = start(pair.transport);

    pair.peer.drop();

    await eventually(() => expect(receiver.closes).toHaveLength(1));
  },
};

const BACKPRESSURE_SCENARIOS: Scenarios<TransportFactory> = {
  "bufferedAmount grows while the client reads nothing, and falls when it reads again": async (create) => {
    await using pair = await create();
    const receiver = start(pair.transport);
    pair.peer.stall();

    // Kernel buffers take some megabytes before a transport feels the stall.
    for (let count = 0; count < STALL_FRAME_LIMIT && pair.transport.bufferedAmount < STALL_LIMIT_BYTES; count++) {
      pair.transport.send(batchOf(STALL_FRAME));
      await arrived();
    }
    expect(pair.transport.bufferedAmount).toBeGreaterThanOrEqual(STALL_LIMIT_BYTES);
    pair.peer.resume();

    await eventually(() => expect(pair.transport.bufferedAmount).toBe(0), { limitMs: 10_000 });
    await eventually(() => expect(receiver.writableCount).toBeGreaterThan(0));
  },

  "a transport with nothing to send has a bufferedAmount of 0": async (create) => {
    await using pair = await create();
    start(pair.transport);

    expect(pair.transport.bufferedAmount).toBe(0);
  },

  "a client that reads nothing can be terminated": async (create) => {
    await using pair = await create();
    const receiver = start(pair.transport);
    pair.peer.stall();
    pair.transport.send(batchOf(STALL_FRAME));

    pair.transport.terminate();

    await eventually(() => expect(receiver.closes.map(({ code }) => code)).toEqual([1006]));
  },
};

function toLengths(frame: Frame): number {
  return frame.length;
}

/** Gives what is under way in this process the time to arrive. */
function arrived(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Registers the tests of a {@link Transport}. Call it at the top of a test file.
 *
 * @example
 * transportConformance("LoopbackTransport", () => loopbackPair());
 */
export function transportConformance(name: string, create: TransportFactory, options: ConformanceOptions = {}): void {
  const scenarios = { ...FRAME_SCENARIOS, ...CLOSE_SCENARIOS, ...BACKPRESSURE_SCENARIOS };
  describeScenarios(`${name} is a Transport`, scenarios, { create: () => create, ...options });
}
