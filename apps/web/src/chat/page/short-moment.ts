import type { Formatters } from "../../state/formatters.ts";

const DAY_MS = 86_400_000;

/** The time of today, otherwise the day, as short as a list has room for. */
export function shortMoment(at: number, now: number, formatters: Formatters): string {
  const start = new Date(now).setHours(0, 0, 0, 0);
  if (at >= start) return formatters.time(at);
  if (at >= start - DAY_MS) return formatters.day(at, now);
  return formatters.date(at);
}
