import {
  CLOSE_CODES,
  type CloseName,
  type Frame,
  ProtocolError,
  type ServerMessage,
  type WireProtocol,
} from "@hutong/protocol";
import { expect } from "vitest";
import { type ConformanceOptions, describeScenarios, type Scenarios } from "./scenarios.ts";

const MESSAGES: readonly ServerMessage[] = [
  { kind: "welcome" },
  { kind: "ping", atMs: 1_700_000_000_000 },
  { kind: "heartbeat_reply", ref: "7" },
  { kind: "joined", key: "room:1", joinRef: "1", ref: "1", response: {} },
  { kind: "refused", key: "room:1", joinRef: "1", ref: "1", response: { reason: "no" } },
  { kind: "reply", key: "room:1", joinRef: "1", ref: 2, status: "ok", response: { n: [1, null, "x"] } },
  { kind: "reply", key: "room:1", joinRef: null, ref: null, status: "error", response: Uint8Array.of(1, 2, 3) },
  { kind: "push", key: "room:1", joinRef: "1", event: "new_message", payload: { body: "胡同 \ud83d\udc3c" } },
  { kind: "push", key: "room:1", joinRef: null, event: "bytes", payload: Uint8Array.of(0, 255) },
  { kind: "broadcast", key: "room:1", event: "new_message", payload: { body: "hi" } },
  { kind: "broadcast", key: "room:1", event: "bytes", payload: new Uint8Array(0) },
  { kind: "broadcast", key: "room:1", event: "nothing", payload: undefined },
  { kind: "ended", key: "room:1", joinRef: "1", cause: "left" },
  { kind: "ended", key: "room:1", joinRef: "1", cause: "stopped" },
  { kind: "ended", key: "room:1", joinRef: "1", cause: "replaced" },
  { kind: "crashed", key: "room:1", joinRef: "1" },
];

const CLIENT_KINDS: readonly string[] = [
  ...["join", "leave", "push", "heartbeat", "pong"],
  ...["recover", "track", "untrack", "list", "whisper"],
];
const ARBITRARY_COUNT = 2_000;
const MAX_REASON_BYTES = 123;

/** Pseudo-random numbers from 0 to 1, the same in every run (a linear congruential generator). */
class Randomness {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  of<T>(values: readonly [T, ...T[]]): T {
    return values[this.below(values.length)] ?? values[0];
  }
}

const WORDS = [
  "room:1",
  "phoenix",
  "heartbeat",
  "phx_join",
  "phx_leave",
  "subscribe",
  "message",
  "receive",
  "__proto__",
  "",
  "\ud800",
] as const;

const KEYS = [
  "topic",
  "event",
  "payload",
  "ref",
  "join_ref",
  "command",
  "identifier",
  "data",
  "channel",
  "action",
  "__proto__",
] as const;

/** A JSON value, often with words of the grammars in it. */
function arbitraryValue(randomness: Randomness, depth = 0): unknown {
  switch (randomness.below(depth > 3 ? 5 : 8)) {
    case 0:
      return randomness.of(WORDS);
    case 1:
      return randomness.below(1_000) - 500;
    case 2:
      return null;
    case 3:
      return randomness.next() < 0.5;
    case 4:
      return JSON.stringify(depth > 2 ? {} : arbitraryValue(randomness, depth + 1));
    case 5:
    case 6:
      return Array.from({ length: randomness.below(8) }, () => arbitraryValue(randomness, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: randomness.below(6) }, () => [randomness.of(KEYS), arbitraryValue(randomness, depth + 1)]),
      );
  }
}

function arbitraryFrame(randomness: Randomness): Frame {
  const text = JSON.stringify(arbitraryValue(randomness));
  switch (randomness.below(4)) {
    case 0:
      return text;
    case 1:
      return text.slice(randomness.below(3), randomness.below(text.length + 1));
    case 2:
      return new TextEncoder().encode(text);
    default:
      return Uint8Array.from({ length: randomness.below(40) }, () => randomness.below(randomness.of([3, 20, 256])));
  }
}

function arbitraryFrames(): readonly Frame[] {
  const randomness = new Randomness(20_261_120);
  return Array.from({ length: ARBITRARY_COUNT }, () => arbitraryFrame(randomness));
}

function outcomeOf(wireProtocol: WireProtocol, frame: Frame): unknown {
  try {
    return wireProtocol.decode(frame);
  } catch (error) {
    return error instanceof ProtocolError ? { refused: error.message, close: error.close } : { thrown: error };
  }
}

const CLOSE_NAMES: readonly CloseName[] = Object.keys(CLOSE_CODES).filter((name): name is CloseName =>
  Object.hasOwn(CLOSE_CODES, name),
);

