import { Readable } from "node:stream";
import type { Context } from "hono";
import { parseByteRange } from "./byte-range.ts";
import type { ByteRange, FileStore } from "./file-store.ts";
import { isShown } from "./file-types.ts";

/** A content to answer with. */
export interface ServedContent {
  readonly storageKey: string;
  readonly mime: string;
  readonly name: string;
  /** Names the content for caches; under one tag it never changes. */
  readonly tag: string;
  /** In bytes; `undefined` where it is not known, which rules ranges out. */
  readonly size: number | undefined;
}

// A browser that is led to a file gets a document that can run nothing and load nothing.
const POLICY = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'";

/**
 * Answers with a content, or with the range that is asked for. The client may keep it, but asks each time whether it still
 * may see it.
 *
 * @throws {FileStoreError}
 */
export async function serveFile(context: Context, store: FileStore, content: ServedContent): Promise<Response> {
  const { storageKey, mime, name, size, tag } = content;
  const entityTag = `"${tag}"`;
  const headers = {
    "cache-control": "private, no-cache",
    etag: entityTag,
    "accept-ranges": size === undefined ? "none" : "bytes",
    "x-content-type-options": "nosniff",
    "content-security-policy": POLICY,
    "cross-origin-resource-policy": "same-site",
    "content-disposition": contentDisposition(isShown(mime) ? "inline" : "attachment", name),
  };
  if (namesTag(context.req.header("if-none-match"), entityTag)) return context.body(null, 304, headers);
  const range = size === undefined ? undefined : rangeOf(context, entityTag, size);
  if (range === "unsatisfiable")
    return context.body(null, 416, { ...headers, "content-range": `bytes */${size ?? 0}` });
  const typed = { ...headers, "content-type": mime, ...lengthHeaders(range, size) };
  const status = range === undefined ? 200 : 206;
  if (context.req.method === "HEAD") return context.body(null, status, typed);
  const stream = await store.open(storageKey, range);
  return context.body(toWebStream(stream), status, typed);
}

function rangeOf(context: Context, entityTag: string, size: number): ByteRange | "unsatisfiable" | undefined {
  const condition = context.req.header("if-range");
  if (condition !== undefined && condition !== entityTag) return undefined;
  return parseByteRange(context.req.header("range"), size);
}

function lengthHeaders(range: ByteRange | undefined, size: number | undefined): Record<string, string> {
  if (size === undefined) return {};
  if (range === undefined) return { "content-length": String(size) };
  const { first, last } = range;
  return { "content-length": String(last - first + 1), "content-range": `bytes ${first}-${last}/${size}` };
}

function namesTag(header: string | undefined, entityTag: string): boolean {
  const tags = (header ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(entityTag) || tags.includes("*");
}

/** RFC 6266: a name of plain letters for old programs, and the real one. */
function contentDisposition(kind: "inline" | "attachment", name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9._ -]/g, "_");
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

function toWebStream(stream: Readable): ReadableStream<Uint8Array> {
  // Node's own class under the name that the DOM's types have for it; the stream is one of bytes.
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
}
