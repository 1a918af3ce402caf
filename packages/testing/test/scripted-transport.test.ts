import type { Frame } from "@hutong/protocol";
import {
  type ObservedClose,
  ScriptedTransport,
  type TransportPair,
  type TransportPeer,
  transportConformance,
} from "@hutong/testing";
import { expect, test } from "vitest";

/** The script of a client that does what the conformance suite asks. */
class ScriptedPeer implements TransportPeer {
  readonly transport = new ScriptedTransport();

  get frames(): readonly Frame[] {
    return this.transport.sent;
  }

  get closed(): ObservedClose | undefined {
    if (this.transport.closedWith !== undefined) return this.transport.closedWith;
    return this.transport.isTerminated ? { code: 1006, reason: "" } : undefined;
  }

  send(frame: Frame): void {
    this.transport.receive(frame);
  }

  stall(): void {
    this.transport.stall();
  }

  resume(): void {
    this.transport.resume();
  }

  close(code: number, reason: string): void {
    this.transport.end(code, reason);
  }

  drop(): void {
    this.transport.end();
  }
}

function createPair(): TransportPair {
  const peer = new ScriptedPeer();
  return { transport: peer.transport, peer, [Symbol.asyncDispose]: async () => peer.transport.end() };
}

transportConformance("ScriptedTransport", createPair);

test("a client that does not answer a close stays until the test ends it", () => {
  const transport = new ScriptedTransport({ answersClose: false });
  const closes: number[] = [];
  transport.start({
    frame: () => {},
    malformed: () => {},
    alive: () => {},
    controlFrame: () => {},
    writable: () => {},
    closed: (code) => closes.push(code),
  });

  transport.close(1012, "drained");
  const before = [...closes];
  transport.end(1006);

  expect([before, closes]).toEqual([[], [1006]]);
  expect(transport.closedWith).toEqual({ code: 1012, reason: "drained" });
});

test("signs of life and control frames reach the receiver", () => {
  const transport = new ScriptedTransport();
  const heard: string[] = [];
  transport.start({
    frame: () => {},
    malformed: (message) => heard.push(message),
    alive: () => heard.push("alive"),
    controlFrame: () => heard.push("control frame"),
    writable: () => heard.push("writable"),
    closed: () => {},
  });

  transport.malformed("unreadable");
  transport.alive();
  transport.controlFrame();
  transport.stall();
  transport.resume();
  transport.ping();

  expect([heard, transport.pingCount]).toEqual([["unreadable", "alive", "control frame", "writable"], 1]);
});

test("a second start is refused", () => {
  const transport = new ScriptedTransport();
  const receiver = {
    frame: () => {},
    malformed: () => {},
    alive: () => {},
    controlFrame: () => {},
    writable: () => {},
    closed: () => {},
  };
  transport.start(receiver);

  expect(() => transport.start(receiver)).toThrow("the transport was started already");
});

test("what the test says waits, besides what waits for a stalled client", () => {
  const transport = new ScriptedTransport();

  transport.extraBufferedAmount = 100;

  expect(transport.bufferedAmount).toBe(100);
});
