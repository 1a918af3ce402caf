import { memoryFiles, ProjectCompiler } from "@hutong/miniprogram";
import { openHeadless } from "@hutong/miniprogram/host";
import { describe, expect, test } from "vitest";
import { BUILT_IN_PROPERTIES } from "../../packages/miniprogram/src/service/built-in-properties.ts";
import { quotedNames, sections, tableRows } from "./support/markdown.ts";
import { readText } from "./support/repository.ts";

/** What a page says about its own `wx`. */
interface Found {
  readonly names: readonly string[];
  readonly failures: readonly string[];
}

const page = sections(readText("docs/reference/miniprogram-support.md"));
const text = (title: string): string => page.find((section) => section.title === title)?.text ?? "";
const firstCells = (title: string): readonly string[] =>
  tableRows(text(title)).flatMap(([cell = ""]) => quotedNames(cell));
const failing = quotedNames(text("What fails").split("Among them:")[1] ?? "");

/** Runs a page that looks at its `wx`. */
async function look(): Promise<Found> {
  const js = `Page({ async onLoad() {
    for (const name of Object.keys(wx)) console.log("has", name);
    for (const name of ${JSON.stringify(failing)})
      await new Promise((resolve) => wx[name]({ fail: ({ errMsg }) => { console.log("failed", errMsg); resolve() } }));
    console.log("end");
  } })`;
  const { project } = await new ProjectCompiler().compile(
    memoryFiles({ "app.json": '{"pages":["index"]}', "index.wxml": "<view/>", "index.js": js }),
  );
  if (project === undefined) throw new Error("the page does not compile");
  await using app = await openHeadless(project);
  await expect.poll(() => app.console.at(-1)?.text).toBe("end");
  const lines = app.console.filter(({ level }) => level === "log").map(({ text }) => text);
  const after = (word: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  return { names: after("has"), failures: after("failed") };
}

describe("miniprogram-support.md", () => {
  test("lists every function that wx has, and no other", async () => {
    const found = await look();
    const named = firstCells("Functions of wx");
    const listeners = named.filter((name) => /^on[A-Z]/.test(name) && !name.startsWith("onSocket"));
    const all = [...named, ...listeners.map((name) => name.replace("on", "off"))];

    expect(all.toSorted()).toEqual(found.names.toSorted());
  });

  test("lists every element that a page may have, and no other", () => {
    expect(firstCells("Elements").toSorted()).toEqual(Object.keys(BUILT_IN_PROPERTIES).toSorted());
  });

  test("what it says fails does fail, with the text that it says", async () => {
    const found = await look();

    expect(failing.length).toBeGreaterThan(20);
    expect(found.failures).toEqual(failing.map((name) => `${name}:fail not supported`));
  });
});
