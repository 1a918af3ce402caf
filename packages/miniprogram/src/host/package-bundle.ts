import { existsSync, realpathSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { buildSync, type Metafile } from "esbuild";
import { isTransformFailure } from "../compiler/script.ts";

/** What a script calls a package that it asks for: the first part of `kit/button`, two of `@scope/kit`. */
const PACKAGE_NAME = /^(?:@[^/]+\/)?[^@./#][^/]*/;

/**
 * Makes one module of an ordinary package, as WeChat's tool does. One that cannot be bundled is a module that says so:
 * it must not keep the rest of the project from running.
 */
export function bundlePackage(name: string, folder: string): string {
  try {
    const { outputFiles, metafile } = buildSync({
      absWorkingDir: folder,
      entryPoints: ["."],
      bundle: true,
      write: false,
      metafile: true,
      format: "cjs",
      target: "es2020",
      platform: "browser",
      logLevel: "silent",
    });
    const stray = strayFile(metafile, folder);
    if (stray === undefined) return outputFiles[0]?.text ?? "";
    return failingModule(`package ${name} cannot be bundled: ${relative(folder, stray)} is outside of it`);
  } catch (error) {
    if (!isTransformFailure(error)) throw error;
    return failingModule(`package ${name} cannot be bundled: ${error.errors[0]?.text ?? "unknown reason"}`);
  }
}

/** A module that says why it is none. */
export function failingModule(reason: string): string {
  return `throw new Error(${JSON.stringify(reason)});`;
}

/** The folder of a package for the files of a folder: in its own `node_modules`, or in the nearest one above. */
export function findPackage(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = resolve(folder, "..")) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (folder === resolve(folder, "..")) return undefined;
  }
}

/** Whether a path is the folder or lies in it. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/**
 * A file of a bundle that belongs to no package: a project must not show files of the machine. Packages that are linked
 * lie elsewhere, and count where one of the files asks for them by name.
 */
function strayFile({ inputs }: Metafile, folder: string): string | undefined {
  const files = Object.entries(inputs)
    .filter(([path]) => !path.startsWith("(disabled):"))
    .map(([path, { imports }]) => ({ file: resolve(folder, path), imports }));
  const linked = files.flatMap(({ file, imports }) =>
    imports.flatMap(({ original = "" }) => {
      const [name] = PACKAGE_NAME.exec(original) ?? [];
      return name === undefined ? [] : (findPackage(dirname(file), name) ?? []);
    }),
  );
  const packages = [folder, ...linked].map((path) => realpathSync(path));
  return files
    .map(({ file }) => file)
    .find((file) => !file.includes(`${sep}node_modules${sep}`) && !packages.some((one) => isInside(file, one)));
}
