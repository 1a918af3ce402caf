import { ChatError } from "./chat-error.ts";

/** As deep as the payload of a frame may nest, so that what comes over HTTP fits into a push. */
const MAX_DEPTH = 32;

/**
 * Refuses what cannot be kept: PostgreSQL takes no text with the character U+0000, and functions of SQLite end one there;
 * and what nests deeper than 32 levels would not fit into a frame. `value` is JSON.
 *
 * @throws {ChatError} `bad_request`.
 */
export function checkStorable(value: unknown): void {
  // One level at a time, so that hostile nesting costs no call stack.
  for (let level = [value], depth = 0; level.length > 0; level = level.flatMap(partsOf), depth += 1) {
    if (depth > MAX_DEPTH)
      throw new ChatError("bad_request", { message: `The input nests deeper than ${MAX_DEPTH} levels` });
    if (level.some((part) => typeof part === "string" && part.includes("\u0000")))
      throw new ChatError("bad_request", { message: "A text holds the character U+0000" });
  }
}

function partsOf(value: unknown): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Array.isArray(value) ? value : Object.entries(value).flat();
}
