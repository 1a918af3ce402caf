import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeServerFrame,
  encodeClientFrame,
  type Frame,
  type PhoenixMessage,
  ProtocolError,
  readReport,
  readStamp,
  type Ref,
  type ServerMessage,
  writePosition,
} from "../../src/index.ts";
import { wireProtocolNamed } from "../read-vectors.ts";

const phoenix1 = wireProtocolNamed("phoenix-1");
const phoenix2 = wireProtocolNamed("phoenix-2");
const phoenix2Hutong = wireProtocolNamed("phoenix-2+hutong.1");

const refs: fc.Arbitrary<Ref> = fc.oneof(fc.string({ unit: "grapheme" }), fc.integer(), fc.constant(null));
const words = fc.string({ unit: "grapheme", maxLength: 20 });
const refFields = fc.stringMatching(/^[0-9a-z]{1,20}$/);
const events = words.filter((event) => !["phx_join", "phx_leave", "heartbeat"].includes(event));
// JSON has no -0, so a value is taken the way it comes back from text.
const payloads = fc.jsonValue({ maxDepth: 4 }).map((value): unknown => JSON.parse(JSON.stringify(value)));
const bytes = fc.uint8Array({ maxLength: 64 });

/** What the client reads of a message that the server wrote. */
function carry(message: ServerMessage): PhoenixMessage {
  const frame = phoenix2.encode(message);
  if (frame === undefined) throw new Error(`no frame for ${message.kind}`);
  return decodeServerFrame(frame);
}

describe("client to server", () => {
  test("a text push arrives as it was sent", () => {
    fc.assert(
      fc.property(refs, refs, words, events, payloads, (joinRef, ref, topic, event, payload) => {
        const frame = encodeClientFrame({ joinRef, ref, topic, event, payload });

        expect(phoenix2.decode(frame)).toStrictEqual({ kind: "push", key: topic, joinRef, ref, event, payload });
      }),
    );
  });

  test("a binary push arrives as it was sent", () => {
    fc.assert(
      fc.property(words, words, words, events, bytes, (joinRef, ref, topic, event, payload) => {
        const frame = encodeClientFrame({ joinRef, ref, topic, event, payload });

        expect(phoenix2.decode(frame)).toStrictEqual({ kind: "push", key: topic, joinRef, ref, event, payload });
      }),
    );
  });

  test("a V1 push arrives as it was sent, as text and as bytes", () => {
    fc.assert(
      fc.property(refs, words, events, payloads, (ref, topic, event, payload) => {
        const text = JSON.stringify({ topic, event, payload, ref });
        const message = { kind: "push", key: topic, joinRef: null, ref, event, payload };

        expect(phoenix1.decode(text)).toStrictEqual(message);
        expect(phoenix1.decode(new TextEncoder().encode(text))).toStrictEqual(message);
      }),
    );
  });

  test("a __proto__ key stays an own key of the payload", () => {
    const message = phoenix2.decode('["1","2","room:a","echo",{"__proto__":{"admin":true}}]');

    expect(message).toHaveProperty("payload");
    expect("payload" in message && Object.entries(message.payload as object)).toEqual([["__proto__", { admin: true }]]);
  });

  test("a payload of bytes is a view of the frame, not a copy", () => {
    const frame = encodeClientFrame({ joinRef: "1", ref: "2", topic: "t", event: "e", payload: Uint8Array.of(9) });

    expect(phoenix2.decode(frame)).toMatchObject({ payload: { buffer: (frame as Uint8Array).buffer } });
  });
});

describe("server to client", () => {
  test("pushes and broadcasts arrive as they were sent, as text and as bytes", () => {
    fc.assert(
      fc.property(refFields, words, words, fc.oneof(payloads, bytes), (joinRef, key, event, payload) => {
        expect(carry({ kind: "push", key, joinRef, event, payload })).toStrictEqual({
          joinRef,
          ref: null,
          topic: key,
          event,
          payload,
        });
        expect(carry({ kind: "broadcast", key, event, payload })).toStrictEqual({
          joinRef: null,
          ref: null,
          topic: key,
          event,
          payload,
        });
      }),
    );
  });

  test("replies arrive as they were sent, as text and as bytes", () => {
    fc.assert(
      fc.property(
        refFields,
        refFields,
        words,
        words,
        fc.oneof(payloads, bytes),
        (joinRef, ref, key, status, response) => {
          expect(carry({ kind: "reply", key, joinRef, ref, status, response })).toStrictEqual({
            joinRef,
            ref,
            topic: key,
            event: "phx_reply",
            payload: { status, response },
          });
        },
      ),
    );
  });

  test("text replies echo refs with their type", () => {
    fc.assert(
      fc.property(refs, refs, (joinRef, ref) => {
        const message = carry({ kind: "joined", key: "room:a", joinRef, ref, response: {} });

        expect([message.joinRef, message.ref]).toStrictEqual([joinRef, ref]);
      }),
    );
  });
});

