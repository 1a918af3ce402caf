import { describe, expect, test } from "vitest";
import { formatDiagnostic, memoryFiles, ProjectCompiler } from "../../src/index.ts";
import { compileFiles, onePage } from "../support/compile.ts";

const PAGE = onePage({ wxml: "<view>hello</view>" });

async function errorsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { project, diagnostics } = await new ProjectCompiler().compile(memoryFiles(files));
  expect(project === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
  return diagnostics.filter(({ severity }) => severity === "error").map(formatDiagnostic);
}

describe("what is wrong with a project", () => {
  test.each([
    [
      "a project without app.json",
      { "app.json": undefined },
      "app.json:1:1: file not found; expected app.json in the root",
    ],
    ["broken JSON", { "app.json": '{\n  "pages": [,]\n}' }, "app.json:2:13: broken JSON"],
    [
      "no pages",
      { "app.json": '{"pages": []}' },
      'app.json:1:2: there are no pages; expected a list of paths in "pages"',
    ],
    [
      "a page that is not there",
      { "app.json": '{\n"pages": ["pages/index/index", "pages/no/no"]}' },
      "page pages/no/no not found; expected pages/no/no.wxml",
    ],
    [
      "an open brace in a template",
      { "pages/index/index.wxml": "<view>\n  {{a\n</view>" },
      "pages/index/index.wxml:2:",
    ],
    [
      "a tag without an end",
      { "pages/index/index.wxml": "<view>\n<text></view>" },
      "pages/index/index.wxml:2:2: missing end tag; expected an end tag for every start tag",
    ],
    [
      "an end without a start",
      { "pages/index/index.wxml": "<view></view>\n</text>" },
      "pages/index/index.wxml:2:1: invalid end tag",
    ],
    [
      "a broken script",
      { "pages/index/index.js": "Page({\n  data: {,}\n})" },
      'pages/index/index.js:2:10: Expected identifier but found ","; expected identifier',
    ],
    [
      "a broken style sheet",
      { "pages/index/index.wxss": ".a { color: red;\n" },
      "pages/index/index.wxss:1:1: broken style sheet: Unclosed block",
    ],
    [
      "an import that is not there",
      { "pages/index/index.wxss": '.a {}\n@import "x.wxss";' },
      "pages/index/index.wxss:2:1: style sheet x.wxss not found",
    ],
    [
      "an entry page that is none",
      { "app.json": '{"pages":["pages/index/index"],\n"entryPagePath":"pages/none/none"}' },
      "app.json:2:1: entry page pages/none/none is not in pages; expected the path of one of the pages",
    ],
    [
      "a tab that is no page",
      { "app.json": '{"pages":["pages/index/index"],"tabBar":{"list":[{"pagePath":"pages/none/none"}]}}' },
      "tab pages/none/none is not in pages",
    ],
  ])("%s is reported with its place and what was expected", async (_, changes, expected) => {
    const files = Object.entries({ ...PAGE, ...changes }).flatMap(([path, text]) =>
      text === undefined ? [] : [[path, text] as const],
    );

    expect((await errorsOf(Object.fromEntries(files))).join("\n")).toContain(expected);
  });

  test("what WeChat lets pass is no error", async () => {
    const wxml = `<view wx:for-items="{{list}}" wx:key="{{item.id}}" class="a" class="b" hidden=true data-Name="x">{{item}}</view><View bindTap="x"/>`;

    expect(await errorsOf({ ...PAGE, "pages/index/index.wxml": wxml })).toEqual([]);
  });
});

describe("a component that is not there", () => {
  test("is a warning with its place, and the rest of the project runs", async () => {
    const files = {
      ...PAGE,
      "pages/index/index.json":
        '{"usingComponents":{"a":"@kit/button","b":"plugin://x/y","c":"weui-miniprogram/cell/cell",\n"d":"/none/x"}}',
    };

    const { project, diagnostics } = await new ProjectCompiler().compile(memoryFiles(files));

    expect(project?.config.pages).toEqual(["pages/index/index"]);
    expect(
      diagnostics.map(({ severity, line, column, message }) => `${severity} ${line}:${column} ${message}`),
    ).toEqual([
      "warning 1:25 component @kit/button not found",
      "warning 1:43 component plugin://x/y not found",
      "warning 1:62 component weui-miniprogram/cell/cell not found",
      "warning 2:5 component /none/x not found",
    ]);
  });
});

