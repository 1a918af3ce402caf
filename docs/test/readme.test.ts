import { describe, expect, test } from "vitest";
import { codeBlocks, linkTargets, sections } from "./support/markdown.ts";
import { readText } from "./support/repository.ts";

const english = readText("README.md");
const chinese = readText("README.zh-CN.md");

describe("README.md", () => {
  test("is at most 120 lines long", () => {
    expect(english.trimEnd().split("\n").length).toBeLessThanOrEqual(120);
  });

  test("shows the lobby's server and client as the files have them", () => {
    const [server, client] = codeBlocks(english).filter(({ language }) => language === "ts");

    expect(server?.text).toBe(readText("examples/lobby/server.ts"));
    expect(client?.text).toBe(readText("examples/lobby/client.ts"));
  });

  test("names the two commands that start and test a clone", () => {
    const commands = codeBlocks(english).filter(({ language }) => language === "sh");

    expect(commands.map(({ text }) => text)).toEqual(["npm ci && npm start\n", "npm ci && npm test\n"]);
  });

  test("the commands are scripts of package.json", () => {
    const { scripts } = JSON.parse(readText("package.json")) as { readonly scripts: object }; // npm reads it the same way

    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["start", "test", "check", "token"]));
  });
});

describe("README.zh-CN.md", () => {
  test("has as many headings of each level, in the same order", () => {
    expect(sections(chinese).map(({ level }) => level)).toEqual(sections(english).map(({ level }) => level));
  });

  test("has the same blocks of code", () => {
    const shown = (page: string) => codeBlocks(page).map(({ language, text }) => ({ language, text }));

    expect(shown(chinese)).toEqual(shown(english));
  });

  test("has tables with the same number of rows", () => {
    const countRows = (page: string) => page.split("\n").filter((line) => line.startsWith("|")).length;

    expect(countRows(chinese)).toBe(countRows(english));
  });

  test("leads to the same pages", () => {
    const isShared = (target: string): boolean => !/^README|^docs\/images\//.test(target);

    expect(linkTargets(chinese).filter(isShared)).toEqual(linkTargets(english).filter(isShared));
  });
});
