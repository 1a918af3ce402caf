import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeUtf8, encodeUtf8 } from "../src/utf8.ts";

describe("UTF-8", () => {
  test("text goes out as the platform's encoder writes it, lone surrogates included", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.string({ unit: fc.constantFrom("\ud83c", "\udfee", "%", "a") }),
        (one, other) => {
          expect(encodeUtf8(one + other)).toEqual(new TextEncoder().encode(one + other));
        },
      ),
    );
  });

  test("bytes are read as the platform's strict decoder reads them", () => {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const platform = (bytes: Uint8Array): string | undefined => {
      try {
        return decoder.decode(bytes);
      } catch {
        return undefined;
      }
    };

    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.string({ unit: "binary" }).map(encodeUtf8)), (bytes) => {
        expect(decodeUtf8(bytes)).toBe(platform(bytes));
      }),
    );
  });
});
