import { existsSync, readFileSync, realpathSync, statSync, watch } from "node:fs";
import { join, resolve } from "node:path";
import type { Clock } from "../clock.ts";
import { normalisePath } from "../compiler/paths.ts";
import type { ProjectFiles } from "../compiler/project-files.ts";
import { isRecord, textOf } from "../is-record.ts";
import { bundlePackage, failingModule, findPackage, isInside } from "./package-bundle.ts";

/** Time in which several changes count as one, in milliseconds. */
const CHANGE_DELAY_MS = 80;
const NPM_PATH = /^(.*?)miniprogram_npm\/((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/;
const TEXT_EXTENSIONS = /\.(js|ts|json|wxml|wxss|wxs)$/;

/**
 * A project on disk. Packages that WeChat's tool would copy to `miniprogram_npm` are found in `node_modules`,
 * so a project runs without that step.
 */
export class ProjectFolder implements ProjectFiles {
  /** Folder that `project.config.json` calls the root of the mini-program, or the project itself. */
  readonly root: string;
  readonly #project: string;
  readonly #bundles = new Map<string, string>();

  /**
   * `folder` holds `app.json`, or a `project.config.json` that says where it is.
   *
   * @throws {RangeError} when there is no such folder.
   */
  constructor(folder: string) {
    this.#project = resolve(folder);
    if (statSync(this.#project, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new RangeError(`project ${folder} is not a folder`);
    }
    const config = readJson(join(this.#project, "project.config.json"));
    const root = resolve(this.#project, textOf(config["miniprogramRoot"], "."));
    this.root = isInside(root, this.#project) ? root : this.#project;
  }

  read(path: string): string | undefined {
    if (path === "project.config.json") return readText(join(this.#project, path));
    if (!TEXT_EXTENSIONS.test(path)) return undefined;
    const file = this.file(path);
    return file === undefined ? this.#bundle(normalisePath(path)) : readText(file);
  }

  /** The file on disk behind a path of the project; `undefined` when there is none, or when it lies outside. */
  file(path: string): string | undefined {
    const normal = normalisePath(path);
    const own = join(this.root, normal);
    if (isFile(own)) return isReallyInside(own, this.#project) ? own : undefined;
    const npm = NPM_PATH.exec(normal);
    if (npm === null || !this.#hasPackages(npm[1] ?? "")) return undefined;
    const [, , name = "", rest = ""] = npm;
    const folder = this.#packageFolder(name);
    if (folder === undefined) return undefined;
    const inside = join(folder, rest);
    return isFile(inside) && isReallyInside(inside, folder) ? inside : undefined;
  }

  /** Calls back when something changed; the returned function ends it. */
  watch(clock: Clock, changed: () => void): () => void {
    let cancel = (): void => {};
    const watcher = watch(this.#project, { recursive: true }, (_, name) => {
      if (name?.includes("node_modules") === true || name?.includes(".git") === true) return;
      cancel();
      cancel = clock.after(CHANGE_DELAY_MS, changed);
    });
    return () => {
      cancel();
      watcher.close();
    };
  }

  /** WeChat's tool puts packages beside the package.json that names them, or at the root. */
  #hasPackages(folder: string): boolean {
    return folder === "" || isFile(join(this.root, folder, "package.json"));
  }

  /** The folder of a package with parts of mini-programs. */
  #packageFolder(name: string): string | undefined {
    const folder = findPackage(this.root, name);
    if (folder === undefined) return undefined;
    const declared = textOf(readJson(join(folder, "package.json"))["miniprogram"], "miniprogram_dist");
    const inside = resolve(folder, declared);
    return isInside(inside, folder) && existsSync(inside) ? inside : undefined;
  }

  /** An ordinary package becomes one file, as in WeChat's tool. */
  #bundle(path: string): string | undefined {
    const npm = NPM_PATH.exec(path);
    const name = npm?.[2] ?? "";
    if (npm === null || !path.endsWith(".js") || !this.#hasPackages(npm[1] ?? "")) return undefined;
    const known = this.#bundles.get(name);
    if (known !== undefined && npm[3] === "index.js") return known;
    const folder = findPackage(this.root, name);
    if (folder === undefined || this.#packageFolder(name) !== undefined) return undefined;
    const declared = textOf(readJson(join(folder, "package.json"))["miniprogram"]);
    if (declared !== "" && !existsSync(join(folder, declared)))
      return failingModule(`package ${name} is there, but its folder ${declared} is not: build the package first`);
    if (npm[3] !== "index.js") return undefined;
    const text = bundlePackage(name, folder);
    this.#bundles.set(name, text);
    return text;
  }
}

/** Links count as what they lead to: a project must not show files of the machine. */
function isReallyInside(file: string, folder: string): boolean {
  return isInside(realpathSync(file), realpathSync(folder));
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    // Whatever a project writes is asked for: a path with a zero in it, one that is too long, a circle of links.
    return false;
  }
}

function readText(path: string): string | undefined {
  try {
    return isFile(path) ? readFileSync(path, "utf8") : undefined;
  } catch {
    // Gone meanwhile, or not to be read.
    return undefined;
  }
}

function readJson(path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readText(path) ?? "{}");
    return isRecord(value) ? value : {};
  } catch {
    // The compiler reports broken files with their place.
    return {};
  }
}
