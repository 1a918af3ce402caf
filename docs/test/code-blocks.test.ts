import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { codeBlocks } from "./support/markdown.ts";
import { pages, readText, REPOSITORY } from "./support/repository.ts";
import { createSnippetFolder, fileNameOf, typedBlocks, writeAllBlocks } from "./support/snippets.ts";

/** A machine that is busy with other suites may need this long to check types. */
const TYPE_CHECK_LIMIT_MS = 180_000;

describe("code blocks", () => {
  test("are of a language that is checked, or of one that cannot be", () => {
    const languages = pages().flatMap((page) => codeBlocks(readText(page)).map(({ language }) => language));

    expect(languages).toContain("ts");
    expect(
      languages.filter((language) => !["ts", "sh", "text", "nginx", "json", "html", "css"].includes(language)),
    ).toEqual([]);
  });

  test("of one page have file names of their own", () => {
    const repeated = pages().flatMap((page) => {
      const names = typedBlocks(page).map(fileNameOf);
      return names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${page}: ${name}`);
    });

    expect(repeated).toEqual([]);
  });

  test("in TypeScript have no type errors", { timeout: TYPE_CHECK_LIMIT_MS }, () => {
    using folder = createSnippetFolder();
    const files = writeAllBlocks(folder.path);

    const problems = problemsIn(files);

    expect(files.length).toBeGreaterThan(20);
    expect(problems).toEqual([]);
  });
});

test("the check of the types sees an error", { timeout: TYPE_CHECK_LIMIT_MS }, () => {
  using folder = createSnippetFolder();
  const file = join(folder.path, "wrong.ts");
  writeFileSync(file, 'import { reply } from "@hutong/server";\nexport const wrong: string = reply();\n');

  expect(problemsIn([file])).toEqual([
    expect.stringMatching(/wrong\.ts:2: Type 'Reply<.*>' is not assignable to type 'string'/),
  ]);
});

function problemsIn(files: readonly string[]): readonly string[] {
  const { config } = ts.readConfigFile(join(REPOSITORY, "tsconfig.check.json"), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, REPOSITORY);
  // A block shows a piece of a program, so not everything that it declares is used in it.
  const program = ts.createProgram(files, { ...options, noUnusedLocals: false, noUnusedParameters: false });
  const shown = new Set(files);
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file === undefined || shown.has(file.fileName))
    .map(({ file, start, messageText }) => {
      const line = file === undefined || start === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
      return `${file === undefined ? "" : relative(REPOSITORY, file.fileName)}:${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
}
