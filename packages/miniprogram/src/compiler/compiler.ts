import type { JsonObject } from "./json-file.ts";
import { readApp } from "./app-config.ts";
import { type CompileResult, CUSTOM_TAB_BAR } from "./compiled-project.ts";
import { readComponents } from "./component-graph.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { withoutAlias } from "./paths.ts";
import type { ProjectFiles } from "./project-files.ts";
import { type CompiledScript, compileScript, resolveScript } from "./script.ts";
import { compileStyle } from "./style.ts";
import { TemplateCompiler } from "./template.ts";

/**
 * Compiles one project again and again. Text in, text out; what did not change since the last time is not
 * compiled again.
 *
 * @example
 * const { project, diagnostics } = await new ProjectCompiler().compile(memoryFiles(files));
 */
export class ProjectCompiler {
  readonly #templates = new TemplateCompiler();
  readonly #scripts = new Map<string, { readonly text: string; readonly compiled: Promise<CompiledScript> }>();
  #compiledCount = 0;

  /** Scripts that were compiled so far, repeats after a change included. */
  get compiledScriptCount(): number {
    return this.#compiledCount;
  }

  /** Compiles the project. Gives no project when there is an error. */
  async compile(files: ProjectFiles): Promise<CompileResult> {
    const diagnostics: Diagnostic[] = [];
    const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
    const { json, config } = readApp(files, report);
    const hasCustomTabBar = config.tabBar?.custom === true && files.read(`${CUSTOM_TAB_BAR}.json`) !== undefined;
    const roots = [...config.pages, ...(hasCustomTabBar ? [CUSTOM_TAB_BAR] : [])];
    const { aliases } = config;
    const components = readComponents(files, { roots, global: json["usingComponents"], aliases }, report);
    const paths = [...components.keys()];
    const templates = this.#templates.compile(files, paths, report);
    const styles = compileStyles(files, ["app", ...paths], report);
    const modules = await this.#compileScripts(files, { paths: ["app", ...paths], aliases }, report);
    const project = {
      config,
      components: Object.fromEntries<JsonObject>(components),
      modules: Object.fromEntries(modules),
      templates,
      styles: Object.fromEntries(styles),
    };
    const isBroken = diagnostics.some(({ severity }) => severity === "error");
    return { project: isBroken ? undefined : project, diagnostics };
  }

  async #compileScripts(
    files: ProjectFiles,
    { paths, aliases }: { readonly paths: readonly string[]; readonly aliases: Readonly<Record<string, string>> },
    report: (diagnostic: Diagnostic) => void,
  ): Promise<ReadonlyMap<string, string>> {
    const modules = new Map<string, string>();
    let wave = paths.flatMap((path) => resolveScript(files, "", `/${path}`) ?? []).filter(isCode);
    const seen = new Set(wave);
    while (wave.length > 0) {
      const compiled = await Promise.all(wave.map(async (file) => ({ file, script: await this.#script(files, file) })));
      wave = [];
      for (const { file, script } of compiled) {
        modules.set(file, script.code);
        for (const diagnostic of script.diagnostics) report(diagnostic);
        for (const reference of script.references) {
          const target = resolveScript(files, file, withoutAlias(reference, aliases));
          if (target === undefined || seen.has(target)) continue;
          seen.add(target);
          wave.push(target);
        }
      }
    }
    return modules;
  }

  #script(files: ProjectFiles, file: string): Promise<CompiledScript> {
    const text = files.read(file) ?? "";
    const known = this.#scripts.get(file);
    if (known?.text === text) return known.compiled;
    this.#compiledCount++;
    const compiled = compileScript(file, text);
    this.#scripts.set(file, { text, compiled });
    return compiled;
  }
}

/** The settings of a component are no module of it, although `index.json` is a place to look for one. */
function isCode(file: string): boolean {
  return !file.endsWith(".json");
}

function compileStyles(
  files: ProjectFiles,
  paths: readonly string[],
  report: (diagnostic: Diagnostic) => void,
): ReadonlyMap<string, string> {
  const styles = new Map<string, string>();
  for (const path of paths) {
    const file = `${path}.wxss`;
    if (files.read(file) !== undefined) styles.set(path, compileStyle(files, file, report));
  }
  return styles;
}
