import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Frame, ProtocolError } from "../../src/index.ts";
import { wireProtocolNamed } from "../read-vectors.ts";

const cable = wireProtocolNamed("actioncable-v1-json");

const words = fc.string({ unit: "grapheme", maxLength: 20 });
const objects = fc
  .dictionary(words, fc.jsonValue({ maxDepth: 3 }))
  .map((value) => JSON.parse(JSON.stringify(value)) as Readonly<Record<string, unknown>>);

/** The object with a key in front, as own properties whatever their names. */
function withKey(key: string, value: unknown, rest: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.fromEntries([[key, value], ...Object.entries(rest).filter(([name]) => name !== key)]));
}

function without(key: string, value: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

describe("commands", () => {
  test("a subscribe keeps its identifier byte for byte and yields the other keys", () => {
    fc.assert(
      fc.property(words, objects, (name, params) => {
        const key = withKey("channel", name, params);

        const message = cable.decode(JSON.stringify({ command: "subscribe", identifier: key }));

        expect(message).toStrictEqual({
          kind: "join",
          key,
          target: { kind: "name", name },
          joinRef: null,
          ref: null,
          params: without("channel", params),
        });
      }),
    );
  });

  test("a message yields its action and the other keys of its data", () => {
    fc.assert(
      fc.property(
        words,
        words.filter((action) => action.trim() !== ""),
        objects,
        (key, event, payload) => {
          const data = withKey("action", event, payload);

          const message = cable.decode(JSON.stringify({ command: "message", identifier: key, data }));

          expect(message).toStrictEqual({
            kind: "push",
            key,
            joinRef: null,
            ref: null,
            event,
            payload: without("action", payload),
          });
        },
      ),
    );
  });

  test("an unsubscribe keeps its identifier byte for byte", () => {
    fc.assert(
      fc.property(words, (key) => {
        const message = cable.decode(JSON.stringify({ command: "unsubscribe", identifier: key }));

        expect(message).toStrictEqual({ kind: "leave", key, joinRef: null, ref: null });
      }),
    );
  });

  test("a __proto__ key stays an own key of the parameters and the payload", () => {
    const join = cable.decode(
      JSON.stringify({ command: "subscribe", identifier: '{"channel":"C","__proto__":{"admin":true}}' }),
    );
    const push = cable.decode(
      JSON.stringify({ command: "message", identifier: "C", data: '{"__proto__":{"action":"a"}}' }),
    );

    expect("params" in join && Object.entries(join.params as object)).toEqual([["__proto__", { admin: true }]]);
    expect("payload" in push && Object.entries(push.payload as object)).toEqual([["__proto__", { action: "a" }]]);
    expect(push).toMatchObject({ event: "receive" });
  });
});

describe("data", () => {
  test("every payload is one JSON object of identifier and message", () => {
    fc.assert(
      fc.property(words, words, fc.jsonValue(), (key, event, payload) => {
        const frame = cable.encode({ kind: "broadcast", key, event, payload });

        expect(JSON.parse(String(frame))).toEqual(JSON.parse(JSON.stringify({ identifier: key, message: payload })));
      }),
    );
  });
});

describe("arbitrary frames", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.constantFrom('{"channel":"C"}', '{"action":7}', "null"),
  );
  const almostCommands = fc
    .record(
      {
        command: fc.constantFrom("subscribe", "unsubscribe", "message", "nope"),
        identifier: fc.oneof(texts, fc.jsonValue()),
        data: fc.oneof(texts, fc.jsonValue()),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value));
  const frames: fc.Arbitrary<Frame> = fc.oneof(texts, fc.uint8Array(), almostCommands);

  test("a frame is read or throws a ProtocolError, nothing else", () => {
    fc.assert(
      fc.property(frames, (frame) => {
        try {
          expect(cable.decode(frame)).toBeTypeOf("object");
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
