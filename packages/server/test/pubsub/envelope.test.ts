import { ProtocolError } from "@hutong/protocol";
import { expect, test } from "vitest";
import { BroadcastEnvelope, decodeEnvelope } from "../../src/pubsub/envelope.ts";

function toBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

test("a JSON payload follows the head and a line feed", () => {
  const { bytes } = new BroadcastEnvelope({ topic: "room:1", event: "new_msg", payload: { body: "hi" } });

  expect(new TextDecoder().decode(bytes)).toBe('["new_msg",null]\nj{"body":"hi"}');
});

test("bytes follow the head as they are", () => {
  const { bytes } = new BroadcastEnvelope({ topic: "room:1", event: "bin", payload: Uint8Array.of(10, 0, 255) });

  expect([...bytes]).toEqual([...toBytes('["bin",null]\nb'), 10, 0, 255]);
});

test("the envelope is encoded once", () => {
  const envelope = new BroadcastEnvelope({ topic: "room:1", event: "e", payload: {} });

  expect(envelope.bytes).toBe(envelope.bytes);
});

test("a missing payload arrives as an empty object", () => {
  const { bytes } = new BroadcastEnvelope({ topic: "room:1", event: "e", payload: undefined });

  expect(decodeEnvelope("room:1", bytes)).toEqual({ topic: "room:1", event: "e", payload: {} });
});

test.each(["", "x", '["e"]', '["e"]\n', '["e"]\nx{}', "[5]\nj{}", '"e"\nj{}', '["e"]\nj{', "e\nj{}"])(
  "%j is no envelope",
  (text) => {
    expect(() => decodeEnvelope("room:1", toBytes(text))).toThrow(Error);
  },
);

test("bytes without a line feed are refused as a ProtocolError", () => {
  expect(() => decodeEnvelope("room:1", toBytes("garbage"))).toThrow(ProtocolError);
});
