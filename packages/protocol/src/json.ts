import { ProtocolError } from "./errors.ts";

/** How deep the payload of a frame may nest: `{}` is one level, `{"a":[]}` two. */
export const MAX_JSON_DEPTH = 32;

/** How many keys and array elements the payload of a frame may hold, all levels together. */
export const MAX_JSON_ELEMENTS = 10_000;

/** Tells whether a JSON value is an object, not an array and not null. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Tells whether a JSON value is a whole number, 0 or more, that every JSON reader takes for the same number. */
export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/**
 * Parses JSON text that came from outside. A lone surrogate, which only an escape
 * can bring into a text frame, becomes U+FFFD, so that every string inside is
 * well formed from here on.
 *
 * @throws {ProtocolError} when the text is not JSON.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.includes("\\u") ? replaceLoneSurrogates(text) : text);
  } catch {
    // Only a SyntaxError can come here. It quotes the payload, so it is not kept as a cause.
    throw new ProtocolError("text is not JSON");
  }
}

// Each match begins at a backslash that is not itself escaped: a surrogate pair
// (12 characters), a lone surrogate (6), or any other escape (2).
const ESCAPE = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[dD][89a-fA-F][\da-fA-F]{2}|[^])/g;
const LONE_SURROGATE_LENGTH = "\\ud800".length;

function replaceLoneSurrogates(text: string): string {
  return text.replace(ESCAPE, (escape) => (escape.length === LONE_SURROGATE_LENGTH ? "\\ufffd" : escape));
}

/**
 * Checks parsed values, together, against {@link MAX_JSON_DEPTH} and
 * {@link MAX_JSON_ELEMENTS}. `text` is what they were parsed from: most texts are
 * too short and hold too few brackets to pass a limit, and then no value is visited.
 *
 * @throws {ProtocolError} when a limit is passed.
 */
export function checkJsonSize(values: readonly unknown[], text: string): void {
  if (!mayPassLimits(text)) return;
  let depth = 0;
  let elementCount = 0;
  // One level at a time, so that hostile nesting costs no call stack.
  for (let level = values.filter(isContainer); level.length > 0; depth += 1) {
    if (depth === MAX_JSON_DEPTH) throw new ProtocolError(`payload nests deeper than ${MAX_JSON_DEPTH} levels`);
    const next: object[] = [];
    for (const container of level) {
      const children: unknown[] = Object.values(container);
      elementCount += children.length;
      if (elementCount > MAX_JSON_ELEMENTS)
        throw new ProtocolError(`payload holds more than ${MAX_JSON_ELEMENTS} keys and elements`);
      for (const child of children) if (isContainer(child)) next.push(child);
    }
    level = next;
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function mayPassLimits(text: string): boolean {
  // An element takes at least two characters: its own and a comma or bracket.
  if (text.length > 2 * MAX_JSON_ELEMENTS) return true;
  let openingCount = 0;
  for (const bracket of ["{", "["]) {
    for (let index = text.indexOf(bracket); index !== -1; index = text.indexOf(bracket, index + 1)) {
      openingCount += 1;
      if (openingCount > MAX_JSON_DEPTH) return true;
    }
  }
  return false;
}
