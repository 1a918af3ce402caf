import { type Message, transformSync } from "esbuild";
import { isRecord } from "../is-record.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { ProjectFiles } from "./project-files.ts";

/** What a configuration file says. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Reads a JSON file that holds an object. Gives `{}` for a missing one and for a broken one, which is reported. */
export function readJsonFile(files: ProjectFiles, file: string, report: (diagnostic: Diagnostic) => void): JsonObject {
  const text = files.read(file);
  if (text === undefined || text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    if (isRecord(value)) return value;
    report({
      severity: "error",
      file,
      line: 1,
      column: 1,
      message: "not a JSON object",
      expected: "an object in braces",
    });
  } catch {
    report(jsonDiagnostic(file, text));
  }
  return {};
}

/** The engine's own message has no place; the parser of scripts knows it. */
function jsonDiagnostic(file: string, text: string): Diagnostic {
  const { location, text: reason } = firstJsonError(text);
  const message =
    reason === ""
      ? "broken JSON"
      : `broken JSON: ${reason.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}`;
  const place = location ?? { line: 1, column: 0 };
  const expected = "JSON without comments and without a comma after the last entry";
  return { severity: "error", file, line: place.line, column: place.column + 1, message, expected };
}

function firstJsonError(text: string): Pick<Message, "location" | "text"> {
  try {
    transformSync(text, { loader: "json", logLevel: "silent" });
  } catch (error) {
    const [first] = error instanceof Error && "errors" in error && Array.isArray(error.errors) ? error.errors : [];
    if (isMessage(first)) return first;
  }
  return { location: null, text: "" };
}

function isMessage(value: unknown): value is Message {
  return isRecord(value) && typeof value["text"] === "string";
}
