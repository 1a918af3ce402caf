import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileStyle } from "../../src/compiler/style.ts";
import { memoryFiles } from "../../src/index.ts";

function compile(text: string): { readonly css: string; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const css = compileStyle(memoryFiles({ "pages/a.wxss": text }), "pages/a.wxss", ({ message }) => {
    problems.push(message);
  });
  return { css, problems };
}

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/);
const selector = fc
  .array(
    fc.oneof(
      name,
      name.map((one) => `.${one}`),
      name.map((one) => `#${one}`),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => parts.join(" "));
const length = fc.integer({ min: -1500, max: 1500 });
const rule = fc.tuple(selector, name, length).map(([one, property, rpx]) => `${one} { ${property}: ${rpx}rpx }`);

describe("a style sheet", () => {
  test("compiled twice is the same", () => {
    fc.assert(
      fc.property(fc.array(rule), (rules) => {
        const text = rules.join("\n");
        expect(compile(text)).toEqual(compile(text));
      }),
    );
  });

  test("of two parts is what its parts are", () => {
    fc.assert(
      fc.property(rule, rule, (first, second) => {
        expect(compile(`${first}\n${second}`).css).toBe(`${compile(first).css}\n${compile(second).css}`);
      }),
    );
  });

  test("keeps no length in rpx and no class without a mark", () => {
    fc.assert(
      fc.property(rule, (text) => {
        const { css, problems } = compile(text);
        expect(problems).toEqual([]);
        expect(css).not.toMatch(/\drpx/);
        expect(css.replaceAll(".hutong-scope-mark--", "")).not.toMatch(/(^|\s)\.[a-z]/);
      }),
    );
  });

  test("an imported one is what it would be in its place", () => {
    fc.assert(
      fc.property(rule, rule, (imported, own) => {
        const files = memoryFiles({ "pages/a.wxss": `@import "b";\n${own}`, "pages/b.wxss": imported });
        const css = compileStyle(files, "pages/a.wxss", () => {});
        expect(css.replace(/\s+/g, " ").trim()).toBe(compile(`${imported} ${own}`).css.replace(/\s+/g, " ").trim());
      }),
    );
  });

  test("whatever it says, it is compiled or reported with a place inside of it", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc
            .array(fc.constantFrom("{", "}", "(", ")", ";", ":", "@", '"', "'", "/", "*", "#", ".", "a", " ", "\n"), {
              maxLength: 30,
            })
            .map((one) => one.join("")),
        ),
        (text) => {
          compileStyle(memoryFiles({ "a.wxss": text }), "a.wxss", ({ file, line, column }) => {
            expect(file).toBe("a.wxss");
            expect(line).toBeGreaterThanOrEqual(1);
            expect(line).toBeLessThanOrEqual(text.split("\n").length);
            expect(column).toBeGreaterThanOrEqual(1);
          });
        },
      ),
    );
  });
});
