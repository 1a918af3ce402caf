import { type Language, toLanguageTag } from "../i18n.ts";

/** Dates and times in the words of one language, in the time zone of the device. */
export interface Formatters {
  /** Hours and minutes. */
  time(atMs: number): string;
  /** Date and time in full, for titles. */
  moment(atMs: number): string;
  /** The date, as short as it goes. */
  date(atMs: number): string;
  /** "Today", "Yesterday" or the date, as seen from `nowMs`. */
  day(atMs: number, nowMs: number): string;
}

const DAY_MS = 86_400_000;

/** Makes the formatters of a language. `timeZone` defaults to the device's. */
export function createFormatters(language: Language, timeZone?: string): Formatters {
  const tag = toLanguageTag(language);
  const zone = timeZone === undefined ? {} : { timeZone };
  const time = new Intl.DateTimeFormat(tag, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...zone });
  const moment = new Intl.DateTimeFormat(tag, { dateStyle: "long", timeStyle: "medium", ...zone });
  const date = new Intl.DateTimeFormat(tag, { weekday: "long", day: "numeric", month: "long", ...zone });
  const shortDate = new Intl.DateTimeFormat(tag, { day: "numeric", month: "numeric", year: "2-digit", ...zone });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const number = createDayNumber(timeZone);
  return {
    time: (atMs) => time.format(atMs),
    moment: (atMs) => moment.format(atMs),
    date: (atMs) => shortDate.format(atMs),
    day: (atMs, nowMs) => {
      const distance = number(atMs) - number(nowMs);
      return distance === 0 || distance === -1 ? capitalise(relative.format(distance, "day")) : date.format(atMs);
    },
  };
}

/** Names the calendar day of a moment, for comparing. */
export function createDayOf(timeZone?: string): (atMs: number) => string {
  const number = createDayNumber(timeZone);
  return (atMs) => String(number(atMs));
}

/** Counts calendar days, so that a day of 23 or 25 hours is still one day. */
function createDayNumber(timeZone: string | undefined): (atMs: number) => number {
  const zone = timeZone === undefined ? {} : { timeZone };
  const isoDate = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", ...zone });
  return (atMs) => Math.round(Date.parse(`${isoDate.format(atMs)}T00:00:00Z`) / DAY_MS);
}

function capitalise(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
