import type { ConnectionRow } from "@hutong/chat-api";
import { type ClientMark, markOf } from "./frames.ts";
import { latest, type Rates } from "./rates.ts";

/** What the list of connections leaves out. */
export interface ConnectionFilter {
  /** Looked for in ids, topics, transport and protocol, in any case; `""` leaves nothing out. */
  readonly text: string;
  readonly mark: ClientMark | "all";
  readonly state: ConnectionRow["state"] | "all";
}

/** A filter that leaves nothing out. */
export const EVERYTHING: ConnectionFilter = { text: "", mark: "all", state: "all" };

/** The columns that order the list. */
export const SORT_KEYS = ["age", "channels", "in", "out", "queue"] as const;

/** A column that orders the list. */
export type SortKey = (typeof SORT_KEYS)[number];

/** The order of the list. */
export interface Sort {
  readonly key: SortKey;
  readonly isDescending: boolean;
}

/** The connections that pass a filter, in the order that was asked for; equals stay in the order of their opening. */
export function arrange(
  rows: readonly ConnectionRow[],
  { filter, sort, rates }: { readonly filter: ConnectionFilter; readonly sort: Sort; readonly rates: Rates },
): readonly ConnectionRow[] {
  const valueOf = (row: ConnectionRow): number => {
    switch (sort.key) {
      case "age":
        return row.ageMs;
      case "channels":
        return row.channelCount;
      case "in":
        return latest(rates.of(row.id).in);
      case "out":
        return latest(rates.of(row.id).out);
      case "queue":
        return row.queuedBytes;
      default:
        return sort.key satisfies never;
    }
  };
  const sign = sort.isDescending ? -1 : 1;
  return rows.filter((row) => passes(row, filter)).sort((a, b) => sign * (valueOf(a) - valueOf(b)));
}

function passes(row: ConnectionRow, { text, mark, state }: ConnectionFilter): boolean {
  if (mark !== "all" && markOf(row.wireProtocol) !== mark) return false;
  if (state !== "all" && row.state !== state) return false;
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return true;
  const fields = [row.id, row.socketId ?? "", row.transport, row.wireProtocol, ...row.topics];
  return fields.some((field) => field.toLowerCase().includes(wanted));
}
