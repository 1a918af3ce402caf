import { describe, expect, test } from "vitest";
import { compileStyle } from "../../src/compiler/style.ts";
import { memoryFiles } from "../../src/index.ts";

function compiled(text: string): string {
  const problems: string[] = [];
  const style = compileStyle(memoryFiles({ "pages/a.wxss": text }), "pages/a.wxss", ({ message }) =>
    problems.push(message),
  );
  expect(problems).toEqual([]);
  return style.replaceAll("hutong-scope-mark--", "§").replaceAll(/\s+/g, " ").trim();
}

describe("a style sheet", () => {
  test.each([
    ["a place in an order is no tag", "view:nth-child(2n+1) {}", "wx-view:nth-child(2n+1) {}"],
    ["a tag inside a condition is one", "view:not(text) {}", "wx-view:not(wx-text) {}"],
    [
      "an address inside of an address stays",
      `view { background: url("data:image/svg+xml,<g fill='url(#a)'/>") }`,
      `wx-view { background: url("data:image/svg+xml,<g fill='url(#a)'/>") }`,
    ],
    ["an address without quotes", "view { background: url(../b.png) }", 'wx-view { background: url("asset:b.png") }'],
    [
      "the safe area is a variable",
      "view { padding: constant(safe-area-inset-bottom) env( safe-area-inset-top, 4rpx ) }",
      "wx-view { padding: var(--safe-area-inset-bottom) var(--safe-area-inset-top, 0.53333vw ) }",
    ],
    ["a length in a text is none", "view { content: '5rpx'; top: 75rpx }", "wx-view { content: '5rpx'; top: 10vw }"],
    [
      "a length in an address is none",
      "view { background: url(a-20rpx.png) }",
      'wx-view { background: url("asset:pages/a-20rpx.png") }',
    ],
    ["a length in a name is none", "view { top: var(--gap-20rpx, 75rpx) }", "wx-view { top: var(--gap-20rpx, 10vw) }"],
    [
      "lengths inside of functions",
      "view { width: calc(100% - 75rpx*2 + -7.5rpx); margin: -.75rpx +75rpx 0rpx 75RPX }",
      "wx-view { width: calc(100% - 10vw*2 + -1vw); margin: -0.1vw 10vw 0vw 10vw }",
    ],
    ["a variable", "page { --gap: 75rpx; top: var(--gap) }", "body { --gap: 10vw; top: var(--gap) }"],
    ["conditions", "@media (min-width: 750rpx) { .a {} }", "@media (min-width: 100vw) { .§a {} }"],
    ["a class that looks like a number", ".\\31 0 {}", ".§10 {}"],
    ["a class with a colon", ".a\\:b {}", ".§a\\:b {}"],
    ["fonts", "@font-face { src: url('./f.woff') }", '@font-face { src: url("asset:pages/f.woff") }'],
    [
      "attributes, universal and combined selectors",
      "*[hidden] ~ view + .a > #b {}",
      "*[hidden] ~ wx-view + .§a > #b {}",
    ],
    ["selectors inside of selectors", ":is(view, .a):where(text) {}", ":is(wx-view, .§a):where(wx-text) {}"],
    ["a rule inside of a rule", ".a { .b & { top: 75rpx } }", ".§a { .§b & { top: 10vw } }"],
    ["importance", "view { top: 75rpx !important }", "wx-view { top: 10vw !important }"],
    ["an empty sheet", "", ""],
    ["a sheet with nothing but comments", "/* a */ // b", "/* a */"],
    ["a sheet with a mark of its byte order", "\uFEFFview {}", "wx-view {}"],
    ["a comment ends with its line", "// one\nview { // two\n top: 0; }", "wx-view { top: 0; }"],
    ["an address is no comment", "view { background: url(//cdn/a.png) }", "wx-view { background: url(//cdn/a.png) }"],
  ])("%s", (_, text, expected) => {
    expect(compiled(text)).toBe(expected);
  });
});
