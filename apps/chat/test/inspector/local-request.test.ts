import { describe, expect, test } from "vitest";
import { isLocalRequest } from "../../src/inspector/local-request.ts";

function isLocal(headers: Readonly<Record<string, string>>): boolean {
  const map = new Map(Object.entries(headers));
  return isLocalRequest((name) => map.get(name));
}

describe("isLocalRequest", () => {
  test.each(["127.0.0.1:4000", "localhost:4000", "localhost", "[::1]:4000"])(
    "the machine's name %s is local",
    (host) => {
      expect(isLocal({ host })).toBe(true);
      expect(isLocal({ host, "sec-fetch-site": "same-origin" })).toBe(true);
    },
  );

  test.each(["chat.example.com", "127.0.0.1.example.com", "192.168.1.2:4000", ""])("%j is not", (host) => {
    expect(isLocal({ host })).toBe(false);
  });

  test.each(["x-forwarded-for", "forwarded", "x-real-ip", "via", "x-forwarded-host"])(
    "behind a proxy that says %s nobody is",
    (name) => {
      expect(isLocal({ host: "127.0.0.1:4000", [name]: "127.0.0.1" })).toBe(false);
    },
  );

  test.each(["cross-site", "same-site"])("a script of a %s page is not", (site) => {
    expect(isLocal({ host: "127.0.0.1:4000", "sec-fetch-site": site })).toBe(false);
  });
});
