import { describe, expect, test } from "vitest";
import { quotedNames, sections, tableRows } from "./support/markdown.ts";
import { readText } from "./support/repository.ts";

const page = sections(readText("CONTRIBUTING.md"));

/** The names in the first column of the table under a heading. */
function namesUnder(title: string): readonly string[] {
  const text = page.find((section) => section.title === title)?.text ?? "";
  return tableRows(text).flatMap(([cell = ""]) => quotedNames(cell));
}

describe("CONTRIBUTING.md", () => {
  test("has one row per step of the check", () => {
    const steps = [...readText("tools/check.ts").matchAll(/\{\s*name: "([^"]+)"/g)].map(([, name]) => name);

    expect(steps.length).toBeGreaterThan(5);
    expect(namesUnder("The checks")).toEqual(steps);
  });

  test("names only commands that package.json has", () => {
    const { scripts } = JSON.parse(readText("package.json")) as { readonly scripts: object }; // npm reads it the same way
    const commands = namesUnder("Run and test").map((command) => command.replace(/^npm (run )?/, ""));

    expect(commands.filter((command) => command !== "ci" && !Object.hasOwn(scripts, command))).toEqual([]);
  });
});