const SCENARIOS: Scenarios<WireProtocol> = {
  "decode throws nothing but ProtocolError, whatever the frame": (wireProtocol) => {
    const thrown = arbitraryFrames()
      .map((frame) => outcomeOf(wireProtocol, frame))
      .filter((outcome) => typeof outcome === "object" && outcome !== null && "thrown" in outcome);

    expect(thrown).toEqual([]);
  },

  "decode gives a message of a known kind or refuses with a close that exists": (wireProtocol) => {
    for (const frame of arbitraryFrames()) {
      const outcome = outcomeOf(wireProtocol, frame);
      if (typeof outcome === "object" && outcome !== null && "kind" in outcome)
        expect(CLIENT_KINDS).toContain(outcome.kind);
      else expect(CLOSE_NAMES).toContain((outcome as { close?: unknown }).close); // what is no message is a refusal
    }
  },

  "decode gives the same for the same frame": (wireProtocol) => {
    for (const frame of arbitraryFrames())
      expect(outcomeOf(wireProtocol, frame)).toEqual(outcomeOf(wireProtocol, frame));
  },

  "decode leaves the bytes of a frame as they are": (wireProtocol) => {
    for (const frame of arbitraryFrames()) {
      if (typeof frame === "string") continue;
      const before = Uint8Array.from(frame);
      outcomeOf(wireProtocol, frame);
      expect(frame).toEqual(before);
    }
  },

  "decode adds nothing to the prototype of objects": (wireProtocol) => {
    for (const frame of arbitraryFrames()) outcomeOf(wireProtocol, frame);

    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  },

  "an empty frame is refused": (wireProtocol) => {
    expect(() => wireProtocol.decode("")).toThrow(ProtocolError);
    expect(() => wireProtocol.decode(new Uint8Array(0))).toThrow(ProtocolError);
  },

  "encode gives text, bytes or nothing for every kind of message": (wireProtocol) => {
    for (const message of MESSAGES) {
      const frame = wireProtocol.encode(message);
      expect(frame === undefined || typeof frame === "string" || frame instanceof Uint8Array, message.kind).toBe(true);
    }
  },

  "encode gives the same for the same message": (wireProtocol) => {
    for (const message of MESSAGES)
      expect(wireProtocol.encode(message), message.kind).toEqual(wireProtocol.encode(message));
  },

  "encode leaves the message as it is": (wireProtocol) => {
    for (const message of MESSAGES) {
      const before = structuredClone(message);
      wireProtocol.encode(message);
      expect(message).toEqual(before);
    }
  },

  "a text frame holds no lone surrogate": (wireProtocol) => {
    for (const message of MESSAGES) {
      const frame = wireProtocol.encode(message);
      if (typeof frame === "string") expect(new TextDecoder().decode(new TextEncoder().encode(frame))).toBe(frame);
    }
  },

  "a joined channel, a refusal and a broadcast have frames": (wireProtocol) => {
    for (const message of MESSAGES.filter(({ kind }) => kind === "joined" || kind === "refused")) {
      expect(wireProtocol.encode(message), message.kind).toBeDefined();
    }
    expect(wireProtocol.encode({ kind: "broadcast", key: "room:1", event: "new_message", payload: {} })).toBeDefined();
  },

  "there is a farewell for every close, with a code that may be sent": (wireProtocol) => {
    for (const close of CLOSE_NAMES) {
      const { code } = wireProtocol.farewell(close);
      expect(
        code === 1000 ||
          (code >= 1001 && code <= 1014 && ![1004, 1005, 1006].includes(code)) ||
          (code >= 3000 && code <= 4999),
        close,
      ).toBe(true);
    }
  },

  "a farewell's reason fits a close frame": (wireProtocol) => {
    for (const close of CLOSE_NAMES) {
      const { reason } = wireProtocol.farewell(close);
      expect(new TextEncoder().encode(reason).length, close).toBeLessThanOrEqual(MAX_REASON_BYTES);
    }
  },

  "a farewell gives the same for the same close": (wireProtocol) => {
    for (const close of CLOSE_NAMES) expect(wireProtocol.farewell(close)).toEqual(wireProtocol.farewell(close));
  },

  "a grammar that greets has frames for the greeting and for pings": (wireProtocol) => {
    const { greets } = wireProtocol.traits;

    expect(wireProtocol.encode({ kind: "welcome" }) !== undefined).toBe(greets);
    expect(wireProtocol.encode({ kind: "ping", atMs: 0 }) !== undefined).toBe(greets);
  },
};

/**
 * Registers the tests of a {@link WireProtocol}. Call it at the top of a test file.
 *
 * @example
 * wireProtocolConformance("my-grammar-1", myGrammar1);
 */
export function wireProtocolConformance(
  name: string,
  wireProtocol: WireProtocol,
  options: ConformanceOptions = {},
): void {
  describeScenarios(`${name} is a WireProtocol`, SCENARIOS, { create: () => wireProtocol, ...options });
}
