import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { isRecord } from "../is-record.ts";
import type { HtmlPage } from "./pages-html.ts";

/** A request below the base path, and its answer. */
export interface Exchange {
  /** Its body is not read yet. */
  readonly request: IncomingMessage;
  /** Ended by whoever answers. */
  readonly response: ServerResponse;
  /** Address of the request. */
  readonly url: URL;
}

/** The address that a request names, `undefined` when it is none: `//` for example. */
export function urlOf(request: IncomingMessage): URL | undefined {
  try {
    return new URL(request.url ?? "/", "http://runner");
  } catch {
    // Anybody may send anything; it belongs to nobody.
    return undefined;
  }
}

/** A page of another site must not use the runner. Frames of a mini-program have the origin `null`. */
export function isOwnOrigin(request: IncomingMessage, alsoAllowed?: string): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || origin === alsoAllowed) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    // No origin at all, `null` for example.
    return false;
  }
}

/** Answers an upgrade with a status, `"403 Forbidden"` for example. */
export function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Decodes the path of an address. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A stray percent sign stands for itself.
    return path;
  }
}

/** Answers with a page. */
export function send(response: ServerResponse, { html, policy }: HtmlPage): void {
  response
    .writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "cache-control": "no-store",
    })
    .end(html);
}

/** Answers with a file, which frames of any origin may load. */
export function sendBytes(response: ServerResponse, type: string, body: Buffer | string): void {
  response
    .writeHead(200, {
      "content-type": type,
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
      "x-content-type-options": "nosniff",
      "cache-control": "no-cache",
      // A file may be an SVG, or a document that a server sent as one: opened by itself it must not run.
      "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    })
    .end(body);
}

/** Answers with a value. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response
    .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
    .end(JSON.stringify(value));
}

/**
 * Reads the whole body.
 *
 * @throws {RangeError} when it is longer.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > maxBytes) throw new RangeError(`the body is longer than ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** The fields of a JSON object; none when it is anything else. */
export function parseJson(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return isRecord(value) ? value : {};
  } catch {
    // What a phone does not say has defaults.
    return {};
  }
}
