import { describe, expect, test } from "vitest";
import { formatDiagnostic, memoryFiles, ProjectCompiler } from "../../src/index.ts";
import { compileFiles, onePage } from "../support/compile.ts";
import { linesOf, openPage } from "../support/headless.ts";

async function problemsOf(wxml: string, others: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const { diagnostics } = await new ProjectCompiler().compile(memoryFiles({ ...onePage({ wxml }), ...others }));
  return diagnostics.map((one) => `${one.severity} ${formatDiagnostic(one)}`);
}

describe("what is wrong with a template", () => {
  test.each([
    ["an element without an end", "<view>", "1:2: missing end tag; expected an end tag for every start tag"],
    ["one in another", "<view>\n  <text>\n</view>", "2:4: missing end tag; expected an end tag for every start tag"],
    [
      "an end without a start",
      "</view>",
      "1:1: invalid end tag; expected an end tag that matches the start tag before it",
    ],
    ["an end of another one", "<view></text></view>", "1:2: missing end tag; expected an end tag for every start tag"],
    ["an expression without an end", "<view>{{ a</view>", "1:"],
    ["an expression in an attribute without an end", '<view\n  a="{{ a"/>', "2:"],
    ["an expression that is none", "<view>{{ a b }}</view>", "1:"],
    ["an attribute without an end", '<view class="a></view>', "1:"],
    ["after letters that take two places", "<view>中文</view>\n<view>😀</text>", "2:"],
  ])("%s has a place", async (_, wxml, expected) => {
    const problems = await problemsOf(wxml);

    expect(problems[0]).toContain(`error pages/index/index.wxml:${expected}`);
  });

  test("is said of the file that it is in, not of the one that imports it", async () => {
    expect(await problemsOf('<import src="./t"/>', { "pages/index/t.wxml": "<view/>\n</text>" })).toEqual([
      "error pages/index/t.wxml:2:1: invalid end tag; expected an end tag that matches the start tag before it",
    ]);
  });

  test("is said also when a script of the same name stands beside it", async () => {
    expect(
      await problemsOf('<wxs src="./index.wxs" module="m"/>\n<view>', {
        "pages/index/index.wxs": "module.exports = 1",
      }),
    ).toEqual(["error pages/index/index.wxml:2:2: missing end tag; expected an end tag for every start tag"]);
  });

  test("stays until it is mended, and is said once each time", async () => {
    const compiler = new ProjectCompiler();
    const count = async (wxml: string): Promise<number> =>
      (await compiler.compile(memoryFiles(onePage({ wxml })))).diagnostics.length;

    expect([await count("<view>"), await count("<view>"), await count("<view/>"), await count("<view>")]).toEqual([
      1, 1, 0, 1,
    ]);
  });

  test("is gone together with the script that it was in", async () => {
    const compiler = new ProjectCompiler();
    const count = async (wxml: string): Promise<number> => {
      const files = { ...onePage({ wxml }), "pages/index/index.wxs": "var a = ;" };
      return (await compiler.compile(memoryFiles(files))).diagnostics.length;
    };

    expect([await count('<wxs src="./index.wxs" module="m"/>'), await count("<view/>")]).toEqual([1, 0]);
  });

  test("a script inside of it has its place in the template's file", async () => {
    const [problem] = await problemsOf('<wxs module="m">var a = ;</wxs>');

    expect(problem).toContain("error pages/index/index.wxml:1:");
  });
});

describe("templates of other files", () => {
  test.each([
    ["beside it", "./t.wxml", "pages/index/t.wxml"],
    ["without an extension", "t", "pages/index/t.wxml"],
    ["from the root", "/shared/t.wxml", "shared/t.wxml"],
    ["above it", "../../shared/t", "shared/t.wxml"],
    ["above the root, which is the root", "../../../../shared/t", "shared/t.wxml"],
  ])("are found %s", async (_, src, path) => {
    await using app = await openPage(
      `<import src="${src}"/><template is="one" data="{{n: 1}}"/><include src="${src}"/>`,
      "Page({ data: { w: 'page' } })",
      {
        [path]: '<template name="one">one {{n}} </template>{{w}}',
      },
    );

    expect(app.top.view.root.textContent).toBe("one 1 page");
  });

  test.each([
    ["an import", '<view/>\n<import src="./none.wxml"/>', "2:9: template ./none.wxml"],
    ["an include", "<view/><include\n src='/none'/>", "2:2: template /none"],
  ])("that are not there are a warning for %s, and the page runs", async (_, wxml, expected) => {
    await using app = await openPage(`${wxml}<template is="none"/><view>rest</view>`, "Page({})");

    expect(await problemsOf(wxml)).toEqual([
      `warning pages/index/index.wxml:${expected} not found; expected the path of a .wxml file`,
    ]);
    expect(app.top.view.root.textContent).toBe("rest");
  });

  test("may import each other in a circle", async () => {
    await using app = await openPage('<import src="a"/><template is="a"/>', "Page({})", {
      "pages/index/a.wxml": '<import src="b"/><template name="a">a<template is="b"/></template>',
      "pages/index/b.wxml": '<import src="a"/><template name="b">b</template>',
    });

    expect(app.top.view.root.textContent).toBe("ab");
  });

  test("see what they are given, and nothing of the page", async () => {
    await using app = await openPage(
      '<template name="t">{{a}}-{{b}}-{{c}}</template><template is="{{name}}" data="{{a, ...more}}"/>',
      "Page({ data: { name: 't', a: 1, c: 3, more: { b: 2 } } })",
    );

    expect(app.top.view.root.textContent).toBe("1-2-");
  });
});

