import { toUSVString } from "node:util";
import { ChatError } from "./chat-error.ts";

/** As deep as the payload of a frame may nest, so that what comes over HTTP fits into a push. */
const MAX_DEPTH = 32;

/**
 * Gives JSON as it can be kept. PostgreSQL takes no text with the character U+0000, and functions of SQLite end one there;
 * what nests deeper than 32 levels would not fit into a frame. Half of a surrogate pair becomes U+FFFD here, as it
 * would in the database, so that ids and hashes are those of what is kept.
 *
 * @throws {ChatError} `bad_request`.
 */
export function toStorable<TValue>(value: TValue): TValue {
  let isWellFormed = true;
  // One level at a time, so that hostile nesting costs no call stack.
  for (
    let level: readonly unknown[] = [value], depth = 0;
    level.length > 0;
    level = level.flatMap(partsOf), depth += 1
  ) {
    if (depth > MAX_DEPTH)
      throw new ChatError("bad_request", { message: `The input nests deeper than ${MAX_DEPTH} levels` });
    const texts = level.filter((part) => typeof part === "string");
    if (texts.some((text) => text.includes("\u0000")))
      throw new ChatError("bad_request", { message: "A text holds the character U+0000" });
    isWellFormed &&= texts.every((text) => toUSVString(text) === text);
  }
  // Characters change, and nothing of the shape.
  return isWellFormed ? value : (wellFormed(value) as TValue);
}

function partsOf(value: unknown): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Array.isArray(value) ? value : Object.entries(value).flat();
}

function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return toUSVString(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [toUSVString(key), wellFormed(part)]));
}
