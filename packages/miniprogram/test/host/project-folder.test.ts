import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ProjectCompiler } from "../../src/index.ts";
import { ProjectFolder } from "../../src/host/project-folder.ts";
import { folderWith } from "../support/folder.ts";

const PROJECT = {
  "inner/app.json": "{}",
  "inner/images/a b.png": "picture",
  "inner/notes.txt": "not a file of a mini-program",
  "inner.secret/app.json": '{"secret":true}',
  "secret.json": '{"secret":true}',
  "secret.png": "secret",
};

describe("a folder of a project", () => {
  test.each([
    ...["../secret.json", "../secret.png", "a/../../secret.json", "/../secret.json", "images/../../secret.png"],
    ...["../inner.secret/app.json", "//../secret.json", "./../secret.json", "images/a b.png\0.json", "\0"],
    ...["..\\secret.json", "%2e%2e/secret.json", "images", "", ".", "/"],
  ])("has no file %j", async (path) => {
    await using folder = await folderWith(PROJECT);
    const project = new ProjectFolder(join(folder.path, "inner"));

    expect([project.file(path), project.read(path)]).toEqual([undefined, undefined]);
  });

  test.each(["app.json", "/app.json", "./app.json", "images/../app.json", "../app.json"])(
    "takes %j for the file in its root",
    async (path) => {
      await using folder = await folderWith(PROJECT);

      expect(new ProjectFolder(join(folder.path, "inner")).read(path)).toBe("{}");
    },
  );

  test("gives files to pages that are no text of a project, and reads none of them", async () => {
    await using folder = await folderWith(PROJECT);
    const project = new ProjectFolder(join(folder.path, "inner"));

    expect(project.file("images/a b.png")).toBe(join(folder.path, "inner/images/a b.png"));
    expect([project.read("images/a b.png"), project.read("notes.txt")]).toEqual([undefined, undefined]);
  });

  test.each(["../inner.secret", "..", "/", "../../.."])("that calls %j its root is its own root", async (root) => {
    await using folder = await folderWith({
      ...PROJECT,
      "inner/project.config.json": JSON.stringify({ miniprogramRoot: root }),
    });
    const project = new ProjectFolder(join(folder.path, "inner"));

    expect([project.root, project.read("app.json")]).toEqual([join(folder.path, "inner"), "{}"]);
  });

  test("follows links inside of the project, and none that lead out of it", async () => {
    await using folder = await folderWith({ ...PROJECT, "inner/shared/b.json": '"shared"' });
    await symlink(join(folder.path, "secret.json"), join(folder.path, "inner/out.json"));
    await symlink(folder.path, join(folder.path, "inner/up"));
    await symlink(join(folder.path, "inner/shared"), join(folder.path, "inner/in"));
    await symlink(join(folder.path, "inner/nothing.json"), join(folder.path, "inner/broken.json"));
    const project = new ProjectFolder(join(folder.path, "inner"));

    expect(project.read("in/b.json")).toBe('"shared"');
    expect([project.read("out.json"), project.file("up/secret.png"), project.read("broken.json")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("has no file of a name that a disk does not take, and none behind a circle of links", async () => {
    await using folder = await folderWith(PROJECT);
    await symlink(join(folder.path, "inner/circle.json"), join(folder.path, "inner/circle.json"));
    const project = new ProjectFolder(join(folder.path, "inner"));

    expect([`${"a".repeat(300)}.json`, "a\0.json", "circle.json"].map((path) => project.read(path))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("must be there, and be a folder", async () => {
    await using folder = await folderWith(PROJECT);

    expect(() => new ProjectFolder(join(folder.path, "none"))).toThrow(RangeError);
    expect(() => new ProjectFolder(join(folder.path, "secret.json"))).toThrow("is not a folder");
  });

  test("with a broken project.config.json is one without it", async () => {
    await using folder = await folderWith({ "project.config.json": "{", "app.json": "{}" });

    expect(new ProjectFolder(folder.path).root).toBe(folder.path);
  });
});

describe("packages of a project", () => {
  const PACKAGES = {
    "app.json": "{}",
    "package.json": "{}",
    "node_modules/kit/package.json": '{"name":"kit","miniprogram":"lib"}',
    "node_modules/kit/lib/button.json": '{"component":true}',
    "node_modules/kit/secret.json": '"secret"',
    "node_modules/sly/package.json": '{"name":"sly","miniprogram":"../sly.secret"}',
    "node_modules/sly.secret/a.json": '"secret"',
    "node_modules/@scope/kit/package.json": '{"name":"@scope/kit"}',
    "node_modules/@scope/kit/miniprogram_dist/a.json": '"scoped"',
    "node_modules/needy/package.json": '{"name":"needy","main":"main.js"}',
    "node_modules/needy/main.js": 'module.exports = require("fs").readFileSync;',
  };

  test("give what they call their part of a mini-program, and nothing beside it", async () => {
    await using folder = await folderWith(PACKAGES);
    const project = new ProjectFolder(folder.path);

    expect(project.read("miniprogram_npm/kit/button.json")).toBe('{"component":true}');
    expect(project.read("miniprogram_npm/@scope/kit/a.json")).toBe('"scoped"');
    expect(
      ["kit/../secret.json", "kit/../../secret.json", "sly/a.json", "../secret.json", "kit", "none/a.json"].map(
        (path) => project.read(`miniprogram_npm/${path}`),
      ),
    ).toEqual(Array(6).fill(undefined));
  });

  test.each(["miniprogram_npm/../index.js", "miniprogram_npm/./index.js", "miniprogram_npm//index.js"])(
    "%s names none",
    async (path) => {
      await using folder = await folderWith({ ...PACKAGES, "main.js": "exports.secret = 1", "index.html": "" });

      expect(new ProjectFolder(folder.path).read(path)).toBeUndefined();
    },
  );

  test("one that needs more than a mini-program has says so where it is required, and the rest runs", async () => {
    await using folder = await folderWith(PACKAGES);

    expect(new ProjectFolder(folder.path).read("miniprogram_npm/needy/index.js")).toBe(
      'throw new Error("package needy cannot be bundled: Could not resolve \\"fs\\"");',
    );
  });

  test("one whose part of a mini-program was not built says so where a module of it is required", async () => {
    await using folder = await folderWith({
      ...PACKAGES,
      "node_modules/@scope/bare/package.json": '{"name":"@scope/bare","main":"main.js","miniprogram":"parts"}',
      "node_modules/@scope/bare/main.js": "exports.word = 1;",
    });
    const project = new ProjectFolder(folder.path);

    expect(["index.js", "deep/part.js"].map((file) => project.read(`miniprogram_npm/@scope/bare/${file}`))).toEqual(
      Array(2).fill(
        'throw new Error("package @scope/bare is there, but its folder parts is not: build the package first");',
      ),
    );
    expect(project.read("miniprogram_npm/@scope/bare/deep/part.json")).toBeUndefined();
  });

  test.each([
    ["asks for it by its path", { "index.js": 'module.exports = require("../../../secret.json")' }, {}],
    ["says that it is its main file", {}, { main: "../../../secret.json" }],
    [
      "asks for it in the place of another one",
      { "index.js": 'require("./a.js")' },
      { browser: { "./a.js": "../../../secret.json" } },
    ],
  ])("one that %s gets no file of the machine", async (_, scripts, more) => {
    await using folder = await folderWith({
      "secret.json": '{"word":"secret"}',
      "project/app.json": "{}",
      "project/node_modules/sly/package.json": JSON.stringify({ name: "sly", ...more }),
      "project/node_modules/sly/a.js": "",
      ...Object.fromEntries(Object.entries(scripts).map(([path, code]) => [`project/node_modules/sly/${path}`, code])),
    });

    expect(new ProjectFolder(join(folder.path, "project")).read("miniprogram_npm/sly/index.js")).toBe(
      'throw new Error("package sly cannot be bundled: ../../../secret.json is outside of it");',
    );
  });

  test("linked ones are bundled with those that they need", async () => {
    await using folder = await folderWith({
      "project/app.json": "{}",
      "packages/one/package.json": '{"name":"one","main":"main.js"}',
      "packages/one/main.js": 'module.exports = require("two") + require("./part")',
      "packages/one/part.js": 'module.exports = "part"',
      "packages/two/package.json": '{"name":"two","main":"main.js","browser":{"fs":false}}',
      "packages/two/main.js": 'require("fs"); module.exports = "two"',
      "node_modules/readme": "",
    });
    for (const name of ["one", "two"])
      await symlink(join(folder.path, "packages", name), join(folder.path, "node_modules", name));

    const text = new ProjectFolder(join(folder.path, "project")).read("miniprogram_npm/one/index.js");

    expect(text).toContain('"part"');
    expect(text).toContain('"two"');
  });

  test("an ordinary package is one module of the project", async () => {
    await using folder = await folderWith({
      ...PACKAGES,
      "app.json": '{"pages":["a"]}',
      "a.wxml": "<view/>",
      "a.js": 'require("plain"); Page({})',
      "node_modules/plain/package.json": '{"name":"plain","main":"main.js"}',
      "node_modules/plain/main.js": 'exports.word = require("./inner");',
      "node_modules/plain/inner.js": 'module.exports = "inside";',
    });

    const { project, diagnostics } = await new ProjectCompiler().compile(new ProjectFolder(folder.path));

    expect(diagnostics).toEqual([]);
    expect(Object.keys(project?.modules ?? {})).toEqual(["a.js", "miniprogram_npm/plain/index.js"]);
  });
});
