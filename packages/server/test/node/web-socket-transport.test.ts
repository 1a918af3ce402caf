import type { Frame } from "@hutong/protocol";
import { eventually, transportConformance } from "@hutong/testing";
import { expect, test } from "vitest";
import { EncodedFrame } from "../../src/encoded-frame.ts";
import { FrameBatch } from "../../src/transport/frame-batch.ts";
import type { TransportReceiver } from "../../src/transport/transport.ts";
import { createWebSocketPair } from "./web-socket-pair.ts";

transportConformance("WebSocketTransport", () => createWebSocketPair());
transportConformance("WebSocketTransport that writes to the stream", () => createWebSocketPair(false));

class CountingReceiver implements TransportReceiver {
  readonly frames: Frame[] = [];
  controlFrameCount = 0;
  closedCode: number | undefined;

  frame(frame: Frame): void {
    this.frames.push(frame);
  }

  alive(): void {}

  malformed(): void {}

  writable(): void {}

  controlFrame(): void {
    this.controlFrameCount++;
  }

  closed(code: number): void {
    this.closedCode = code;
  }
}

function batchOf(...frames: readonly EncodedFrame[]): FrameBatch {
  return frames.reduce((batch, frame) => batch.append(frame), FrameBatch.empty());
}

test("what a batch becomes on the wire is made once and shared", async () => {
  await using first = await createWebSocketPair();
  await using second = await createWebSocketPair();
  first.transport.start(new CountingReceiver());
  second.transport.start(new CountingReceiver());
  const batch = batchOf(new EncodedFrame("a"), new EncodedFrame("b"));

  first.transport.send(batch);
  const { wire } = batch;
  second.transport.send(batch);

  expect(wire).toBeDefined();
  expect(batch.wire).toBe(wire);
});

test("a frame's header is the shortest that holds its length, and the frame is not masked", async () => {
  await using pair = await createWebSocketPair();
  pair.transport.start(new CountingReceiver());
  const headers = [125, 126, 65_535, 65_536].map((length) => {
    const encoded = new EncodedFrame("x".repeat(length));
    pair.transport.send(batchOf(encoded));
    return [...(encoded.wire ?? [])].slice(0, (encoded.wire?.length ?? 0) - length);
  });

  expect(headers).toEqual([
    [0x81, 125],
    [0x81, 126, 0, 126],
    [0x81, 126, 0xff, 0xff],
    [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0],
  ]);
});

test("bytes have the opcode of bytes", async () => {
  await using pair = await createWebSocketPair();
  pair.transport.start(new CountingReceiver());
  const encoded = new EncodedFrame(Uint8Array.of(7));

  pair.transport.send(batchOf(encoded));

  expect([...(encoded.wire ?? [])]).toEqual([0x82, 1, 7]);
});

test("pings of the client are control frames, and are answered", async () => {
  await using pair = await createWebSocketPair();
  const receiver = new CountingReceiver();
  pair.transport.start(receiver);
  let pongs = 0;
  pair.peer.webSocket.on("pong", () => pongs++);

  pair.peer.webSocket.ping();

  await eventually(() => expect([receiver.controlFrameCount, pongs]).toEqual([1, 1]));
});

test("a ping of ours brings a pong", async () => {
  await using pair = await createWebSocketPair();
  const receiver = new CountingReceiver();
  pair.transport.start(receiver);

  pair.transport.ping();

  await eventually(() => expect(receiver.controlFrameCount).toBe(1));
  expect(pair.peer.pingCount).toBe(1);
});

test("a frame larger than the limit of the WebSocket server closes with 1009", async () => {
  await using pair = await createWebSocketPair();
  const receiver = new CountingReceiver();
  pair.transport.start(receiver);

  // A header that announces 2^53 bytes, masked as a client's frames are.
  const socket = Reflect.get(pair.peer.webSocket, "_socket") as { write(bytes: Uint8Array): void }; // the stream below `ws`
  socket.write(Uint8Array.of(0x82, 0xff, 0x00, 0x20, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4));

  await eventually(() => expect(receiver.closedCode).toBe(1009));
});

test("text that is not UTF-8 closes with 1007", async () => {
  await using pair = await createWebSocketPair();
  const receiver = new CountingReceiver();
  pair.transport.start(receiver);

  pair.peer.webSocket.send(Uint8Array.of(0xff, 0xfe), { binary: false });

  await eventually(() => expect(receiver.closedCode).toBe(1007));
  expect(receiver.frames).toEqual([]);
});
