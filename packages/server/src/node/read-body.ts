import type { IncomingMessage } from "node:http";

/** Reads a request's body as text; `undefined` when it is larger than the limit or the client is gone. Never rejects. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      if (!Buffer.isBuffer(chunk)) return undefined;
      bytes += chunk.length;
      if (bytes > maxBytes) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined; // the client went away in the middle
  }
  return Buffer.concat(chunks).toString("utf8");
}
