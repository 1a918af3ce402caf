/** A line that a project wrote to its console. */
export interface ConsoleLine {
  /** Function of the console that was called. */
  readonly level: "debug" | "error" | "info" | "log" | "warn";
  /** What is shown. */
  readonly text: string;
}

const LEVELS = ["debug", "error", "info", "log", "warn"] as const;
const MAX_LINE_LENGTH = 4_000;

/** The console that a project sees. Every line goes to `write`, and as it is to the console of the realm. */
export function createConsole(
  write: (line: ConsoleLine) => void,
  realm: Partial<Console>,
): Readonly<Record<string, unknown>> {
  const nothing = (): void => {};
  const methods = Object.fromEntries(
    LEVELS.map((level) => [
      level,
      (...values: readonly unknown[]) => {
        realm[level]?.(...values);
        write({ level, text: values.map(describe).join(" ").slice(0, MAX_LINE_LENGTH) });
      },
    ]),
  );
  return {
    ...methods,
    dir: methods["log"],
    table: methods["log"],
    trace: methods["log"],
    assert: nothing,
    group: methods["log"],
    groupCollapsed: methods["log"],
    groupEnd: nothing,
    time: nothing,
    timeEnd: nothing,
    timeLog: nothing,
    count: nothing,
    clear: nothing,
  };
}

/** Writes any value so that a reader recognises it. */
export function describe(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Error) return value.stack ?? `${value.name}: ${value.message}`;
  if (typeof value === "function") return `function ${value.name}`;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // Values that contain themselves have no JSON.
    return String(value);
  }
}
