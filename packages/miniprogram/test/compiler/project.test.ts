import { describe, expect, test } from "vitest";
import { formatDiagnostic, memoryFiles, ProjectCompiler } from "../../src/index.ts";
import { compileFiles, onePage } from "../support/compile.ts";
import { linesOf, openPage } from "../support/headless.ts";

async function problemsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { diagnostics } = await new ProjectCompiler().compile(memoryFiles(files));
  return diagnostics.map(formatDiagnostic);
}

const PAGE = onePage({ wxml: "<view/>" });

describe("app.json", () => {
  test.each([
    [
      "a comma too many",
      '{\n  "pages": ["pages/index/index"],\n}',
      "app.json:2:33: broken JSON: JSON does not support trailing commas",
    ],
    ["a comment", '{ // pages\n"pages": ["pages/index/index"] }', "app.json:1:3: broken JSON"],
    ["a quote too few", '{\n"pages: []\n}', "app.json:2:"],
    ["an end too early", '{ "pages": [', "app.json:1:13: broken JSON"],
    ["a list", "[]", "app.json:1:1: not a JSON object; expected an object in braces"],
    ["null", "null", "app.json:1:1: not a JSON object; expected an object in braces"],
    ["nothing", "", "app.json:1:1: there are no pages"],
    ["pages that are no list", '{"pages":"pages/index/index"}', "app.json:1:2: there are no pages"],
    ["pages that are no texts", '{"pages":[1, null, {}]}', "app.json:1:2: there are no pages"],
  ])("with %s is reported with its place", async (_, text, expected) => {
    expect((await problemsOf({ ...PAGE, "app.json": text }))[0]).toContain(expected);
  });

  test("with a mark of its byte order, slashes around pages and pages twice is read", async () => {
    const { config } = await compileFiles({
      ...PAGE,
      "app.json": '\uFEFF{"pages":["/pages/index/index","pages/index/index","./pages/index/index"]}',
    });

    expect(config.pages).toEqual(["pages/index/index"]);
  });

  test.each([
    ["a window that is a text", { window: "x" }],
    ["a tab bar without a list", { tabBar: {} }],
    ["a tab bar with nonsense in its list", { tabBar: { list: [null, 1] } }],
    ["subpackages that are nonsense", { subpackages: [null, 1, {}] }],
    ["components that are a list", { usingComponents: [] }],
    ["time limits that are texts", { networkTimeout: { request: "1" } }],
    ["permissions that are texts", { permission: { "scope.record": "x" } }],
    ["aliases that are numbers", { resolveAlias: { a: 1 } }],
    ["names of a prototype", { constructor: { prototype: {} }, __proto__: { pages: [] } }],
  ])("with %s does no harm", async (_, more) => {
    const text = JSON.stringify({ pages: ["pages/index/index"], ...more });

    const { project } = await new ProjectCompiler().compile(memoryFiles({ ...PAGE, "app.json": text }));

    expect(project?.config.pages).toEqual(["pages/index/index"]);
    expect(project?.config.networkTimeout.request).toBe(60_000);
  });

  test("names pages that would be outside of the project as if they were inside", async () => {
    expect((await problemsOf({ ...PAGE, "app.json": '{"pages":["../../secret"]}' })).join()).toContain(
      "page secret not found",
    );
  });
});

describe("TypeScript", () => {
  test.each([
    [
      "types",
      "const n: number = 1; interface A { readonly a?: string } type B = A | null; console.log(n satisfies number);",
      "1",
    ],
    ["enums", "enum E { A = 1, B } console.log(E.B, E[1]);", "2 A"],
    [
      "classes with fields",
      "class A { #n = 1; static s = 2; constructor(private readonly m: number) {} get all() { return [this.#n, A.s, this.m].join() } } console.log(new A(3).all);",
      "1,2,3",
    ],
    [
      "what is newer than the target",
      "const o: { a?: { b: number } } = {}; let x: number | null = null; x ??= 4; console.log(o.a?.b ?? x);",
      "4",
    ],
    ["generics and casts", "const f = <T,>(v: T): T => v; console.log(f<number>(1) as unknown as string);", "1"],
    [
      "imports of types",
      'import type { T } from "./types"; import { value } from "./values"; const v: T = value; console.log(v);',
      "7",
    ],
    ["waiting", "void (async () => { for await (const n of [1, 2]) console.log(n); })();", "1"],
  ])("with %s runs", async (_, code, expected) => {
    const files = onePage({ wxml: "<view/>" });
    const { "pages/index/index.js": _script, ...others } = files;
    await using app = await openPage("<view/>", "Page({})", {
      ...others,
      "pages/index/index.js": 'require("./code"); Page({})',
      "pages/index/code.ts": code,
      "pages/index/values.ts": "export const value = 7;",
      "pages/index/types.ts": "export type T = number;",
    });

    expect(linesOf(app)[0]).toBe(expected);
  });

  test("that is broken is reported with its place", async () => {
    expect(
      await problemsOf({ ...PAGE, "pages/index/index.js": 'require("./a")', "pages/index/a.ts": "let a: = 1;" }),
    ).toEqual(['pages/index/a.ts:1:8: Unexpected "="; expected JavaScript or TypeScript that a parser accepts']);
  });
});

