import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BroadcastMessage, decodeServerFrame, JsonText } from "../src/index.ts";
import { wireProtocolNamed } from "./read-vectors.ts";

const words = fc.string({ unit: "grapheme", maxLength: 20 });
const stamp = { epoch: "e1", offset: 7, id: "m7", prev: 6 };

const broadcasts: fc.Arbitrary<BroadcastMessage> = fc.record({
  kind: fc.constant("broadcast"),
  key: words,
  event: words,
  payload: fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.constant(undefined)),
  stamp: fc.option(fc.constant(stamp), { nil: undefined }),
  topic: fc.constant("room:1"),
});

describe.each(["phoenix-1", "phoenix-2", "phoenix-2+hutong.1", "actioncable-v1-json", "actioncable-v1-ext-json"])(
  "a broadcast of %s",
  (name) => {
    const wireProtocol = wireProtocolNamed(name);

    test("is the same frame, whether its payload has been written before or not", () => {
      fc.assert(
        fc.property(broadcasts, (broadcast) => {
          // The server never hands over a payload that is left out: it is an empty object by then.
          const message = { ...broadcast, payload: broadcast.payload === undefined ? {} : broadcast.payload };

          const frame = wireProtocol.encode({ ...message, json: new JsonText(broadcast.payload) });

          expect(frame).toBe(wireProtocol.encode(message));
        }),
      );
    });
  },
);

test("a payload that has been written before is read as it was, beside an extension too", () => {
  const wireProtocol = wireProtocolNamed("phoenix-2+hutong.1");
  fc.assert(
    fc.property(broadcasts, ({ stamp: place, ...message }) => {
      const json = new JsonText(message.payload);
      const frame = wireProtocol.encode({ ...message, json, ...(place !== undefined && { stamp: place }) });

      const { topic, event, payload, extension } = decodeServerFrame(frame ?? "");

      expect({ topic, event, extension }).toEqual({
        topic: message.key,
        event: message.event,
        extension: place && ["e1", 7, "m7", 6],
      });
      expect(payload).toEqual(JSON.parse(json.text));
    }),
  );
});
