// Without Intl, which WeChat has on some phones only.
import type { Words } from "../words/en";

const DAY_MS = 86_400_000;

const twoDigits = (number: number): string => String(number).padStart(2, "0");

/** Hours and minutes on this phone's clock. */
export function timeOf(at: number): string {
  const date = new Date(at);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

/** The day, as seen from `now`. */
export function dayOf(at: number, now: number, words: Words): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
  const date = new Date(at);
  if (days === 0) return words.today;
  if (days === 1) return words.yesterday;
  if (days > 1 && days < 7) return words.weekdays[date.getDay()] ?? "";
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return words.date(date.getMonth() + 1, date.getDate(), isThisYear ? undefined : date.getFullYear());
}

/** The time of today, otherwise the day: as short as a list has room for. */
export function shortMoment(at: number, now: number, words: Words): string {
  return startOfDay(at) === startOfDay(now) ? timeOf(at) : dayOf(at, now, words);
}

/** Midnight before a moment, on this phone's clock. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
