import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";

const SOURCE = fileURLToPath(new URL("../src", import.meta.url));

async function bundle(contents: string, minify: boolean): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: SOURCE },
    bundle: true,
    conditions: ["source"],
    format: "esm",
    minify,
    platform: "browser",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

const PAGE = 'export { ChannelError, ClosedError, createPresence, createSocket } from "./index.ts"';
const EVERYTHING = 'export * from "./index.ts"';

test("a page without an outbox loads at most 10 kB, minified and with brotli", async () => {
  const code = await bundle(PAGE, true);

  expect(code).toContain("phx_join");
  expect(code).not.toContain("hutong:push:");
  expect(brotliCompressSync(code).byteLength).toBeLessThanOrEqual(10 * 1024);
});

test("everything, with the outbox and its storages, is at most 12.5 kB", async () => {
  const code = await bundle(EVERYTHING, true);

  expect(code).toContain("hutong:push:");
  expect(brotliCompressSync(code).byteLength).toBeLessThanOrEqual(12.5 * 1024);
});

test("the bundle names nothing that only Node has", async () => {
  const code = await bundle(EVERYTHING, false);

  expect(code).toContain("phx_join");
  expect(code).not.toMatch(/\bprocess\b|\bBuffer\b|\brequire\b|\bnode:/);
});
