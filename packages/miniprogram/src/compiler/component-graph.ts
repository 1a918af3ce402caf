import { isRecord, textOf } from "../is-record.ts";
import { type Diagnostic, placeOfText } from "./diagnostic.ts";
import { type JsonObject, readJsonFile } from "./json-file.ts";
import { packageFolders, resolvePath, withoutAlias } from "./paths.ts";
import type { ProjectFiles } from "./project-files.ts";

type Report = (diagnostic: Diagnostic) => void;

/**
 * Finds every page and component that a project uses, dependencies before their users where there is no
 * cycle. Each gets its settings with references to components as absolute paths; the components of app.json
 * are known everywhere.
 */
export function readComponents(
  files: ProjectFiles,
  { roots, global, aliases }: ComponentGraphOptions,
  report: Report,
): ReadonlyMap<string, JsonObject> {
  const components = new Map<string, JsonObject>();
  const visited = new Set<string>();
  const globals = resolveAll(files, { file: "app.json", using: global, aliases }, report);
  const visit = (path: string): void => {
    if (visited.has(path)) return;
    visited.add(path);
    const file = `${path}.json`;
    const json = readJsonFile(files, file, report);
    const own = resolveAll(files, { file, using: json["usingComponents"], aliases }, report);
    const generics = resolveGenerics(files, { file, using: json["componentGenerics"], aliases }, report);
    const using = Object.fromEntries([...globals, ...own].map(([name, component]) => [name, `/${component}`]));
    for (const component of [...own.values(), ...generics.values(), ...globals.values()]) visit(component);
    components.set(path, {
      ...json,
      usingComponents: using,
      ...(isRecord(json["componentGenerics"]) && {
        componentGenerics: Object.fromEntries(
          Object.keys(json["componentGenerics"]).map((name) => {
            const component = generics.get(name);
            return [name, component === undefined ? true : { default: `/${component}` }];
          }),
        ),
      }),
    });
  };
  for (const path of roots) visit(path);
  return components;
}

interface ComponentGraphOptions {
  readonly roots: readonly string[];
  /** The `usingComponents` of app.json. */
  readonly global: unknown;
  readonly aliases: Readonly<Record<string, string>>;
}

interface Using {
  readonly file: string;
  readonly using: unknown;
  readonly aliases: Readonly<Record<string, string>>;
}

function resolveAll(files: ProjectFiles, { file, using, aliases }: Using, report: Report): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (!isRecord(using)) return found;
  for (const [name, reference] of Object.entries(using)) {
    const path = resolveComponent(files, file, withoutAlias(textOf(reference), aliases));
    if (path !== undefined) {
      found.set(name, path);
      continue;
    }
    const target = textOf(reference);
    report({
      // It leaves a gap in the page, and the rest of the project runs.
      severity: "warning",
      file,
      ...placeOfText(files.read(file) ?? "", `"${target}"`),
      message: `component ${target} not found`,
      expected: "the path of a component without extension, or a component of an installed npm package",
    });
  }
  return found;
}

function resolveGenerics(files: ProjectFiles, generics: Using, report: Report): ReadonlyMap<string, string> {
  if (!isRecord(generics.using)) return new Map();
  const using = Object.entries(generics.using).flatMap(([name, value]) =>
    isRecord(value) && typeof value["default"] === "string" ? [[name, value["default"]]] : [],
  );
  return resolveAll(files, { ...generics, using: Object.fromEntries(using) }, report);
}

/** The path of the component that a reference in `file` names. */
function resolveComponent(files: ProjectFiles, file: string, reference: string): string | undefined {
  if (reference === "") return undefined;
  const local = resolvePath(file, reference);
  const isLocal = reference.startsWith("/") || reference.startsWith(".");
  const packaged = isLocal ? [] : packageFolders(file, reference);
  return [local, ...packaged]
    .flatMap((path) => [path, `${path}/index`])
    .find((path) => files.read(`${path}.json`) !== undefined || files.read(`${path}.wxml`) !== undefined);
}
