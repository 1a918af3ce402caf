import { describe, expect, test } from "vitest";
import { templateScript } from "../../src/compiler/template-script.ts";
import { formatDiagnostic, memoryFiles, ProjectCompiler } from "../../src/index.ts";
import { openHeadless } from "../../src/host/index.ts";
import { compileFiles, onePage } from "../support/compile.ts";

describe("a script of a template", () => {
  test.each([
    ["var class = a.class", "var class_ = a.class"],
    ["x = { class: 1, extends : class }", "x = { class: 1, extends : class_ }"],
    ["a ? class : b // class", "a ? class_ : b // class"],
    ["'class' + \"import\" + superb", "'class' + \"import\" + superb"],
    ["a.b[0].constructor === 'Array'", "typeNameOf(a.b[0]) === 'Array'"],
  ])("%s", (code, expected) => {
    expect(templateScript(code)).toBe(expected);
  });

  test("may use words of later JavaScript as names", async () => {
    const wxml = `<wxs module="m">module.exports.join = function (list) { var class = ''; for (var i = 0; i < list.length; i++) class += list[i]; return class; }</wxs><view>{{m.join(['a', 'b'])}}</view>`;
    await using app = await openHeadless(await compileFiles(onePage({ wxml })));

    expect(app.top.view.root.textContent).toBe("ab");
  });

  test("that cannot be read is reported with its place", async () => {
    const files = onePage({ wxml: '<wxs src="./m.wxs" module="m" /><view/>' });
    const { project, diagnostics } = await new ProjectCompiler().compile(
      memoryFiles({ ...files, "pages/index/m.wxs": "var a = 1;\nvar b = ;" }),
    );

    expect(project).toBeUndefined();
    expect(diagnostics.map(formatDiagnostic)).toEqual([
      'pages/index/m.wxs:2:9: Unexpected ";"; expected JavaScript or TypeScript that a parser accepts',
    ]);
  });
});