describe("between Hutong and its own client", () => {
  const ids = fc.stringMatching(/^[0-9a-z]{1,20}$/);
  const positions = fc.record({ epoch: ids, offset: fc.maxSafeNat(), id: ids }, { noNullPrototype: true });
  const stamps = fc
    .record({ epoch: ids, offset: fc.integer({ min: 1 }), id: ids }, { noNullPrototype: true })
    .map((position) => ({ ...position, prev: position.offset - 1 }));
  const bodies = fc.oneof(payloads, bytes);

  test("a position arrives with its join, beside text and beside bytes", () => {
    fc.assert(
      fc.property(positions, fc.oneof(fc.constant({}), bytes), (position, payload) => {
        const frame = encodeClientFrame({
          joinRef: "1",
          ref: "2",
          topic: "t",
          event: "phx_join",
          payload,
          extension: writePosition(position),
        });

        expect(phoenix2Hutong.decode(frame)).toMatchObject({
          kind: "join",
          params: payload,
          recover: { kind: "position", position },
        });
      }),
    );
  });

  test("an id arrives with its push, beside text and beside bytes", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 16, maxLength: 64 }), events, bodies, (pushId, event, payload) => {
        const frame = encodeClientFrame({ joinRef: "1", ref: "2", topic: "t", event, payload, extension: pushId });

        expect(phoenix2Hutong.decode(frame)).toStrictEqual({
          kind: "push",
          key: "t",
          joinRef: "1",
          ref: "2",
          event,
          payload,
          pushId,
        });
      }),
    );
  });

  test("a stamp arrives with its broadcast, beside text and beside bytes", () => {
    fc.assert(
      fc.property(stamps, words, bodies, (stamp, event, payload) => {
        const frame = phoenix2Hutong.encode({ kind: "broadcast", key: "t", event, payload, stamp });

        const message = decodeServerFrame(frame ?? "");

        expect(message).toMatchObject({ joinRef: null, ref: null, topic: "t", event });
        expect(message.payload).toStrictEqual(payload);
        expect(readStamp(message.extension)).toStrictEqual(stamp);
      }),
    );
  });

  test("a report arrives with the answer to its join, beside text and beside bytes", () => {
    fc.assert(
      fc.property(positions, bodies, (position, response) => {
        const recovery = { recovered: true, reason: "ok", position } as const;
        const frame = phoenix2Hutong.encode({ kind: "joined", key: "t", joinRef: "1", ref: "1", response, recovery });

        const message = decodeServerFrame(frame ?? "");

        expect(message.payload).toStrictEqual({ status: "ok", response });
        expect(readReport(message.extension)).toStrictEqual(recovery);
      }),
    );
  });
});

describe("arbitrary frames", () => {
  const jsonTexts = fc.json({ maxDepth: 6 });
  const almostFrames = fc
    .array(fc.oneof(fc.jsonValue(), fc.constantFrom("phx_join", "phx_leave", "heartbeat", "phoenix", "1", null)), {
      maxLength: 7,
    })
    .map((elements) => JSON.stringify(elements));
  const almostObjects = fc
    .record(
      { topic: fc.jsonValue(), event: fc.jsonValue(), payload: fc.jsonValue(), ref: refs, join_ref: refs },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value));
  const almostBinary = fc
    .tuple(fc.constantFrom(0, 1, 2, 3, 0x80, 0x81, 0x82, 0x83), fc.uint8Array({ max: 6, maxLength: 40 }))
    .map(([kind, rest]) => Uint8Array.of(kind, ...rest));
  const frames: fc.Arbitrary<Frame> = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.uint8Array(),
    jsonTexts,
    almostFrames,
    almostObjects,
    almostBinary,
  );

  test.each([
    ["phoenix-1", (frame: Frame) => phoenix1.decode(frame)],
    ["phoenix-2", (frame: Frame) => phoenix2.decode(frame)],
    ["phoenix-2+hutong.1", (frame: Frame) => phoenix2Hutong.decode(frame)],
    ["the client codec", decodeServerFrame],
  ])("%s reads a frame or throws a ProtocolError, nothing else", (_name, decode: (frame: Frame) => unknown) => {
    fc.assert(
      fc.property(frames, (frame) => {
        try {
          expect(decode(frame)).toBeTypeOf("object");
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
