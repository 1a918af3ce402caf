import type { ByteRange } from "./file-store.ts";

/**
 * What a `Range` header asks of a file. Several ranges in one request, and everything that is no range of bytes, count as
 * `undefined`: the whole file.
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange | "unsatisfiable" | undefined {
  const [, from = "", to = ""] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== "" && to !== "" && Number(to) < first) return undefined;
  return first >= size || (from === "" && Number(to) === 0) ? "unsatisfiable" : { first, last };
}
