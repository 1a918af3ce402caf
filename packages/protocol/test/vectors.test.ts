import { describe, expect, test } from "vitest";
import { CLOSE_CODES, type CloseName, ProtocolError } from "../src/index.ts";
import {
  type DecodeVector,
  type EncodeVector,
  FRAME_FILES,
  type FrameVectors,
  readVectorFile,
  WIRE_PROTOCOLS,
  wireProtocolNamed,
} from "./read-vectors.ts";

interface FarewellVector {
  readonly clause: string;
  readonly wireProtocol: string;
  readonly close: CloseName;
  readonly code: number;
  readonly frame?: string;
}

/** The close of the ProtocolError that the action throws. */
function closeOf(action: () => unknown): CloseName {
  try {
    action();
  } catch (error) {
    if (error instanceof ProtocolError) return error.close;
    throw error;
  }
  throw new Error("nothing was thrown");
}

function checkDecode(wireProtocol: string, vector: DecodeVector): void {
  const decode = (): unknown => wireProtocolNamed(wireProtocol).decode(vector.frame);
  if (vector.error === undefined) expect(decode()).toStrictEqual(vector.message);
  else expect(closeOf(decode)).toBe(vector.error);
}

function checkEncode(wireProtocol: string, vector: EncodeVector): void {
  const encode = (): unknown => wireProtocolNamed(wireProtocol).encode(vector.message);
  if (vector.error === undefined) expect(encode()).toStrictEqual(vector.frame);
  else expect(closeOf(encode)).toBe(vector.error);
}

describe.each(FRAME_FILES)("%s", (file) => {
  const { wireProtocols, vectors } = readVectorFile(file) as FrameVectors;

  describe.each(wireProtocols)("%s", (name) => {
    test.each(vectors)("$clause $direction: $name", (vector) => {
      if (vector.direction === "decode") checkDecode(name, vector);
      else checkEncode(name, vector);
    });
  });

  test("every row says what comes out, once", () => {
    const unclear = vectors.filter((vector) => {
      const outcomes =
        vector.direction === "decode" ? [vector.message, vector.error] : [vector.frame, vector.absent, vector.error];
      return outcomes.filter((outcome) => outcome !== undefined).length !== 1;
    });

    expect(unclear).toEqual([]);
  });
});

describe("farewell.json", () => {
  const { vectors } = readVectorFile("farewell.json") as { readonly vectors: readonly FarewellVector[] };

  test.each(vectors)("$clause: $close ends $wireProtocol with $code", ({ wireProtocol, close, code, frame }) => {
    expect(wireProtocolNamed(wireProtocol).farewell(close)).toStrictEqual({ frame, code, reason: close });
  });

  test("every wire protocol has a row for every close", () => {
    const rows = vectors.map(({ wireProtocol, close }) => `${wireProtocol} ${close}`);

    const expected = [...WIRE_PROTOCOLS.keys()].flatMap((name) =>
      Object.keys(CLOSE_CODES).map((close) => `${name} ${close}`),
    );
    expect(rows.toSorted()).toEqual(expected.toSorted());
  });
});
