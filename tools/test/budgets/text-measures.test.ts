import { describe, expect, test } from "vitest";

import { textMeasures } from "../../budgets/text-measures.ts";

const found = (name: string, text: string) =>
  textMeasures([{ path: "a.md", text }]).find((measure) => measure.name === name)?.violations;

// Written in pieces, because this file is searched too.
const path = (folder: string) => ["", folder, "someone", "file"].join("/");
const host = (...labels: readonly string[]) => labels.join(".");

describe("machine paths", () => {
  test.each(["work", "root", "home", "Users"])("finds an absolute path below %s", (folder) => {
    expect(found("machine paths", `fine\nsee "${path(folder)}" for more`)).toEqual([`a.md:2: /${folder}/s`]);
    expect(found("machine paths", `file://${path(folder)}`)).toHaveLength(1);
  });

  test("passes over URLs, relative paths and other folders", () => {
    const text = `https://example.org${path("home")} .${path("work")} src${path("root")} ${path("srv")}`;

    expect(found("machine paths", text)).toEqual([]);
  });
});

describe("registry hosts", () => {
  test.each([
    host("registry", "npmjs", "org"),
    host("registry", "example", "com"),
    host("npm", "pkg", "github", "com"),
  ])("finds %s", (name) => {
    expect(found("registry hosts", `"resolved": "https://${name}/ws"`)).toHaveLength(1);
  });

  test("passes over the word in prose and in code", () => {
    expect(found("registry hosts", "the registry. It holds registry.entries and registry.size")).toEqual([]);
  });
});
