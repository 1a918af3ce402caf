import { escapeControls } from "./escape-controls.ts";

const NOT_REPEATED: ReadonlySet<string> = new Set(["time", "level", "msg", "stack"]);

/** Makes a log line of JSON readable at a terminal: time, level, what happened, and the fields with their values as JSON. */
export function toHumanLine(line: string): string {
  const parsed: unknown = JSON.parse(line);
  const fields = new Map<string, unknown>(typeof parsed === "object" && parsed !== null ? Object.entries(parsed) : []);
  const time = String(fields.get("time")).slice(11, 19);
  const level = String(fields.get("level")).toUpperCase().padEnd(5);
  const rest = [...fields]
    .filter(([name]) => !NOT_REPEATED.has(name))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const stack = fields.get("stack");
  const frames = typeof stack === "string" ? stack.split("\n") : [];
  const first = [time, level, String(fields.get("msg")), ...rest].join(" ");
  return [first, ...frames.map((frame) => `    ${frame}`)].map((text) => `${escapeControls(text)}\n`).join("");
}
