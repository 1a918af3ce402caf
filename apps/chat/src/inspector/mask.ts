const HIDDEN = "[hidden]";
const SECRET_NAME = /token|ticket|password|secret|authorization|skey|session_?key|^(?:jid|visitor)$/i;
/** A frame's own JSON is at most this deep; deeper values are left out. */
const MAX_DEPTH = 64;

/**
 * A copy of a JSON value in which every text, list and object under a secret's name says `[hidden]`. Text that is JSON
 * itself, as Action Cable's identifiers are, is masked inside too.
 */
export function mask(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) return "[too deep]";
  if (typeof value === "string") return maskText(value, depth);
  if (Array.isArray(value)) return value.map((item: unknown) => mask(item, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, isSecret(name, item) ? HIDDEN : mask(item, depth + 1)]),
  );
}

/** Numbers and the like are settings that are called after a secret, never one. */
function isSecret(name: string, value: unknown): boolean {
  return SECRET_NAME.test(name) && (typeof value === "string" || (typeof value === "object" && value !== null));
}

function maskText(text: string, depth: number): string {
  if (!/^\s*[{[]/.test(text)) return text;
  try {
    return JSON.stringify(mask(JSON.parse(text), depth + 1));
  } catch {
    return text; // JSON.parse throws for text that only looks like JSON
  }
}
