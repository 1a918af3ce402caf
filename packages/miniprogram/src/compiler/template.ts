import { TmplGroup } from "glass-easel-template-compiler";
import { isRecord, numberOf, textOf } from "../is-record.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { ProjectFiles } from "./project-files.ts";
import { requiredScripts, scriptProblems, templateScript } from "./template-script.ts";

type Report = (diagnostic: Diagnostic) => void;

/** What a template must not do in WeChat either, although the compiler lets it pass. */
const ERROR_CODES = new Map([
  [65_543, "an end tag for every start tag"],
  [65_567, "an end tag that matches the start tag before it"],
]);

/** Names that scripts of a template may use, in the scope of the compiled templates. */
const SCRIPT_GLOBALS = `
function getRegExp(pattern, flags) { return new RegExp(pattern, flags); }
function getDate() { return arguments.length === 0 ? new Date() : new Date(...arguments); }
function typeNameOf(value) {
  if (value === undefined || value === null) return undefined;
  return Object.prototype.toString.call(value).slice(8, -1);
}
Q.A = (listener) => typeof listener === "function" ? globalThis.__miniProgramTemplates.changeListener(listener) : listener;
Q.B = Q.A;
Q.C = (element, event, listener) => globalThis.__miniProgramTemplates.callListener(element, event, listener);
`;

/** The templates of one project. Keeps what is compiled, so that a change costs one file. */
export class TemplateCompiler {
  readonly #group = new TmplGroup();
  readonly #texts = new Map<string, string>();
  readonly #diagnostics = new Map<string, readonly Diagnostic[]>();

  /**
   * Compiles the templates of these paths and all that they import, and gives a JavaScript expression whose
   * value holds them by path.
   */
  compile(files: ProjectFiles, paths: readonly string[], report: Report): string {
    const templates = new Set<string>();
    const scripts = new Set<string>();
    for (const path of paths) this.#addTemplate(files, path, { templates, scripts });
    this.#removeOthers(new Set([...templates, ...[...scripts].map((name) => `${name}.wxs`)]));
    for (const diagnostic of [...this.#diagnostics.values()].flat()) report(diagnostic);
    this.#group.setExtraRuntimeScript(SCRIPT_GLOBALS);
    return this.#group.getTmplGenObjectGroups();
  }

  #addTemplate(files: ProjectFiles, path: string, seen: Seen): void {
    const text = files.read(`${path}.wxml`);
    if (text === undefined || seen.templates.has(path)) return;
    seen.templates.add(path);
    if (this.#isNew(path, text)) this.#compileTemplate(path, text);
    for (const dependency of this.#group.getDirectDependencies(path))
      this.#addTemplate(files, String(dependency), seen);
    for (const script of this.#group.getScriptDependencies(path)) this.#addScript(files, String(script), seen);
    for (const module of this.#group.getInlineScriptModuleNames(path)) {
      const code = this.#group.getInlineScript(path, String(module));
      for (const script of requiredScripts(`${path}.wxml`, code)) this.#addScript(files, script, seen);
    }
  }

  #compileTemplate(path: string, text: string): void {
    const found: unknown[] = this.#group.addTmpl(path, modernised(text));
    this.#diagnostics.set(
      path,
      found.flatMap((entry) => templateDiagnostic(path, entry)),
    );
    for (const module of this.#group.getInlineScriptModuleNames(path)) {
      const name = String(module);
      const code = templateScript(this.#group.getInlineScript(path, name));
      this.#group.setInlineScript(path, name, code);
      this.#diagnostics.set(path, [...(this.#diagnostics.get(path) ?? []), ...scriptProblems(`${path}.wxml`, code)]);
    }
  }

  #addScript(files: ProjectFiles, path: string, seen: Seen): void {
    const name = path.replace(/\.wxs$/, "");
    const text = files.read(`${name}.wxs`);
    if (text === undefined || seen.scripts.has(name)) return;
    seen.scripts.add(name);
    if (this.#isNew(name, text, ".wxs")) {
      const code = templateScript(text);
      this.#diagnostics.set(`${name}.wxs`, scriptProblems(`${name}.wxs`, code));
      this.#group.addScript(name, code);
      // Templates leave the extension out, scripts that require each other do not.
      this.#group.addScript(`${name}.wxs`, code);
    }
    for (const script of requiredScripts(`${name}.wxs`, text)) this.#addScript(files, script, seen);
  }

  #isNew(name: string, text: string, kind = ""): boolean {
    if (this.#texts.get(name + kind) === text) return false;
    this.#texts.set(name + kind, text);
    return true;
  }

  #removeOthers(kept: ReadonlySet<string>): void {
    for (const key of this.#texts.keys()) {
      if (kept.has(key)) continue;
      const name = key.replace(/\.wxs$/, "");
      this.#texts.delete(key);
      this.#diagnostics.delete(key);
      if (key === name) this.#group.removeTmpl(name);
      else for (const script of [name, key]) this.#group.removeScript(script);
    }
  }
}

interface Seen {
  readonly templates: Set<string>;
  readonly scripts: Set<string>;
}

/**
 * `wx:for-items` is an old name of `wx:for`; and an event that is caught for nobody is caught, which the framework
 * does only for a name. The columns of what follows shift, its lines do not.
 */
function modernised(text: string): string {
  return text
    .replace(/(\s)wx:for-items(\s*=)/g, "$1wx:for$2")
    .replace(/(\scatch:?(?:tap|touch\w+|long\w+)\s*=\s*)(?:""|'')/g, '$1" "');
}

function templateDiagnostic(path: string, entry: unknown): readonly Diagnostic[] {
  if (!isRecord(entry)) return [];
  const expected = ERROR_CODES.get(numberOf(entry["code"]));
  // WeChat lets pass what its newer compiler calls an error, unless it cannot be read at all.
  const isError = entry["level"] === "Fatal" || expected !== undefined;
  if (!isError && entry["level"] === "Note") return [];
  return [
    {
      severity: isError ? "error" : "warning",
      file: `${path}.wxml`,
      line: numberOf(entry["startLine"]) + 1,
      column: numberOf(entry["startColumn"]) + 1,
      message: textOf(entry["message"], "broken template"),
      expected: expected ?? "WXML that WeChat accepts",
    },
  ];
}
