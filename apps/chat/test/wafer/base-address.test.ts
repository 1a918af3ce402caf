import { expect, test } from "vitest";
import { baseAddress } from "../../src/wafer/base-address.ts";

test.each([
  ["https://chat.example.org", { host: "evil.example" }, "https://chat.example.org"],
  [undefined, { host: "127.0.0.1:4000" }, "http://127.0.0.1:4000"],
  [undefined, { host: "chat.example.org", "x-forwarded-proto": "https" }, "https://chat.example.org"],
  [undefined, { host: "[::1]:4000", "x-forwarded-proto": "ftp" }, "http://[::1]:4000"],
  [undefined, { host: "a b/<script>" }, "http://localhost"],
  [undefined, {}, "http://localhost"],
])("with %s and %o it is %s", (publicUrl, headers, base) => {
  expect(baseAddress(publicUrl, (name) => new Map(Object.entries(headers)).get(name))).toBe(base);
});
