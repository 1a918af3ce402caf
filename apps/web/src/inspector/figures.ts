import { type Language, toLanguageTag } from "../i18n.ts";

/** Numbers in the words of one language. */
export interface Figures {
  /** A whole number, shortened from ten thousand on. */
  count(value: number): string;
  /** A number per second. */
  rate(value: number): string;
  /** A size in bytes, with its unit. */
  bytes(value: number): string;
  /** Milliseconds, with their unit. */
  milliseconds(value: number): string;
  /** How long something has lasted, with one unit. */
  duration(ms: number): string;
  /** Time since a recording began, in seconds with milliseconds. */
  offset(ms: number): string;
  /** Hours, minutes and seconds of a moment. */
  time(atMs: number): string;
}

const KIB = 1_024;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Makes the figures of a language. */
export function createFigures(language: Language): Figures {
  const tag = toLanguageTag(language);
  const whole = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  const compact = new Intl.NumberFormat(tag, { notation: "compact", maximumFractionDigits: 1 });
  const tenth = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  const clock = new Intl.DateTimeFormat(tag, { timeStyle: "medium", hourCycle: "h23" });
  const unit = (value: number, name: string): string =>
    new Intl.NumberFormat(tag, { style: "unit", unit: name, unitDisplay: "narrow", maximumFractionDigits: 0 }).format(
      Math.floor(value),
    );
  const count = (value: number): string => (value < 10_000 ? whole : compact).format(value);
  return {
    count,
    rate: (value) => (value < 10 ? tenth.format(value) : count(value)),
    bytes: (value) => {
      if (value < KIB) return `${whole.format(value)} B`;
      return value < KIB * KIB ? `${tenth.format(value / KIB)} KiB` : `${tenth.format(value / KIB / KIB)} MiB`;
    },
    milliseconds: (value) => `${(value < 10 ? tenth : whole).format(value)} ms`,
    duration: (ms) => {
      if (ms < MINUTE_MS) return unit(ms / 1_000, "second");
      if (ms < HOUR_MS) return unit(ms / MINUTE_MS, "minute");
      return ms < DAY_MS ? unit(ms / HOUR_MS, "hour") : unit(ms / DAY_MS, "day");
    },
    offset: (ms) => `${(ms / 1_000).toFixed(3)} s`,
    time: (atMs) => clock.format(atMs),
  };
}
