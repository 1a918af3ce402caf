import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { anchorOf, linkTargets, sections } from "./support/markdown.ts";
import { pages, readText, REPOSITORY } from "./support/repository.ts";

/** Why a link does not lead anywhere; `undefined` when it does, or leads outside. */
function problemOf(page: string, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [path = "", anchor] = target.split("#", 2);
  const file = path === "" ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(REPOSITORY, file))) return "no such file";
  if (anchor === undefined || !file.endsWith(".md")) return undefined;
  const anchors = sections(readText(file)).map(({ title }) => anchorOf(title));
  return anchors.includes(anchor) ? undefined : "no such heading";
}

describe("links", () => {
  test("every relative link leads to a file, and every anchor to a heading", () => {
    const links = pages().flatMap((page) => linkTargets(readText(page)).map((target) => ({ page, target })));

    expect(links.length).toBeGreaterThan(60);
    expect(
      links.flatMap(({ page, target }) => {
        const problem = problemOf(page, target);
        return problem === undefined ? [] : [`${page}: ${target}: ${problem}`];
      }),
    ).toEqual([]);
  });

  test("every page of docs can be reached from docs/README.md", () => {
    const reached = new Set<string>();
    const visit = (page: string): void => {
      if (reached.has(page)) return;
      reached.add(page);
      for (const target of linkTargets(readText(page))) {
        const [path = ""] = target.split("#", 1);
        const next = normalize(join(dirname(page), path));
        if (path.endsWith(".md") && !path.includes(":") && existsSync(join(REPOSITORY, next))) visit(next);
      }
    };

    visit("docs/README.md");

    expect(pages().filter((page) => page.startsWith("docs/") && !reached.has(page))).toEqual([]);
  });
});
