import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { folderOf, normalisePath, packageFolders, resolvePath } from "../../src/compiler/paths.ts";

describe("normalisePath", () => {
  test.each([
    ["a/b", "a/b"],
    ["/a/b/", "a/b"],
    ["./a/./b", "a/b"],
    ["a//b", "a/b"],
    ["a/../b", "b"],
    ["../../a", "a"],
    ["a/../../..", ""],
    ["...", "..."],
    ["a/..b/c..", "a/..b/c.."],
    ["", ""],
  ])("makes of %j %j", (path, expected) => {
    expect(normalisePath(path)).toBe(expected);
  });

  const part = fc.constantFrom("..", ".", "", "a", "b.c", "...", "..a", "中", "%2e%2e", "..\\");

  test("never leaves the root, and has nothing to do a second time", () => {
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const path = normalisePath(parts.join("/"));
        expect(path.split("/")).not.toContain("..");
        expect(path.startsWith("/")).toBe(false);
        expect(normalisePath(path)).toBe(path);
      }),
    );
  });

  test("a reference never leaves the root either, wherever it stands", () => {
    fc.assert(
      fc.property(fc.array(part), fc.array(part), (from, reference) => {
        const path = resolvePath(from.join("/"), reference.join("/"));
        expect(path).toBe(normalisePath(path));
      }),
    );
  });
});

describe("resolvePath", () => {
  test.each([
    ["pages/a/a.js", "./b", "pages/a/b"],
    ["pages/a/a.js", "../b", "pages/b"],
    ["pages/a/a.js", "b", "pages/a/b"],
    ["pages/a/a.js", "/b", "b"],
    ["app.js", "../../b", "b"],
  ])("in %s, %s is %s", (from, reference, expected) => {
    expect(resolvePath(from, reference)).toBe(expected);
  });
});

test("packages lie in the folder of the file first, then in each above it", () => {
  expect(packageFolders("a/b/c.js", "kit")).toEqual([
    "a/b/miniprogram_npm/kit",
    "a/miniprogram_npm/kit",
    "miniprogram_npm/kit",
  ]);
  expect([folderOf("a/b/c.js"), folderOf("c.js")]).toEqual(["a/b", ""]);
});
