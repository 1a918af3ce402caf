import { brotliCompressSync } from "node:zlib";
import { transform } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { bundleMiniprogram } from "../build-miniprogram.ts";

const KILOBYTE = 1024;

/** What no mini-program has, in the places where a script could ask for it; a member of an object may have any name. */
const MISSING =
  /(?<![.\w$"'-])(?:window|document|self|location|navigator|globalThis|process|Buffer|require|WebSocket|fetch|XMLHttpRequest|FormData|Blob|File|URL|URLSearchParams|TextEncoder|TextDecoder|btoa|atob|localStorage|indexedDB|crypto|performance|AbortController|AbortSignal|queueMicrotask|structuredClone|setImmediate|DOMException|EventTarget|Event|eval|import)\b(?![:"'])/g;

function missingIn(script: string): readonly string[] {
  return script.replace(/"(?:\\.|[^"\\])*"/g, '""').match(MISSING) ?? [];
}

describe.each([
  ["wechat.ts", 12, "phx_join"],
  ["wechat-http.ts", 1.6, "statusCode"],
  ["wechat-web-socket.ts", 2.5, "sec-websocket-protocol"],
] as const)("the script that a mini-program loads for %s", (entry, maxKilobytes, mark) => {
  let script: string;
  beforeAll(async () => {
    script = await bundleMiniprogram(entry);
  });

  test("holds the client, in few bytes with brotli", () => {
    expect(script).toContain(mark);
    expect(brotliCompressSync(script).byteLength).toBeLessThanOrEqual(maxKilobytes * KILOBYTE);
  });

  test("is CommonJS that requires nothing and names nothing that a mini-program lacks", () => {
    expect(script).toContain("module.exports=");
    expect(missingIn(script)).toEqual([]);
  });

  test("has no syntax that is younger than ES2017", async () => {
    const lowered = await transform(script, { target: "es2017" });
    const kept = await transform(script, { target: "esnext" });

    // Not toBe: the difference of two scripts is no report.
    expect(lowered.code === kept.code).toBe(true);
  });

  test("has no private names and no sentences of the tables of codes left", () => {
    expect(script).not.toContain("new WeakMap");
    expect(script).not.toContain("summary:");
    expect(script).not.toContain("The position belongs to another history");
  });
});

test("the check of names sees one that is missing", () => {
  expect(missingIn('a.URL;"fetch";new URL(b);{self:1}')).toEqual(["URL"]);
});
