import { describe, expect, test } from "vitest";
import { withoutAlias } from "../../src/compiler/paths.ts";
import { openHeadless } from "../../src/host/index.ts";
import { compileFiles } from "../support/compile.ts";

describe("resolveAlias of app.json", () => {
  const aliases = { "~/*": "/*", "@utils/*": "utils/*", "@utils/text/*": "/texts/*", api: "services/api.js" };

  test.each([
    ["~/a/b", "/a/b"],
    ["@utils/x.js", "/utils/x.js"],
    ["@utils/text/y", "/texts/y"],
    ["api", "/services/api.js"],
    ["api/other", "api/other"],
    ["./@utils/x", "./@utils/x"],
  ])("%s means %s", (reference, expected) => {
    expect(withoutAlias(reference, aliases)).toBe(expected);
  });

  test("holds for scripts and for components", async () => {
    const project = await compileFiles({
      "app.json": JSON.stringify({
        pages: ["pages/a/a"],
        resolveAlias: aliases,
        usingComponents: { mark: "~/parts/mark" },
      }),
      "pages/a/a.wxml": "<mark/><view>{{name}}</view>",
      "pages/a/a.js": 'Page({ data: { name: require("@utils/name").name } })',
      "utils/name.js": 'exports.name = require("api")',
      "services/api.js": 'module.exports = "api"',
      "parts/mark.json": '{"component": true}',
      "parts/mark.js": "Component({})",
      "parts/mark.wxml": "<text>mark</text>",
    });
    await using app = await openHeadless(project);

    expect(app.console).toEqual([]);
    expect(app.top.view.root.textContent).toBe("markapi");
  });
});

describe("app.json and theme.json", () => {
  const files = {
    "app.json": JSON.stringify({
      pages: ["a"],
      darkmode: true,
      permission: { "scope.userLocation": { desc: "to show the way" } },
      tabBar: { color: "@quiet", list: [{ pagePath: "a", text: "A", iconPath: "@icon" }] },
    }),
    "a.wxml": "<view/>",
  };

  test("give a second tab bar where the dark theme differs", async () => {
    const theme = { light: { quiet: "#777", icon: "day.png" }, dark: { quiet: "#999", icon: "night.png" } };
    const { config } = await compileFiles({ ...files, "theme.json": JSON.stringify(theme) });

    expect([config.tabBar?.color, config.tabBar?.list[0]?.iconPath]).toEqual(["#777", "day.png"]);
    expect([config.darkTabBar?.color, config.darkTabBar?.list[0]?.iconPath]).toEqual(["#999", "night.png"]);
    expect(config.permissions).toEqual({ "scope.userLocation": "to show the way" });
  });

  test("give one tab bar where nothing differs", async () => {
    const same = { quiet: "#777", icon: "day.png" };
    const { config } = await compileFiles({ ...files, "theme.json": JSON.stringify({ light: same, dark: same }) });

    expect(config.darkTabBar).toBeUndefined();
  });
});
