import type { Clock } from "@hutong/server/plugin";
import type { Context } from "hono";
import { ChatError } from "../api/chat-error.ts";

/** A message body is 12 KiB at most; lists of ids stay below the rest. */
const MAX_BODY_BYTES = 65_536;
/** Who sends a small body for so long holds a connection for nothing. */
const BODY_TIMEOUT_MS = 30_000;

/**
 * Reads the small body of a call as text.
 *
 * @throws {ChatError} `too_large`; `bad_request` when it breaks off or takes too long.
 */
export async function readBody(context: Context, clock: Pick<Clock, "after">): Promise<string> {
  const length = context.req.header("content-length");
  if (Number(length ?? 0) > MAX_BODY_BYTES) throw new ChatError("too_large");
  // What tells its length before is held to it by Node, and is read in one piece.
  if (length !== undefined) return withinTime(context.req.text(), clock);
  const reader = context.req.raw.body?.getReader();
  if (reader === undefined) return "";
  try {
    return await withinTime(readParts(reader), clock);
  } catch (error) {
    // Nobody waits for the rest; what fails when it is given up has been told.
    void reader.cancel().catch(() => {});
    throw error;
  }
}

async function readParts(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > MAX_BODY_BYTES) throw new ChatError("too_large");
    parts.push(part.value);
  }
  return Buffer.concat(parts).toString("utf8");
}

function withinTime(body: Promise<string>, clock: Pick<Clock, "after">): Promise<string> {
  return new Promise((resolve, reject) => {
    const refuse = (message: string, cause?: unknown) => reject(new ChatError("bad_request", { message, cause }));
    const cancel = clock.after(BODY_TIMEOUT_MS, () => refuse("The body took too long"));
    body
      .finally(cancel)
      .then(resolve, (cause: unknown) =>
        cause instanceof ChatError ? reject(cause) : refuse("The body broke off", cause),
      );
  });
}
