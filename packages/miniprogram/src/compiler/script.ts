import { type Message, transform, type TransformFailure } from "esbuild";
import type { Diagnostic } from "./diagnostic.ts";
import { packageFolders, resolvePath } from "./paths.ts";
import type { ProjectFiles } from "./project-files.ts";

/** One compiled script, and what it asks for. */
export interface CompiledScript {
  /** CommonJS code. */
  readonly code: string;
  /** Arguments of its `require` calls, as written. */
  readonly references: readonly string[];
  /** What is wrong, in the order of the files. */
  readonly diagnostics: readonly Diagnostic[];
}

const SCRIPT_EXTENSIONS = ["", ".js", ".ts", "/index.js", "/index.ts", ".json"];

/** The file that `reference` in the script `from` names, `undefined` when there is none. */
export function resolveScript(files: ProjectFiles, from: string, reference: string): string | undefined {
  const isLocal = reference.startsWith(".") || reference.startsWith("/");
  const places = isLocal
    ? [resolvePath(from, reference)]
    : [...packageFolders(from, reference), resolvePath(from, reference), resolvePath("", reference)];
  return places
    .flatMap((place) => SCRIPT_EXTENSIONS.map((extension) => place + extension))
    .find((path) => /\.(js|ts|json)$/.test(path) && files.read(path) !== undefined);
}

/** Compiles a script, a TypeScript file or a JSON file to CommonJS. */
export async function compileScript(file: string, text: string): Promise<CompiledScript> {
  if (file.endsWith(".json")) return compileJson(file, text);
  try {
    const result = await transform(text, {
      sourcefile: file,
      loader: file.endsWith(".ts") ? "ts" : "js",
      format: "cjs",
      target: "es2020",
      sourcemap: "inline",
      logLevel: "silent",
    });
    return { code: result.code, references: referencesOf(result.code), diagnostics: [] };
  } catch (error) {
    if (!isTransformFailure(error)) throw error;
    return { code: "", references: [], diagnostics: error.errors.map((message) => scriptDiagnostic(file, message)) };
  }
}

function compileJson(file: string, text: string): CompiledScript {
  try {
    return { code: `module.exports = ${JSON.stringify(JSON.parse(text))};`, references: [], diagnostics: [] };
  } catch {
    const diagnostic = {
      severity: "error",
      file,
      line: 1,
      column: 1,
      message: "broken JSON",
      expected: "JSON",
    } as const;
    return { code: "", references: [], diagnostics: [diagnostic] };
  }
}

function referencesOf(code: string): readonly string[] {
  const body = code.replace(/\/\/# sourceMappingURL=.*$/m, "");
  return [...body.matchAll(/\brequire(?:\.async)?\(\s*(["'`])([^"'`]+)\1\s*[,)]/g)].map(
    ([, , reference = ""]) => reference,
  );
}

/** Tells whether an error is what the parser of scripts has to say. */
export function isTransformFailure(error: unknown): error is TransformFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

/** What the parser of scripts has to say, with its place. */
export function scriptDiagnostic(file: string, { text, location }: Message): Diagnostic {
  const expected = /Expected (.+?) but found/.exec(text)?.[1] ?? "JavaScript or TypeScript that a parser accepts";
  return {
    severity: "error",
    file,
    line: location?.line ?? 1,
    column: (location?.column ?? 0) + 1,
    message: text,
    expected,
  };
}
