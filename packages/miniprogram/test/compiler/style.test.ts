import { describe, expect, test } from "vitest";
import { compileStyle } from "../../src/compiler/style.ts";
import { memoryFiles } from "../../src/index.ts";

function compiled(text: string): string {
  const problems: string[] = [];
  const style = compileStyle(memoryFiles({ "pages/a.wxss": text }), "pages/a.wxss", ({ message }) =>
    problems.push(message),
  );
  expect(problems).toEqual([]);
  return style.replaceAll(/\s+/g, " ").trim();
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
    ["a comment ends with its line", "// one\nview { // two\n top: 0; }", "wx-view { top: 0; }"],
    ["an address is no comment", "view { background: url(//cdn/a.png) }", "wx-view { background: url(//cdn/a.png) }"],
  ])("%s", (_, text, expected) => {
    expect(compiled(text)).toBe(expected);
  });
});
