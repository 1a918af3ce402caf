import fc from "fast-check";
import { expect, test } from "vitest";
import { BroadcastEnvelope, decodeEnvelope } from "../../src/pubsub/envelope.ts";

// JSON has no -0, and a `__proto__` key makes deep equality of the test library look at prototypes.
const jsonValue = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));
const wellFormed = fc.string({ unit: "grapheme" });

test("a broadcast of JSON survives the round trip", () => {
  fc.assert(
    fc.property(wellFormed, jsonValue, (event, payload) => {
      const { bytes } = new BroadcastEnvelope({ topic: "room:1", event, payload });

      const broadcast = decodeEnvelope("room:1", bytes);

      expect(broadcast.event).toBe(event);
      expect(JSON.stringify(broadcast.payload)).toBe(JSON.stringify(payload));
    }),
  );
});

test("a broadcast of bytes survives the round trip", () => {
  fc.assert(
    fc.property(wellFormed, fc.uint8Array({ maxLength: 300 }), (event, payload) => {
      const { bytes } = new BroadcastEnvelope({ topic: "room:1", event, payload });

      const broadcast = decodeEnvelope("room:1", bytes);

      expect(broadcast.event).toBe(event);
      expect(broadcast.payload).toEqual(payload);
    }),
  );
});

test("arbitrary bytes are decoded or refused with an Error", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        expect(typeof decodeEnvelope("room:1", bytes).event).toBe("string");
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
  );
});
