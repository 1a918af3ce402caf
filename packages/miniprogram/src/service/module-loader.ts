import type { CompiledProject } from "../compiler/compiled-project.ts";
import { evaluate } from "./evaluate.ts";
import { packageFolders, resolvePath, withoutAlias } from "../compiler/paths.ts";

/** Globals of a browser that WeChat's logic layer does not have: scripts see `undefined`. */
const HIDDEN_GLOBALS = [
  ...["window", "document", "frames", "self", "location", "navigator", "localStorage", "sessionStorage", "history"],
  ...["screen", "alert", "confirm", "prompt", "fetch", "XMLHttpRequest", "WebSocket", "Worker", "importScripts"],
  ...["URL", "URLSearchParams", "DOMParser", "FormData", "Blob", "File", "FileReader", "TextEncoder", "TextDecoder"],
  ...["indexedDB", "caches", "BroadcastChannel", "postMessage", "MessageChannel", "EventSource", "crypto", "process"],
  ...["AbortController", "structuredClone", "queueMicrotask", "Event", "EventTarget", "CustomEvent", "btoa", "atob"],
];

/** What every script of a project finds in its scope, by name. */
export type ModuleScope = Readonly<Record<string, unknown>>;

interface LoadedModule {
  exports: unknown;
}

const EXTENSIONS = ["", ".js", ".ts", "/index.js", "/index.ts", ".json"];

/** A script that a project asks for and does not have. */
export class ModuleNotFoundError extends Error {
  /** Names the script that asks, and what it asks for. */
  constructor(from: string, reference: string) {
    super(`module "${reference}" is not defined; required by ${from}`);
    this.name = "ModuleNotFoundError";
  }
}

/** The CommonJS modules of one project. Each runs once, when it is asked for first. */
export class ModuleLoader {
  readonly #code: ReadonlyMap<string, string>;
  readonly #aliases: Readonly<Record<string, string>>;
  /** Variables that all modules share: one that a module sets is another one for those that load later. */
  readonly #scope: Record<string, unknown>;
  readonly #loaded = new Map<string, LoadedModule>();

  /** `scope` is shared by all modules. Scripts that set one of its names replace it for those that load later. */
  constructor({ modules, config }: Pick<CompiledProject, "config" | "modules">, scope: ModuleScope) {
    this.#code = new Map(Object.entries(modules));
    this.#aliases = config.aliases;
    this.#scope = { ...scope };
  }

  /** Tells whether there is a script for a page, a component or the app. */
  has(path: string): boolean {
    return this.#fileOf([path]) !== undefined;
  }

  /**
   * Runs the script of a page, a component or the app, and gives its exports.
   *
   * @throws {ModuleNotFoundError} and whatever the script throws.
   */
  load(path: string): unknown {
    const file = this.#fileOf([path]);
    if (file === undefined) throw new ModuleNotFoundError("the runner", path);
    return this.#run(file);
  }

  #require(from: string, written: string): unknown {
    const reference = withoutAlias(written, this.#aliases);
    const isLocal = reference.startsWith(".") || reference.startsWith("/");
    const places = isLocal
      ? [resolvePath(from, reference)]
      : [...packageFolders(from, reference), resolvePath(from, reference), resolvePath("", reference)];
    const file = this.#fileOf(places);
    if (file === undefined) throw new ModuleNotFoundError(from, written);
    return this.#run(file);
  }

  #fileOf(places: readonly string[]): string | undefined {
    return places.flatMap((place) => EXTENSIONS.map((end) => place + end)).find((file) => this.#code.has(file));
  }

  #run(file: string): unknown {
    const known = this.#loaded.get(file);
    if (known !== undefined) return known.exports;
    const module: LoadedModule = { exports: {} };
    this.#loaded.set(file, module);
    const require = Object.assign((reference: string) => this.#require(file, reference), {
      async: (reference: string) => Promise.resolve().then(() => this.#require(file, reference)),
    });
    const names = Object.keys(this.#scope);
    try {
      const run = this.#wrap(file, names);
      run(require, module, module.exports, ...names.map((name) => this.#scope[name]));
    } catch (error) {
      this.#loaded.delete(file);
      throw error;
    }
    return module.exports;
  }

  #wrap(file: string, names: readonly string[]): (...args: unknown[]) => void {
    const parameters = [
      "require",
      "module",
      "exports",
      ...names,
      ...HIDDEN_GLOBALS.filter((name) => !names.includes(name)),
    ];
    // Two functions: a project may declare `const self` or a variable named
    // after one of its parameters, which would clash inside a single one.
    const code = this.#code.get(file) ?? "";
    // Libraries put a function of their own in the place of `Page`: for such a module the names are fields.
    const sharing = setsOneOf(names, code) ? "with (this) " : "";
    const source = `(function (${parameters.join(",")}) { ${sharing}return (function () { ${code}\n}).call(exports); })`;
    const run = evaluate(source, file);
    if (typeof run !== "function") throw new TypeError(`${file} is not a script`);
    return (...args) => void Reflect.apply(run, this.#scope, args);
  }
}

/** Whether a script gives one of these names another value. Finding it in a text or in a declaration does no harm. */
function setsOneOf(names: readonly string[], code: string): boolean {
  return new RegExp(`(?<![\\w$.])(?:${names.join("|")})\\s*=(?![=>])`).test(code);
}
