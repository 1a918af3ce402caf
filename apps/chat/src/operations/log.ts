import { type DestinationStream, type Level, type Logger, pino } from "pino";
import { escapeControls } from "./escape-controls.ts";
import { toHumanLine } from "./human-line.ts";

/** What may stand in `HUTONG_LOG_LEVEL`, the most talkative first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

/** How much is logged. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where lines go. */
export interface LogOutput {
  /** Takes a line with its line feed. */
  write(text: string): unknown;
  /** Whether a person reads along. @defaultValue false */
  readonly isTTY?: boolean;
}

/** A log: one event per line, as JSON, or short for a person at a terminal. */
export type Log = Logger;

/** Names of the levels in log lines. */
export type LineLevel = Exclude<Level, "trace" | "fatal">;

/** Makes a log. Lines are written at once, so that the last one before an end is there. */
export function createLog(level: LogLevel, output: LogOutput): Log {
  const destination: DestinationStream = {
    write: (line) => {
      output.write(output.isTTY === true ? toHumanLine(line) : `${escapeControls(line.trimEnd())}\n`);
    },
  };
  const formatters = { level: (label: string) => ({ level: label }) };
  const options = { level, base: null, formatters, timestamp: pino.stdTimeFunctions.isoTime };
  return pino(options, destination);
}