describe("modules", () => {
  const run = async (js: string, others: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    await using app = await openPage("<view/>", `${js}; Page({})`, others);
    return linesOf(app).map((line) => line.split("\n")[0] ?? "");
  };

  test("of both kinds use each other", async () => {
    expect(
      await run(
        'import named, { a } from "./esm"; import * as all from "./cjs"; console.log(named, a, all.b, require("./esm").default)',
        {
          "pages/index/esm.js": 'export default "default"; export const a = require("./cjs").b + 1;',
          "pages/index/cjs.js": "exports.b = 1;",
        },
      ),
    ).toEqual(["default 2 1 default"]);
  });

  test("in a circle see what the other has exported so far", async () => {
    expect(
      await run('console.log(require("./a").all().join())', {
        "pages/index/a.js":
          'exports.early = "early"; const b = require("./b"); exports.late = "late"; exports.all = () => [b.seen, typeof b.unseen, b.later()]',
        "pages/index/b.js":
          'const a = require("./a"); exports.seen = a.early; exports.unseen = a.late; exports.later = () => a.late',
      }),
    ).toEqual(["early,undefined,late"]);
  });

  test("may require themselves", async () => {
    expect(
      await run('console.log(require("./a").same)', {
        "pages/index/a.js": 'exports.same = require("./a") === exports',
      }),
    ).toEqual(["true"]);
  });

  test("that throw say so each time they are required", async () => {
    const js = 'for (let i = 0; i < 2; i++) try { require("./a") } catch (error) { console.log(error.message) }';

    expect(await run(js, { "pages/index/a.js": 'throw new Error("at the top")' })).toEqual([
      "at the top",
      "at the top",
    ]);
  });

  test.each([
    ["./folder", "folder/index.js"],
    ["./folder/index", "folder/index.js"],
    ["./file.js", "file.js"],
    ["file", "file.js"],
    ["./data.json", "data.json"],
    ["./dotted.name", "dotted.name.js"],
    ["./", "index.js"],
  ])("%s is found at %s", async (reference, path) => {
    const code = path.endsWith(".json") ? '"found"' : 'module.exports = "found"';
    const js =
      reference === "./"
        ? 'module.exports = "found"; console.log(require("./"))'
        : `console.log(require("${reference}"))`;

    expect(await run(js, reference === "./" ? {} : { [`pages/index/${path}`]: code })).toEqual(["found"]);
  });

  test("a package of the page's folder comes before one of the root", async () => {
    const files = {
      "miniprogram_npm/kit/index.js": 'module.exports = "root"',
      "pages/miniprogram_npm/kit/index.js": 'module.exports = "near"',
    };

    expect(await run('console.log(require("kit"))', files)).toEqual(["near"]);
  });

  test("a later one is loaded when it is asked for", async () => {
    expect(
      await run(
        'require.async("./later").then((later) => console.log(later.n)); require.async("./none").catch((error) => console.log(error.message)); console.log("now")',
        {
          "pages/index/later.js": "exports.n = 1",
        },
      ),
    ).toEqual(["now", "1", 'module "./none" is not defined; required by pages/index/index.js']);
  });
});

describe("compiling again", () => {
  test("takes up what changed, what came and what went", async () => {
    const compiler = new ProjectCompiler();
    const modulesOf = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> =>
      Object.keys((await compiler.compile(memoryFiles({ ...PAGE, ...files }))).project?.modules ?? {});

    expect([
      await modulesOf({ "pages/index/index.js": 'require("./a")', "pages/index/a.js": "" }),
      await modulesOf({ "pages/index/index.js": 'require("./a")' }),
      await modulesOf({ "pages/index/index.js": 'require("./a")', "pages/index/a.ts": "" }),
    ]).toEqual([
      ["app.js", "pages/index/index.js", "pages/index/a.js"],
      ["app.js", "pages/index/index.js"],
      ["app.js", "pages/index/index.js", "pages/index/a.ts"],
    ]);
  });

  test("gives what compiling for the first time gives", async () => {
    const compiler = new ProjectCompiler();
    const first = { ...PAGE, "pages/index/index.wxml": '<import src="t"/>', "pages/index/t.wxml": "<view/>" };
    const second = { ...PAGE, "pages/index/index.wxml": "<text>2</text>", "pages/index/index.wxss": ".a {}" };
    await compiler.compile(memoryFiles(first));

    const again = await compiler.compile(memoryFiles(second));

    expect(again).toEqual(await new ProjectCompiler().compile(memoryFiles(second)));
  });

  test("a project that is broken and mended is the same as before", async () => {
    const compiler = new ProjectCompiler();
    const before = await compiler.compile(memoryFiles(PAGE));
    const broken = await compiler.compile(memoryFiles({ ...PAGE, "app.json": "{", "pages/index/index.js": "(" }));
    const mended = await compiler.compile(memoryFiles(PAGE));

    expect([before.diagnostics, broken.project, mended]).toEqual([[], undefined, before]);
  });
});
