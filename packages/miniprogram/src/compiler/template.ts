import { TmplGroup } from "glass-easel-template-compiler";
import { isRecord, numberOf, textOf } from "../is-record.ts";
import { type Diagnostic, placeOf } from "./diagnostic.ts";
import { resolvePath } from "./paths.ts";
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
    const visit = { files, report, templates: new Set<string>(), scripts: new Set<string>() };
    for (const path of paths) this.#addTemplate(path, visit);
    this.#removeOthers(new Set([...visit.templates, ...[...visit.scripts].map((name) => `${name}.wxs`)]));
    this.#group.setExtraRuntimeScript(SCRIPT_GLOBALS);
    return this.#group.getTmplGenObjectGroups();
  }

  /** Gives `false` when there is no such template. */
  #addTemplate(path: string, visit: Visit): boolean {
    const text = visit.files.read(`${path}.wxml`);
    if (text === undefined) return false;
    if (visit.templates.has(path)) return true;
    visit.templates.add(path);
    if (this.#isNew(path, text)) this.#compileTemplate(path, text);
    for (const diagnostic of this.#diagnostics.get(path) ?? []) visit.report(diagnostic);
    const user = { file: `${path}.wxml`, text };
    for (const dependency of this.#group.getDirectDependencies(path)) {
      if (!this.#addTemplate(String(dependency), visit)) visit.report(missingFile(user, `${dependency}.wxml`));
    }
    const scripts = [...this.#group.getScriptDependencies(path)].map(String);
    for (const module of this.#group.getInlineScriptModuleNames(path))
      scripts.push(...requiredScripts(user.file, this.#group.getInlineScript(path, String(module))));
    this.#addScripts(scripts, user, visit);
    return true;
  }

  #addScripts(paths: readonly string[], user: SourceFile, visit: Visit): void {
    for (const path of paths) {
      if (!this.#addScript(path, visit)) visit.report(missingFile(user, `${path.replace(/\.wxs$/, "")}.wxs`));
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

  /** Gives `false` when there is no such script. */
  #addScript(path: string, visit: Visit): boolean {
    const name = path.replace(/\.wxs$/, "");
    const file = `${name}.wxs`;
    const text = visit.files.read(file);
    if (text === undefined) return false;
    if (visit.scripts.has(name)) return true;
    visit.scripts.add(name);
    if (this.#isNew(name, text, ".wxs")) {
      const code = templateScript(text);
      this.#diagnostics.set(file, scriptProblems(file, code));
      this.#group.addScript(name, code);
      // Templates leave the extension out, scripts that require each other do not.
      this.#group.addScript(file, code);
    }
    for (const diagnostic of this.#diagnostics.get(file) ?? []) visit.report(diagnostic);
    this.#addScripts(requiredScripts(file, text), { file, text }, visit);
    return true;
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

/** One way through the files of a project, and what was met on it so far. */
interface Visit {
  readonly files: ProjectFiles;
  readonly report: Report;
  readonly templates: Set<string>;
  readonly scripts: Set<string>;
}

interface SourceFile {
  readonly file: string;
  readonly text: string;
}

/** A template that is not there leaves a gap; without one of its scripts, none of the project's templates can be read. */
function missingFile({ file, text }: SourceFile, target: string): Diagnostic {
  const isScript = target.endsWith(".wxs");
  const names = [target, target.replace(/\.\w+$/, "")];
  const places = [...text.matchAll(/(?:\bsrc\s*=|\brequire\()\s*(["'])([^"'\n]+)\1/g)];
  const place = places.find(([, , written = ""]) => names.includes(resolvePath(file, written)));
  return {
    severity: isScript ? "error" : "warning",
    file,
    ...placeOf(text, place?.index ?? 0),
    message: `${isScript ? "script" : "template"} ${place?.[2] ?? target} not found`,
    expected: `the path of a ${isScript ? ".wxs" : ".wxml"} file`,
  };
}

/**
 * `wx:for-items` is an old name of `wx:for`; an event that is caught for nobody is caught, which the framework does only
 * for a name; and `\n` in a text ends a line. The columns of what follows shift, its lines do not.
 */
function modernised(text: string): string {
  return text
    .replace(/(\s)wx:for-items(\s*=)/g, "$1wx:for$2")
    .replace(
      /(<text\b[^>]*>)([^<]+)/g,
      (_, tag: string, content: string) => tag + content.replace(LINE_ENDS, endOfLine),
    )
    .replace(/(\scatch:?(?:tap|touch\w+|long\w+)\s*=\s*)(?:""|'')/g, '$1" "');
}

/** An expression, which stays, or the sign for the end of a line. */
const LINE_ENDS = /(\{\{[\s\S]*?\}\})|\\n/g;

function endOfLine(_: string, expression: string | undefined): string {
  return expression ?? "&#10;";
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
