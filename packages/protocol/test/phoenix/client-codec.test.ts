import { describe, expect, test } from "vitest";
import { decodeServerFrame, encodeClientFrame, type PhoenixMessage, ProtocolError } from "../../src/index.ts";
import { type FrameVectors, readVectorFile } from "../read-vectors.ts";

const MESSAGE: PhoenixMessage = { joinRef: "1", ref: "2", topic: "room:a", event: "bin", payload: {} };
const BYTES = Uint8Array.of(9, 8, 7);
const BINARY_PUSH = Uint8Array.of(
  0,
  1,
  1,
  6,
  3,
  0x31,
  0x32,
  0x72,
  0x6f,
  0x6f,
  0x6d,
  0x3a,
  0x61,
  0x62,
  0x69,
  0x6e,
  9,
  8,
  7,
);

function frameOf(kind: number, fields: readonly string[], payload: Uint8Array): Uint8Array {
  const header = [kind, ...fields.map((field) => field.length)];
  return Uint8Array.of(...header, ...new TextEncoder().encode(fields.join("")), ...payload);
}

describe("encodeClientFrame", () => {
  test("writes a JSON array", () => {
    expect(encodeClientFrame({ ...MESSAGE, payload: { x: 1 } })).toBe('["1","2","room:a","bin",{"x":1}]');
  });

  test("keeps null and numeric refs in text", () => {
    expect(encodeClientFrame({ ...MESSAGE, joinRef: null, ref: 7 })).toBe('[null,7,"room:a","bin",{}]');
  });

  test("writes {} for a payload that is left out", () => {
    expect(encodeClientFrame({ ...MESSAGE, payload: undefined })).toBe('["1","2","room:a","bin",{}]');
  });

  test("writes a binary push for a Uint8Array", () => {
    expect(encodeClientFrame({ ...MESSAGE, payload: BYTES })).toEqual(BINARY_PUSH);
  });

  test("writes a binary push for an ArrayBuffer", () => {
    expect(encodeClientFrame({ ...MESSAGE, payload: BYTES.buffer })).toEqual(BINARY_PUSH);
  });

  test("writes only the view of a larger buffer", () => {
    expect(encodeClientFrame({ ...MESSAGE, payload: Uint8Array.of(1, 9, 8, 7, 1).subarray(1, 4) })).toEqual(
      BINARY_PUSH,
    );
  });

  test("writes an extension as the sixth element", () => {
    expect(encodeClientFrame({ ...MESSAGE, extension: ["e1", 41, "m41"] })).toBe(
      '["1","2","room:a","bin",{},["e1",41,"m41"]]',
    );
  });

  test("writes an extension beside bytes as one more field", () => {
    expect(encodeClientFrame({ ...MESSAGE, payload: BYTES, extension: "0123456789abcdef" })).toEqual(
      frameOf(0x80, ["1", "2", "room:a", "bin", '"0123456789abcdef"'], BYTES),
    );
  });

  test("refuses an extension of more than 255 bytes beside bytes", () => {
    expect(() => encodeClientFrame({ ...MESSAGE, payload: BYTES, extension: "x".repeat(254) })).toThrow(
      new ProtocolError(`field ""${"x".repeat(31)}…" takes 256 bytes; a binary frame holds at most 255`),
    );
  });

  test("refuses a binary field of more than 255 bytes, naming its beginning only", () => {
    expect(() => encodeClientFrame({ ...MESSAGE, topic: "x".repeat(256), payload: BYTES })).toThrow(
      new ProtocolError(`field "${"x".repeat(32)}…" takes 256 bytes; a binary frame holds at most 255`),
    );
  });
});