describe("an expression", () => {
  test.each([
    ["a.b.c", ""],
    ["list[1].n", "2"],
    ["list.length", "2"],
    ["n + 1 + 's'", "2s"],
    ["!n ? 'no' : 'yes'", "yes"],
    ["n === 1 && 'one'", "one"],
    ["none || 'other'", "other"],
    ["'a' + \"b\"", "ab"],
    ["[1, 2][1]", "2"],
    ["({ x: 5 }).x", "5"],
    ["-n", "-1"],
    ["n > 0", "true"],
    ["typeof n", "number"],
    ["10 % 4 * 2", "4"],
    ["none.deep.deeper", ""],
    ["nothing", ""],
    ["zero", "0"],
    ["no", "false"],
  ])("{{%s}} is %j", async (expression, expected) => {
    await using app = await openPage(
      `<view>{{${expression}}}</view>`,
      "Page({ data: { n: 1, zero: 0, no: false, nothing: undefined, list: [{ n: 1 }, { n: 2 }] } })",
    );

    expect(app.top.view.root.textContent).toBe(expected);
  });
});

test("a backslash with an n ends a line of a text", async () => {
  await using app = await openPage(
    "<text class=\"a\">one\\ntwo{{'\\n' + 3}}\\n</text><view>four\\n</view>",
    "Page({})",
  );

  expect(app.top.view.root.textContent).toBe("one\ntwo\n3\nfour\\n");
});

describe("lists and conditions", () => {
  test.each([
    ["a list", '<text wx:for="{{[1, 2]}}" wx:key="*this">{{index}}:{{item}} </text>', "0:1 1:2 "],
    ["a number of times", '<text wx:for="{{3}}" wx:key="*this">{{item}}</text>', "012"],
    ["an object", '<text wx:for="{{o}}" wx:key="*this">{{index}}={{item}} </text>', "a=1 b=2 "],
    ["letters of a text", '<text wx:for="ab" wx:key="*this">{{item}}</text>', "ab"],
    [
      "own names",
      '<text wx:for="{{[[1], [2]]}}" wx:for-item="row" wx:for-index="y" wx:key="*this"><text wx:for="{{row}}" wx:key="*this">{{y}}{{item}}</text></text>',
      "0112",
    ],
    ["nothing", '<text wx:for="{{none}}" wx:key="*this">x</text>', ""],
    ["a block", '<block wx:for="{{[1, 2]}}" wx:key="*this"><text>{{item}}</text><text>,</text></block>', "1,2,"],
    ["keys that are the same", '<text wx:for="{{[1, 1]}}" wx:key="*this">{{item}}</text>', "11"],
    [
      "if, elif and else",
      '<text wx:if="{{false}}">a</text><text wx:elif="{{true}}">b</text><text wx:else>c</text>',
      "b",
    ],
    ["the last of them", '<text wx:if="{{0}}">a</text><text wx:elif="{{\'\'}}">b</text><text wx:else>c</text>', "c"],
  ])("show %s", async (_, wxml, expected) => {
    await using app = await openPage(wxml, "Page({ data: { o: { a: 1, b: 2 } } })");

    expect(app.top.view.root.textContent).toBe(expected);
  });
});

describe("scripts of templates", () => {
  test("require each other, by paths from their own file, once", async () => {
    await using app = await openPage(
      '<wxs src="../../parts/a.wxs" module="a"/>{{a.word()}} {{a.count()}}',
      "Page({})",
      {
        "parts/a.wxs":
          'var b = require("./deep/b.wxs"); var c = require("./c.wxs"); module.exports = { word: function () { return b.word }, count: function () { return c.next() } };',
        "parts/deep/b.wxs": 'var c = require("../c.wxs"); c.next(); module.exports = { word: "deep" };',
        "parts/c.wxs": "var n = 0; module.exports = { next: function () { n += 1; return n } };",
      },
    );

    expect(app.top.view.root.textContent).toBe("deep 2");
  });

  test.each([
    ["a template", '<view/>\n<wxs src="./none.wxs" module="m"/>', {}, "index.wxml:2:6: script ./none.wxs"],
    [
      "a script in a template",
      '<wxs module="m">/* require("./no.wxs") */\nvar a = require("./none.wxs")</wxs>',
      {},
      "index.wxml:2:9: script ./none.wxs",
    ],
    [
      "a script",
      '<wxs src="./a.wxs" module="m"/>',
      { "pages/index/a.wxs": '// require("./no.wxs")\nvar a = require("none.wxs")' },
      "a.wxs:2:9: script none.wxs",
    ],
  ])("that are not there are an error of %s", async (_, wxml, others, expected) => {
    expect(await problemsOf(wxml, others)).toEqual([
      `error pages/index/${expected} not found; expected the path of a .wxs file`,
    ]);
  });

  test("of a page see their own names only", async () => {
    await using app = await openPage(
      '<wxs module="m">module.exports = { of: function () { return typeof wx + typeof getApp + typeof Page + typeof getDate().getTime() + getRegExp("b+").exec("abbc")[0] } }</wxs>{{m.of()}}',
      "Page({})",
    );

    expect(app.top.view.root.textContent).toBe("undefinedundefinedundefinednumberbb");
  });

  test("that throw leave the rest of the page standing", async () => {
    await using app = await openPage(
      '<wxs module="m">module.exports = { fail: function (a) { return a.b.c } }</wxs><view>before</view><view>{{go ? m.fail() : ""}}</view>',
      "Page({ data: { go: false }, onReady() { try { this.setData({ go: true }) } catch (e) {} console.log('after') } })",
    );

    expect(linesOf(app)).toContain("after");
    expect(app.top.view.root.textContent).toContain("before");
  });
});

test("a catch without a function moves nothing to another line", async () => {
  const project = await compileFiles(onePage({ wxml: '<view catchtap=\'\' catchtouchmove=""\n catch:longpress=""/>' }));

  expect(project.templates).not.toBe("");
});
