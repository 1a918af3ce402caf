import { describe, expect, test } from "vitest";
import { isOriginAllowed, type OriginPolicy } from "../../src/node/origin.ts";

function isAllowed(policy: OriginPolicy, origin: string | undefined, host = "example.com"): boolean {
  return isOriginAllowed(policy, origin, host);
}

describe("a request without an origin", () => {
  test.each<[OriginPolicy]>([["same_host"], ["any"], [["https://example.com"]], [() => false]])(
    "passes %j",
    (policy) => {
      expect(isAllowed(policy, undefined)).toBe(true);
    },
  );
});

describe("an origin that is no URL", () => {
  test.each(["null", "file://", "", "example.com", "https://a.com,https://example.com", "https://"])(
    "%j is refused by same_host, lists and functions",
    (origin) => {
      expect(isAllowed("same_host", origin)).toBe(false);
      expect(isAllowed(["https://example.com", "//example.com"], origin)).toBe(false);
      expect(isAllowed(() => true, origin)).toBe(false);
    },
  );

  test("passes any", () => {
    expect(isAllowed("any", "null")).toBe(true);
  });
});

describe("same_host", () => {
  test.each<[string, string, boolean]>([
    ["https://example.com", "example.com", true],
    ["http://example.com", "example.com", true],
    ["https://EXAMPLE.com", "example.COM", true],
    ["http://localhost:4000", "localhost:4000", true],
    ["http://localhost:4000", "localhost:4001", false],
    ["http://localhost:4000", "localhost", false],
    ["https://example.com", "example.com:443", true],
    ["http://example.com", "example.com:80", true],
    ["https://example.com", "example.com:80", false],
    ["https://sub.example.com", "example.com", false],
    ["https://example.com.evil.net", "example.com", false],
    ["http://[::1]:4000", "[::1]:4000", true],
    ["https://example.com", "", false],
  ])("origin %s at host %s: %s", (origin, host, allowed) => {
    expect(isAllowed("same_host", origin, host)).toBe(allowed);
  });

  test("without a host is refused", () => {
    expect(isOriginAllowed("same_host", "https://example.com", undefined)).toBe(false);
  });
});

describe("a list", () => {
  test.each<[string, string, boolean]>([
    ["https://example.com", "https://example.com", true],
    ["https://example.com", "https://example.com:443", true],
    ["https://example.com", "http://example.com", false],
    ["https://example.com", "https://example.com:8443", false],
    ["https://example.com:8443", "https://example.com:8443", true],
    ["http://localhost:3000", "http://localhost:3000", true],
    ["//example.com", "https://example.com", true],
    ["//example.com", "http://example.com:8080", true],
    ["//example.com", "https://sub.example.com", false],
    ["//example.com:888", "https://example.com:888", true],
    ["//example.com:888", "http://example.com:888", true],
    ["//example.com:888", "http://example.com", false],
    ["//example.com:443", "https://example.com", true],
    ["//example.com:443", "http://example.com", false],
    ["//example.com:80", "http://example.com", true],
    ["//example.com:80", "http://example.com:8080", false],
    ["//*.example.com", "https://example.com", true],
    ["//*.example.com", "https://a.example.com", true],
    ["//*.example.com", "https://a.b.example.com:8443", true],
    ["//*.example.com", "https://prefix-example.com", false],
    ["//*.example.com", "https://example.com.evil.net", false],
    ["https://*.example.com", "https://a.example.com", true],
    ["https://*.example.com", "http://a.example.com", false],
    ["//example.com", "https://EXAMPLE.com", true],
    ["not a rule", "https://example.com", false],
  ])("of %s lets %s in: %s", (rule, origin, allowed) => {
    expect(isAllowed([rule], origin)).toBe(allowed);
  });

  test("lets in what any of its rules does", () => {
    expect(isAllowed(["https://a.com", "https://b.com"], "https://b.com")).toBe(true);
    expect(isAllowed([], "https://b.com")).toBe(false);
  });
});

describe("a function", () => {
  test("decides by the parsed origin", () => {
    const isSecure = (origin: URL): boolean => origin.protocol === "https:";

    expect(isAllowed(isSecure, "https://anywhere.net")).toBe(true);
    expect(isAllowed(isSecure, "http://anywhere.net")).toBe(false);
  });
});