describe("style sheets", () => {
  async function style(wxss: string, others: Readonly<Record<string, string>> = {}): Promise<string | undefined> {
    const project = await compileFiles({ ...PAGE, "pages/index/index.wxss": wxss, ...others });
    return project.styles["pages/index/index"]?.replaceAll("hutong-scope-mark--", "§");
  }

  test.each([
    [".a { width: 750rpx; margin: -1.5rpx 0rpx }", ".§a { width: 100vw; margin: -0.2vw 0vw }"],
    ["page view > .b:not(.c)::after {}", "body wx-view > .§b:not(.§c)::after {}"],
    [":host { color: red } :host(.big) {}", '[is="pages/index/index"] { color: red } [is="pages/index/index"].§big {}'],
    ["@keyframes k { from { top: 0 } 50% { top: 75rpx } }", "@keyframes k { from { top: 0 } 50% { top: 10vw } }"],
    [".a { background: url(./x.png) }", '.§a { background: url("asset:pages/index/x.png") }'],
    [".a { background: url('https://example.com/x.png') }", ".§a { background: url('https://example.com/x.png') }"],
    ["my-card, #one, [a=b] {}", "wx-my-card, #one, [a=b] {}"],
    [".wx-like {}", ".§wx-like {}"],
  ])("%s", async (wxss, css) => {
    expect(await style(wxss)).toBe(css);
  });

  test("imports are put in place, each with paths of its own, and circles end", async () => {
    const css = await style('@import "../../parts/a.wxss";\n.end {}', {
      "parts/a.wxss": '@import "b";\n.a { background: url(a.png) }',
      "parts/b.wxss": '@import "a.wxss";\nview {}',
    });

    expect(css?.replace(/\s+/g, " ")).toBe('wx-view {} .§a { background: url("asset:parts/a.png") } .§end {}');
  });

  test("imports mean the component that imports them by :host", async () => {
    const css = await style('@import "../../parts/a.wxss";', {
      "parts/a.wxss": '@import "b";',
      "parts/b.wxss": ":host {}",
    });

    expect(css).toBe('[is="pages/index/index"] {}');
  });
});

describe("scripts", () => {
  test("modules, TypeScript, JSON and npm packages are found where WeChat finds them", async () => {
    const project = await compileFiles({
      ...PAGE,
      "pages/index/index.js":
        'import { a } from "../../lib/a";\nconst data = require("../../data.json"); const tool = require("tool"); require("../../lib/folder");',
      "lib/a.ts": "export const a: number = 1;",
      "lib/folder/index.js": "exports.x = 1",
      "data.json": '{"b": 2}',
      "miniprogram_npm/tool/index.js": 'require("./deep")',
      "miniprogram_npm/tool/deep.js": "",
      "unused.js": "syntax error here",
    });

    expect(Object.keys(project.modules).toSorted()).toEqual([
      "app.js",
      "data.json",
      "lib/a.ts",
      "lib/folder/index.js",
      "miniprogram_npm/tool/deep.js",
      "miniprogram_npm/tool/index.js",
      "pages/index/index.js",
    ]);
  });

  test("a change compiles one script again", async () => {
    const compiler = new ProjectCompiler();
    await compiler.compile(memoryFiles(PAGE));
    const first = compiler.compiledScriptCount;
    await compiler.compile(memoryFiles({ ...PAGE, "pages/index/index.js": "Page({ data: {} })" }));

    expect([first, compiler.compiledScriptCount]).toEqual([2, 3]);
  });

  test("a template that is mended compiles again, and one that is gone leaves nothing behind", async () => {
    const compiler = new ProjectCompiler();
    const broken = await compiler.compile(memoryFiles({ ...PAGE, "pages/index/index.wxml": "<view>{{" }));
    const mended = await compiler.compile(
      memoryFiles({ ...PAGE, "pages/index/index.wxml": '<import src="t.wxml"/>', "pages/index/t.wxml": "<a-marker/>" }),
    );
    const without = await compiler.compile(memoryFiles(PAGE));

    expect([broken.project, mended.diagnostics]).toEqual([undefined, []]);
    expect([mended.project?.templates.includes("a-marker"), without.project?.templates.includes("a-marker")]).toEqual([
      true,
      false,
    ]);
  });
});

describe("app.json", () => {
  test("subpackages, entry page, tab bar, time limits and app id are read", async () => {
    const { config } = await compileFiles({
      "app.json": JSON.stringify({
        entryPagePath: "b/b",
        pages: ["a/a", "b/b"],
        subPackages: [{ root: "sub/", pages: ["c/c"] }],
        tabBar: { list: [{ pagePath: "a/a", text: "A", iconPath: "./i.png" }] },
        networkTimeout: { request: 5 },
      }),
      "project.config.json": '{"appid":"wx1"}',
      "app.js": "App({})",
      "a/a.wxml": "",
      "b/b.wxml": "",
      "sub/c/c.wxml": "",
    });

    expect(config).toMatchObject({
      appId: "wx1",
      pages: ["a/a", "b/b", "sub/c/c"],
      entryPage: "b/b",
      tabBar: { color: "#7f8389", custom: false, list: [{ pagePath: "a/a", text: "A", iconPath: "i.png" }] },
      networkTimeout: { request: 5, connectSocket: 60_000 },
    });
  });

  test("components are found by relative, absolute and npm paths, in the folder of the user first", async () => {
    const { components } = await compileFiles({
      ...PAGE,
      "app.json": '{"pages":["pages/index/index"],"usingComponents":{"everywhere":"shared/box"}}',
      "pages/index/index.json": '{"usingComponents":{"near":"./near","kit":"kit/button","folder":"/shared/folder"}}',
      "pages/index/near.json": '{"component":true}',
      "shared/box.json": '{"component":true}',
      "shared/folder/index.json": '{"component":true}',
      "miniprogram_npm/kit/button/index.json": '{"component":true,"usingComponents":{"icon":"../icon"}}',
      "miniprogram_npm/kit/icon/index.json": '{"component":true}',
    });

    expect(components["pages/index/index"]?.["usingComponents"]).toEqual({
      everywhere: "/shared/box",
      near: "/pages/index/near",
      kit: "/miniprogram_npm/kit/button/index",
      folder: "/shared/folder/index",
    });
    expect(Object.keys(components)).toContain("miniprogram_npm/kit/icon/index");
  });
});
