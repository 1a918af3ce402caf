import type { TimelineEntry } from "./timeline.ts";

/** The longest silence within a group, in milliseconds. */
export const MAX_GROUP_GAP_MS = 5 * 60_000;

/** Messages of one sender that follow each other closely. */
export interface MessageGroup {
  readonly kind: "group";
  /** The key of the first entry. */
  readonly key: string;
  readonly from: string;
  readonly isOwn: boolean;
  /** Never empty. */
  readonly entries: readonly TimelineEntry[];
}

/** A line between two days. */
export interface DaySeparator {
  readonly kind: "day";
  readonly key: string;
  /** A moment of that day, milliseconds since 1970. */
  readonly atMs: number;
}

/** What the log is made of, from top to bottom. */
export type LogPart = MessageGroup | DaySeparator;

/** Cuts the timeline into days and groups. `dayOf` names the calendar day of a moment. */
export function toLogParts(entries: readonly TimelineEntry[], dayOf: (atMs: number) => string): readonly LogPart[] {
  const parts: LogPart[] = [];
  let day: string | undefined;
  let group: { entries: TimelineEntry[]; last: TimelineEntry } | undefined;
  for (const entry of entries) {
    const entryDay = dayOf(entry.atMs);
    if (entryDay !== day) {
      parts.push({ kind: "day", key: `day-${entryDay}-${entry.key}`, atMs: entry.atMs });
      day = entryDay;
      group = undefined;
    }
    if (group !== undefined && belongTogether(group.last, entry)) {
      group.entries.push(entry);
      group.last = entry;
      continue;
    }
    group = { entries: [entry], last: entry };
    parts.push({ kind: "group", key: entry.key, from: entry.from, isOwn: entry.isOwn, entries: group.entries });
  }
  return parts;
}

function belongTogether(last: TimelineEntry, next: TimelineEntry): boolean {
  return last.from === next.from && last.isOwn === next.isOwn && next.atMs - last.atMs <= MAX_GROUP_GAP_MS;
}
