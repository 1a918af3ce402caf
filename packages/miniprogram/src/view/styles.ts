import { SCOPE_MARK } from "../compiler/compiled-project.ts";

/** A condition that always holds, and one that never does. */
const [ALWAYS, NEVER] = ["(min-width: 0)", "not all"];
const THEME_CONDITION = /\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/g;

/** Settles the conditions of a style sheet that ask for the theme: that of the phone counts, not the browser's. */
export function settleTheme(text: string, theme: "dark" | "light"): string {
  return text.replace(/@media[^{]+/g, (rule) => {
    const isOther = [...rule.matchAll(THEME_CONDITION)].some(([, wanted]) => wanted !== theme);
    return isOther ? `@media ${NEVER} ` : rule.replace(THEME_CONDITION, ALWAYS);
  });
}

interface LoadedSheet {
  readonly element: HTMLStyleElement;
  readonly text: string;
}

/** The style sheets of one page, in the order in which the logic layer names them. */
export class PageStyles {
  readonly #sheets: ReadonlyMap<string, string>;
  readonly #assets: string;
  readonly #loaded = new Map<string, LoadedSheet>();
  #theme: "dark" | "light" = "light";

  /** `assets` is the address of the project's files. */
  constructor(sheets: Readonly<Record<string, string>>, assets: string) {
    this.#sheets = new Map(Object.entries(sheets));
    this.#assets = assets;
  }

  /** Adds a sheet, once for each scope. Its classes bear the name of the scope. */
  append(path: string, scope: string): void {
    const source = this.#sheets.get(path);
    const key = `${path} ${scope}`;
    if (source === undefined || this.#loaded.has(key)) return;
    const scoped = source.replaceAll(SCOPE_MARK, scope === "" ? "" : `${scope}--`);
    const text = scoped.replaceAll('url("asset:', `url("${this.#assets}`);
    const element = document.createElement("style");
    element.dataset["path"] = path;
    element.textContent = settleTheme(text, this.#theme);
    this.#loaded.set(key, { element, text });
    document.head.append(element);
  }

  /** Follows the theme of the phone. */
  setTheme(theme: "dark" | "light"): void {
    this.#theme = theme;
    for (const { element, text } of this.#loaded.values()) element.textContent = settleTheme(text, theme);
  }
}
