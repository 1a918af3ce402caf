import { transformSync } from "esbuild";
import type { Diagnostic } from "./diagnostic.ts";
import { resolvePath } from "./paths.ts";
import { isTransformFailure, scriptDiagnostic } from "./script.ts";

// The scripts of templates, WXS, look like JavaScript of an older time: words
// that were kept for later are names there, and the constructor of a value is
// the name of its type.

/** Texts and comments, or a word of JavaScript that is an ordinary name in WXS. */
const WORDS =
  /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<![.\w$])(class|enum|export|extends|import|super)(?![\w$])/g;

/** Texts, which stay, or a comment. */
const COMMENTS = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

/** Makes JavaScript of a script of a template. Lines stay where they are. */
export function templateScript(code: string): string {
  return code
    .replace(WORDS, (whole: string, kept: string | undefined, word: string, offset: number) => {
      const isKey = /[{,]\s*$/.test(code.slice(0, offset)) && /^\s*:/.test(code.slice(offset + whole.length));
      return kept !== undefined || isKey ? whole : `${word}_`;
    })
    .replace(/([\w$]+(?:\.[\w$]+|\[[^\][]*\])*)\.constructor\b/g, "typeNameOf($1)");
}

/** What is wrong with such a script. One that cannot be read would take all templates with it. */
export function scriptProblems(file: string, code: string): readonly Diagnostic[] {
  try {
    transformSync(code, { loader: "js", logLevel: "silent" });
    return [];
  } catch (error) {
    if (!isTransformFailure(error)) throw error;
    return error.errors.map((message) => scriptDiagnostic(file, message));
  }
}

/** Paths of the scripts that a script in the file `from` requires. */
export function requiredScripts(from: string, code: string): readonly string[] {
  const uncommented = code.replace(COMMENTS, (_, kept = "") => String(kept));
  return [...uncommented.matchAll(/\brequire\(\s*(["'])([^"']+)\1\s*\)/g)].map(([, , reference = ""]) =>
    resolvePath(from, reference),
  );
}