describe("decodeServerFrame", () => {
  const texts = ["phoenix-2.json", "phoenix-2-plain.json", "phoenix-2+hutong.1.json"]
    .flatMap((file) => (readVectorFile(file) as FrameVectors).vectors)
    .flatMap((vector) =>
      vector.direction === "encode" && typeof vector.frame === "string" ? [{ ...vector, frame: vector.frame }] : [],
    );

  test.each(texts)("$clause reads: $name", ({ frame }) => {
    const [joinRef, ref, topic, event, payload, ...rest]: unknown[] = JSON.parse(frame) as unknown[];

    expect(decodeServerFrame(frame)).toStrictEqual({
      joinRef,
      ref,
      topic,
      event,
      payload,
      ...(rest.length > 0 && { extension: rest[0] }),
    });
  });

  test("gives the sixth element as it is, and ignores a seventh", () => {
    expect(decodeServerFrame('[null,null,"room:a","new_msg",{"b":1},["e1",42,"m42",40],7]')).toStrictEqual({
      joinRef: null,
      ref: null,
      topic: "room:a",
      event: "new_msg",
      payload: { b: 1 },
      extension: ["e1", 42, "m42", 40],
    });
  });

  test("reads the extension of each binary kind", () => {
    const message = { topic: "room:a", event: "bin", payload: BYTES, extension: ["e1", 42, "m42", 40] };
    const extension = '["e1",42,"m42",40]';

    expect(decodeServerFrame(frameOf(0x80, ["1", "room:a", "bin", extension], BYTES))).toStrictEqual({
      ...message,
      joinRef: "1",
      ref: null,
    });
    expect(decodeServerFrame(frameOf(0x81, ["1", "2", "room:a", "ok", extension], BYTES))).toStrictEqual({
      ...message,
      joinRef: "1",
      ref: "2",
      event: "phx_reply",
      payload: { status: "ok", response: BYTES },
    });
    expect(decodeServerFrame(frameOf(0x82, ["room:a", "bin", extension], BYTES))).toStrictEqual({
      ...message,
      joinRef: null,
      ref: null,
    });
  });

  test("reads a binary push, as bytes and as an ArrayBuffer", () => {
    const frame = frameOf(0, ["1", "room:a", "bin_push"], BYTES);
    const message = { joinRef: "1", ref: null, topic: "room:a", event: "bin_push", payload: BYTES };

    expect(decodeServerFrame(frame)).toStrictEqual(message);
    expect(decodeServerFrame(Uint8Array.from(frame).buffer)).toStrictEqual(message);
  });

  test("reads a binary reply in the shape of a text one", () => {
    expect(decodeServerFrame(frameOf(1, ["1", "2", "room:a", "ok"], BYTES))).toStrictEqual({
      joinRef: "1",
      ref: "2",
      topic: "room:a",
      event: "phx_reply",
      payload: { status: "ok", response: BYTES },
    });
  });

  test("reads a binary broadcast without refs", () => {
    expect(decodeServerFrame(frameOf(2, ["room:a", "bin_bcast"], BYTES))).toStrictEqual({
      joinRef: null,
      ref: null,
      topic: "room:a",
      event: "bin_bcast",
      payload: BYTES,
    });
  });

  test("reads empty refs of binary frames as null", () => {
    expect(decodeServerFrame(frameOf(0, ["", "room:a", "x"], BYTES))).toMatchObject({ joinRef: null });
    expect(decodeServerFrame(frameOf(1, ["", "", "room:a", "ok"], BYTES))).toMatchObject({ joinRef: null, ref: null });
  });

  test("a binary payload is a view of the frame, not a copy", () => {
    const frame = frameOf(2, ["room:a", "bin"], BYTES);

    expect(decodeServerFrame(frame)).toMatchObject({ payload: { buffer: frame.buffer } });
  });

  test.each([
    "{nope",
    "{}",
    '["1","2","room:a","phx_reply"]',
    '[{},"2","room:a","x",{}]',
    '["1",true,"room:a","x",{}]',
    '["1","2",7,"x",{}]',
    '["1","2","room:a",7,{}]',
  ])("refuses %s", (frame) => {
    expect(() => decodeServerFrame(frame)).toThrow(ProtocolError);
  });

  test.each([
    [[]],
    [[3, 0, 0]],
    [[0, 1]],
    [[1, 9, 9, 9, 9, 0]],
    [[2, 1, 0, 0xff]],
    [[0x82, 0, 0]],
    [[0x82, 0, 0, 1, 0x7b]],
    [[0x83]],
  ])("refuses the bytes %j", (bytes) => {
    expect(() => decodeServerFrame(Uint8Array.from(bytes))).toThrow(ProtocolError);
  });
});
