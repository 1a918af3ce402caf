import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProtocolError } from "../src/index.ts";
import { checkJsonSize, isJsonObject, MAX_JSON_DEPTH, MAX_JSON_ELEMENTS, parseJson } from "../src/json.ts";

function check(text: string): void {
  checkJsonSize([JSON.parse(text)], text);
}

describe("parseJson", () => {
  test("reads any JSON value as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        const text = JSON.stringify(value);

        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test("leaves no lone surrogate, whatever is escaped", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("\\ud83c", "\\uDFEE", "\\\\", "\\n", "u", "d83c", "é") }),
        (body) => {
          const text = `"${body}"`;

          expect(parseJson(text)).toBe(String(JSON.parse(text)).replace(/[\ud800-\udfff]/gu, "\ufffd"));
        },
      ),
    );
  });

  test("an error quotes nothing of the text", () => {
    expect(() => parseJson("secret")).toThrow(new ProtocolError("text is not JSON"));
  });
});

describe("checkJsonSize", () => {
  test("the limits are 32 levels and 10,000 elements", () => {
    expect([MAX_JSON_DEPTH, MAX_JSON_ELEMENTS]).toEqual([32, 10_000]);
  });

  test("takes 32 levels of objects and arrays, not 33", () => {
    expect(() => check(`${'{"a":['.repeat(16)}${"]}".repeat(16)}`)).not.toThrow();
    expect(() => check(`[${'{"a":['.repeat(16)}${"]}".repeat(16)}]`)).toThrow("payload nests deeper than 32 levels");
  });

  test("takes 10,000 elements, not 10,001", () => {
    expect(() => check(`[${"1,".repeat(9_999)}1]`)).not.toThrow();
    expect(() => check(`[${"1,".repeat(10_000)}1]`)).toThrow("payload holds more than 10000 keys and elements");
  });

  test("counts keys of objects on every level together", () => {
    const row = `{${Array.from({ length: 99 }, (_, index) => `"k${index}":0`).join(",")}}`;

    expect(() => check(`[${`${row},`.repeat(99)}${row}]`)).not.toThrow();
    expect(() => check(`[${`${row},`.repeat(100)}${row}]`)).toThrow("payload holds more than 10000 keys and elements");
  });

  test("takes a long text that holds few elements", () => {
    expect(() => check(JSON.stringify({ body: "x".repeat(1_000_000) }))).not.toThrow();
  });

  test("hostile nesting costs no call stack", () => {
    const text = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;

    expect(() => checkJsonSize([parseJson(text)], text)).toThrow("payload nests deeper than 32 levels");
  });
});

describe("isJsonObject", () => {
  test("takes objects, not arrays, null or scalars", () => {
    expect([{}, [], null, 1, "x", undefined].map(isJsonObject)).toEqual([true, false, false, false, false, false]);
  });
});
