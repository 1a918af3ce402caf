import postcss, { type Declaration, type Root } from "postcss";
import selectorParser from "postcss-selector-parser";
import { SCOPE_MARK } from "./compiled-project.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { replaceUrls } from "../css-url.ts";
import { replaceRpx } from "../rpx.ts";
import { replaceSafeArea } from "../safe-area.ts";
import { normalisePath, resolvePath } from "./paths.ts";
import type { ProjectFiles } from "./project-files.ts";

// WXSS becomes CSS: lengths in rpx become parts of the width of the page, the
// tags of WXML become those of the view, imports are put in place, and each
// class name gets a mark that the view replaces with the component's scope.

/** Compiles one style sheet. Broken ones are reported and give what could be read. */
export function compileStyle(files: ProjectFiles, file: string, report: (diagnostic: Diagnostic) => void): string {
  return new StyleCompiler(files, report).compile(file, []);
}

class StyleCompiler {
  readonly #files: ProjectFiles;
  readonly #report: (diagnostic: Diagnostic) => void;

  constructor(files: ProjectFiles, report: (diagnostic: Diagnostic) => void) {
    this.#files = files;
    this.#report = report;
  }

  compile(file: string, importers: readonly string[]): string {
    const text = this.#files.read(file);
    if (text === undefined) return "";
    const root = this.#parse(file, text);
    if (root === undefined) return "";
    // Before the imports are in place: they are rewritten already, for paths of their own.
    rewrite(root, { file, user: importers[0] ?? file });
    root.walkAtRules("import", (rule) => {
      const reference = /^(?:url\()?\s*["']?([^"')]+)["']?\s*\)?/.exec(rule.params)?.[1]?.trim() ?? "";
      const target = this.#importTarget(file, reference);
      const start = rule.source?.start;
      if (target === undefined) {
        const message = `style sheet ${reference} not found`;
        const place = { file, line: start?.line ?? 1, column: start?.column ?? 1 };
        this.#report({ severity: "error", ...place, message, expected: "the path of a .wxss file" });
        rule.remove();
      } else if (importers.includes(target) || target === file) {
        rule.remove();
      } else {
        rule.replaceWith(postcss.parse(this.compile(target, [...importers, file])));
      }
    });
    return root.toString();
  }

  #importTarget(file: string, reference: string): string | undefined {
    const path = resolvePath(file, reference);
    const fromRoot = normalisePath(reference);
    return [path, `${path}.wxss`, fromRoot, `${fromRoot}.wxss`].find(
      (candidate) => this.#files.read(candidate) !== undefined,
    );
  }

  #parse(file: string, text: string): Root | undefined {
    try {
      return postcss.parse(withoutLineComments(text));
    } catch (error) {
      if (!(error instanceof postcss.CssSyntaxError)) throw error;
      const place = { file, line: error.line ?? 1, column: error.column ?? 1 };
      const message = `broken style sheet: ${error.reason}`;
      this.#report({ severity: "error", ...place, message, expected: "selectors with declarations in braces" });
      return undefined;
    }
  }
}

/** WXSS lets a comment pass that ends with its line. Nothing moves to another place. */
function withoutLineComments(text: string): string {
  return text.replace(
    /(\/\*[\s\S]*?\*\/|"[^"\n]*"|'[^'\n]*'|url\([^)\n]*\))|(^|[\s;{}])\/\/[^\n]*/g,
    (_, kept?: string, before = "") => kept ?? String(before),
  );
}

/** `user` is the sheet that everything is imported into: `:host` means its component. */
function rewrite(root: Root, { file, user }: { readonly file: string; readonly user: string }): void {
  root.walkDecls((declaration) => rewriteValue(declaration, file));
  root.walkAtRules((rule) => {
    if (rule.name === "media") rule.params = replaceRpx(rule.params);
  });
  root.walkRules((rule) => {
    const parent = rule.parent;
    if (parent?.type === "atrule" && "name" in parent && parent.name.endsWith("keyframes")) return;
    rule.selector = rewriteSelector(rule.selector, user);
  });
}

function rewriteValue(declaration: Declaration, file: string): void {
  if (/rpx\b/i.test(declaration.value)) declaration.value = replaceRpx(declaration.value);
  if (declaration.value.includes("safe-area")) declaration.value = replaceSafeArea(declaration.value);
  if (!declaration.value.includes("url(")) return;
  declaration.value = replaceUrls(declaration.value, (reference) =>
    /^(data:|https?:|\/\/|asset:|wxfile:|#|$)/i.test(reference) ? reference : `asset:${resolvePath(file, reference)}`,
  );
}

/** The `2n` of `:nth-child(2n)` looks like a tag. */
function isPlaceInOrder(node: selectorParser.Tag): boolean {
  const pseudo = node.parent?.parent;
  return pseudo?.type === "pseudo" && pseudo.value.toLowerCase().startsWith(":nth-");
}

function rewriteSelector(selector: string, file: string): string {
  const host = `[is="${file.replace(/\.wxss$/, "")}"]`;
  try {
    return selectorParser((selectors) => {
      selectors.walkClasses((node) => {
        node.value = SCOPE_MARK + node.value;
      });
      selectors.walkTags((node) => {
        if (/^\d|^(from|to)$/.test(node.value) || isPlaceInOrder(node)) return;
        node.value = node.value === "page" ? "body" : `wx-${node.value.toLowerCase()}`;
      });
      selectors.walkPseudos((node) => {
        if (node.value !== ":host") return;
        const qualifier = node.nodes.map(String).join(",");
        node.replaceWith(selectorParser.tag({ value: host + qualifier }));
      });
    }).processSync(selector, { lossless: true });
  } catch {
    // A selector that the parser does not know is one that the browser may know.
    return selector;
  }
}
