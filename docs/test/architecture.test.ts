import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { quotedNames, sections, tableRows } from "./support/markdown.ts";
import { readText, REPOSITORY } from "./support/repository.ts";

const page = readText("docs/explanation/architecture.md");

/** What a section says, its drawings included. */
function textUnder(title: string): string {
  return sections(page).find((section) => section.title === title)?.text ?? "";
}

/** A pattern of the boundaries, as the page writes it. */
function nameOf(pattern: string): string {
  return pattern.replace("[^/]+", "…");
}

function foldersOf(path: string): readonly string[] {
  return readdirSync(`${REPOSITORY}/${path}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

describe("architecture.md", () => {
  test("names every place of the server that the boundaries know", () => {
    const rules = readText(".dependency-cruiser.cjs");
    const levels = /const SERVER_LEVELS = \[([^]*?)\n\];/.exec(rules)?.[1] ?? "";
    const places = [...levels.matchAll(/"([\w-]+)(?:\/|\\\\\.ts)"/g)].map(([, place = ""]) => place);

    expect(places.length).toBeGreaterThan(12);
    expect(places.filter((place) => !textUnder("The server: two halves").includes(place))).toEqual([]);
  });

  test("says of every workspace what the boundaries let it import", () => {
    const rules = readText(".dependency-cruiser.cjs");
    const table = /const WORKSPACE_IMPORTS = \{([^]*?)\n\};/.exec(rules)?.[1] ?? "";
    const allowed = [...table.matchAll(/^ {2}"([^"]+)": \[([^\]]*(?:\[[^\]]*\][^\]]*)*)\],$/gm)].map(
      ([, workspace = "", list = ""]) => [
        nameOf(workspace),
        ...[...list.matchAll(/"packages\/([^"]+)"/g)].map(([, imported = ""]) => nameOf(imported)),
      ],
    );
    const stated = tableRows(textUnder("Workspaces")).map(([name = "", imports = ""]) => [
      ...quotedNames(name),
      ...quotedNames(imports),
    ]);

    expect(stated.length).toBeGreaterThan(10);
    expect(stated).toEqual(allowed);
  });

  test("names every package that is there", () => {
    const text = textUnder("Workspaces");

    expect(foldersOf("packages").filter((name) => !text.includes(`packages/${name}`))).toEqual([]);
  });

  test("names every folder of the chat, and no other", () => {
    const named = [...textUnder("The chat").matchAll(/`(\w+)\/`/g)].map(([, name = ""]) => name);

    expect(named.toSorted()).toEqual(foldersOf("apps/chat/src").toSorted());
  });
});
