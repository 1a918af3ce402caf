import { expect, test } from "vitest";
import { MAX_QUERY_PAIRS, parseQuery } from "../../src/node/query.ts";

function parse(search: string): unknown {
  return JSON.parse(JSON.stringify(parseQuery(search)));
}

test.each<[string, unknown]>([
  ["", {}],
  ["?", {}],
  ["?a=1&b=2", { a: "1", b: "2" }],
  ["a=1", { a: "1" }],
  ["?a", { a: "" }],
  ["?a=", { a: "" }],
  ["?=1", {}],
  ["?a=b=c", { a: "b=c" }],
  ["?a=1&a=2", { a: "2" }],
  ["?&a=1&", { a: "1" }],
  ["?a+b=c+d", { "a b": "c d" }],
  ["?%E8%83%A1=%E5%90%8C", { 胡: "同" }],
  ["?a%5Bb%5D=1", { a: { b: "1" } }],
  ["?a[b]=1&a[c]=2", { a: { b: "1", c: "2" } }],
  ["?a[b][c]=1&a[b][d]=2", { a: { b: { c: "1", d: "2" } } }],
  ["?l[]=1&l[]=2", { l: ["1", "2"] }],
  ["?a[l][]=1&a[l][]=2", { a: { l: ["1", "2"] } }],
  ["?l[0]=x&l[1]=y", { l: { 0: "x", 1: "y" } }],
  ["?a=1&a[b]=2", { a: { b: "2" } }],
  ["?a[b]=2&a=1", { a: "1" }],
  ["?[a]=1", { "[a]": "1" }],
  ["?a[b=1", { "a[b": "1" }],
  ["?a]=1", { "a]": "1" }],
])("%j is read as Plug reads it", (search, params) => {
  expect(parse(search)).toEqual(params);
});

test.each(["__proto__", "constructor", "toString"])("%s is a name like any other", (name) => {
  const params = parseQuery(`?${name}=1&${name}x[${name}]=2`);

  expect(Object.entries(params)[0]).toEqual([name, "1"]);
  expect(Object.getPrototypeOf(params)).toBeNull();
});

test("nested objects have no prototype either", () => {
  const { a } = parseQuery("?a[__proto__][polluted]=1");

  expect(Object.getPrototypeOf(a)).toBeNull();
  expect("polluted" in {}).toBe(false);
});

test.each(["?a=%", "?a=%E8", "?%zz=1"])("%j is malformed", (search) => {
  expect(() => parseQuery(search)).toThrow(URIError);
});

test("more parameters than the limit are refused", () => {
  const search = (count: number): string => Array.from({ length: count }, (_, index) => `p${index}=1`).join("&");

  expect(Object.keys(parseQuery(search(MAX_QUERY_PAIRS)))).toHaveLength(1_000);
  expect(() => parseQuery(search(MAX_QUERY_PAIRS + 1))).toThrow("more than 1000 query parameters");
});

test("deeper nesting than the limit is refused", () => {
  expect(() => parseQuery(`a${"[b]".repeat(31)}=1`)).not.toThrow();
  expect(() => parseQuery(`a${"[b]".repeat(32)}=1`)).toThrow(URIError);
});
