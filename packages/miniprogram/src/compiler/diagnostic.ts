/** Something in a project that is wrong, with its place. */
export interface Diagnostic {
  /** An error keeps the project from running; a warning does not. */
  readonly severity: "error" | "warning";
  /** Path inside the project. */
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1. */
  readonly column: number;
  /** What is wrong. */
  readonly message: string;
  /** What would be right. */
  readonly expected: string;
}

/** Writes a diagnostic on one line, in the form that editors recognise. */
export function formatDiagnostic({ file, line, column, message, expected }: Diagnostic): string {
  return `${file}:${line}:${column}: ${message}; expected ${expected}`;
}

/** Place of the character at `offset`, both counted from 1. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, Math.max(0, offset)).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Place of the first occurrence of `needle`, the start of the file when there is none. */
export function placeOfText(text: string, needle: string): { readonly line: number; readonly column: number } {
  return placeOf(text, text.indexOf(needle));
}
