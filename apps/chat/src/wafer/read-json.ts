/** Deepest nesting of a value: `{}` is one level, `{"a":[]}` two. */
export const MAX_JSON_DEPTH = 32;

/** What a text turned out to be. */
export type JsonReading = { readonly kind: "value"; readonly value: unknown } | { readonly kind: "invalid" };

/** Parses JSON from outside. A value that nests too deep is invalid: what handles it further on may recurse. */
export function readJson(text: string): JsonReading {
  try {
    const value: unknown = JSON.parse(text);
    return isShallow(value) ? { kind: "value", value } : { kind: "invalid" };
  } catch {
    return { kind: "invalid" }; // JSON.parse throws for what is no JSON
  }
}

/** Level by level, so that hostile nesting costs no call stack. */
function isShallow(value: unknown): boolean {
  let level = [value].filter(isContainer);
  for (let depth = 0; depth < MAX_JSON_DEPTH && level.length > 0; depth += 1)
    level = level.flatMap((container): unknown[] => Object.values(container)).filter(isContainer);
  return level.length === 0;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
