import fc from "fast-check";
import { expect, test } from "vitest";
import type { QueryParams } from "../../src/connect.ts";
import { parseQuery } from "../../src/node/query.ts";

const segment = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "prototype", "a", "b", "", "0", "%5B", "%", "+"),
  fc.string({ maxLength: 5 }),
);
const name = fc
  .tuple(segment, fc.array(segment, { maxLength: 4 }))
  .map(([head, rest]) => head + rest.map((part) => `[${part}]`).join(""));
const query = fc
  .array(fc.tuple(name, fc.string({ maxLength: 5 })), { maxLength: 10 })
  .map((pairs) => pairs.map((pair) => pair.join("=")).join("&"));

function isPlain(value: QueryParams[string]): boolean {
  if (typeof value === "string") return true;
  if (Array.isArray(value)) return value.every((item: string | QueryParams) => isPlain(item));
  return Object.getPrototypeOf(value) === null && Object.values(value).every((item) => isPlain(item));
}

test("whatever the query, it is read into plain data or refused, and no prototype changes", () => {
  fc.assert(
    fc.property(query, (search) => {
      try {
        expect(isPlain(parseQuery(search))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(URIError);
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect(Object.keys(Array.prototype)).toEqual([]);
      expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    }),
  );
});

test("flat parameters survive the round trip through URLSearchParams", () => {
  const flat = fc.dictionary(fc.stringMatching(/^[^[\]\ud800-\udfff]+$/), fc.stringMatching(/^[^\ud800-\udfff]*$/), {
    maxKeys: 8,
  });
  fc.assert(
    fc.property(flat, (params) => {
      const search = new URLSearchParams(Object.entries(params)).toString();

      expect(new Map(Object.entries(parseQuery(search)))).toEqual(new Map(Object.entries(params)));
    }),
  );
});
