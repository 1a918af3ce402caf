import type { QueryParams } from "../connect.ts";

/** Longest request target that is read, in bytes. */
export const MAX_TARGET_LENGTH = 4_096;

/** Most query parameters that are read. */
export const MAX_QUERY_PAIRS = 1_000;

const MAX_DEPTH = 32;

type Node = Map<string, Value>;
type Value = string | Node | Value[];

/**
 * Reads a query string the way Plug does (PHX: connect parameters): `a[b]=c` nests, `l[]=x` makes a list, `+` is a
 * space, and the last of several wins.
 *
 * @throws {URIError} when it is malformed or beyond a limit.
 */
export function parseQuery(search: string): QueryParams {
  const root: Node = new Map();
  const text = search.startsWith("?") ? search.slice(1) : search;
  const pairs = text === "" ? [] : text.split("&");
  if (pairs.length > MAX_QUERY_PAIRS) throw new URIError(`more than ${MAX_QUERY_PAIRS} query parameters`);
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (name !== "") assign(root, pathOf(name), equals < 0 ? "" : decode(pair.slice(equals + 1)));
  }
  return toParams(root);
}

function decode(text: string): string {
  return /[+%]/.test(text) ? decodeURIComponent(text.replaceAll("+", " ")) : text;
}

/** `a[b][]` becomes `["a", "b", ""]`; brackets that do not close are part of the name. */
function pathOf(name: string): readonly string[] {
  const open = name.indexOf("[");
  if (open < 1 || !name.endsWith("]")) return [name];
  const path = [name.slice(0, open), ...name.slice(open + 1, -1).split("][")];
  if (path.length > MAX_DEPTH) throw new URIError(`a query parameter is nested more than ${MAX_DEPTH} deep`);
  return path;
}

function assign(root: Node, path: readonly string[], value: string): void {
  const last = path.length - 1;
  let node = root;
  for (const [index, segment] of path.entries()) {
    if (index === last) {
      node.set(segment, value);
    } else if (path[index + 1] === "" && index + 1 === last) {
      const list = node.get(segment);
      if (Array.isArray(list)) list.push(value);
      else node.set(segment, [value]);
      return;
    } else {
      const child = node.get(segment);
      const next: Node = child instanceof Map ? child : new Map();
      node.set(segment, next);
      node = next;
    }
  }
}

function toParams(node: Node): QueryParams {
  const params: Record<string, QueryParams[string]> = Object.create(null);
  for (const [name, value] of node) params[name] = toParam(value);
  return params;
}

function toParam(value: Value): QueryParams[string] {
  if (typeof value === "string") return value;
  if (value instanceof Map) return toParams(value);
  return value.filter((item) => typeof item === "string");
}
