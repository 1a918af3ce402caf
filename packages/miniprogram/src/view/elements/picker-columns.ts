import { isRecord, textFrom } from "../../is-record.ts";

// What the wheels of a picker show, and what their places mean. Pure.

/** One column: its lines, and which is chosen. */
export interface PickerColumn {
  /** Its lines. */
  readonly labels: readonly string[];
  /** Place of the chosen line. */
  readonly index: number;
}

/** Properties of a picker of dates or times. */
export interface PickerLimits {
  /** Chosen date or time. */
  readonly value: string;
  /** First that may be chosen. */
  readonly start: string;
  /** Last that may be chosen. */
  readonly end: string;
  /** `"year"`, `"month"` or `"day"`. */
  readonly fields: string;
}

/** The text of an entry; objects show the field that is named. */
export function labelOf(entry: unknown, key: string): string {
  return isRecord(entry) ? textFrom(entry[key]) : textFrom(entry);
}

/** The columns of a time. */
export function timeColumns({ value, start, end }: PickerLimits): readonly PickerColumn[] {
  const [from, to] = [minutesOf(start, 0), minutesOf(end, 23 * 60 + 59)];
  const current = Math.min(to, Math.max(from, minutesOf(value, from)));
  const hour = Math.floor(current / 60);
  const firstHour = Math.floor(from / 60);
  const firstMinute = hour === firstHour ? from % 60 : 0;
  const lastMinute = hour === Math.floor(to / 60) ? to % 60 : 59;
  return [
    { labels: range(firstHour, Math.floor(to / 60)), index: hour - firstHour },
    { labels: range(firstMinute, lastMinute), index: (current % 60) - firstMinute },
  ];
}

/** The columns of a date. */
export function dateColumns({ value, start, end, fields }: PickerLimits): readonly PickerColumn[] {
  const from = dateOf(start, "1970-01-01");
  const to = dateOf(end, "2100-12-31");
  const wanted = dateOf(value, "2000-01-01");
  const current = [from, wanted, to].toSorted(compareDates)[1] ?? from;
  const [year = 0, month = 0, day = 0] = current;
  const isFirstYear = year === from[0];
  const isLastYear = year === to[0];
  const months = { first: isFirstYear ? (from[1] ?? 1) : 1, last: isLastYear ? (to[1] ?? 12) : 12 };
  const days = {
    first: isFirstYear && month === from[1] ? (from[2] ?? 1) : 1,
    last: isLastYear && month === to[1] ? (to[2] ?? 31) : new Date(Date.UTC(year, month, 0)).getUTCDate(),
  };
  const columns = [
    { labels: range(from[0] ?? 0, to[0] ?? 0), index: year - (from[0] ?? 0) },
    { labels: range(months.first, months.last), index: Math.max(0, month - months.first) },
    { labels: range(days.first, days.last), index: Math.min(days.last, Math.max(days.first, day)) - days.first },
  ];
  return columns.slice(0, fields === "year" ? 1 : fields === "month" ? 2 : 3);
}

/** The value that chosen lines mean. */
export function valueOfColumns(columns: readonly PickerColumn[], separator: ":" | "-"): string {
  return columns.map(({ labels, index }) => labels[index] ?? "").join(separator);
}

function minutesOf(text: string, fallback: number): number {
  const [, hours, minutes] = /^(\d{1,2}):(\d{1,2})/.exec(text) ?? [];
  return hours === undefined ? fallback : Number(hours) * 60 + Number(minutes);
}

function dateOf(text: string, fallback: string): readonly number[] {
  const [year, month, day] = (/^\d{1,4}/.test(text) ? text : fallback).split(/[-/]/).map(Number);
  return [year ?? 2000, month ?? 1, day ?? 1];
}

function compareDates(left: readonly number[], right: readonly number[]): number {
  for (const [index, part] of left.entries()) {
    const difference = part - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function range(first: number, last: number): readonly string[] {
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, index) => String(first + index).padStart(2, "0"));
}
