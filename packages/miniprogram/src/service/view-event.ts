import type { ViewEvent } from "../bus/dom-operation.ts";
import { isRecord } from "../is-record.ts";

/** Reads an event of a view; `undefined` for what is none. */
export function parseViewEvent(data: unknown): ViewEvent | undefined {
  if (!isRecord(data)) return undefined;
  const { node, type, detail, bubbles, composed, fields, changed } = data;
  if (typeof node !== "number" || typeof type !== "string") return undefined;
  return {
    node,
    type,
    detail: detail ?? {},
    bubbles: bubbles === true,
    composed: composed === true,
    ...(isRecord(fields) && { fields }),
    ...(isRecord(changed) && { changed }),
  };
}
