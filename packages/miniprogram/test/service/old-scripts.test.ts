import { describe, expect, test } from "vitest";
import { openHeadless, type HeadlessApp } from "../../src/host/index.ts";
import { compileFiles, onePage } from "../support/compile.ts";

async function open(files: Readonly<Record<string, string>>): Promise<HeadlessApp> {
  const app = await openHeadless(await compileFiles(files));
  await app.settle();
  return app;
}

const lines = (app: HeadlessApp): readonly string[] => app.console.map(({ text }) => text);

describe("scripts as projects write them", () => {
  test("a library puts a function in the place of Page, and pages that load later call it", async () => {
    const page = onePage({
      wxml: "<view>{{added}}</view>",
      js: "Page({ onLoad() { console.log(this.route, this.__route__) } })",
    });
    await using app = await open({
      ...page,
      "app.js": `"use strict"; const original = Page;
        Page = function (definition) { definition.data = { added: "wrapped" }; return original(definition); };
        App({});`,
    });

    expect(app.top.view.root.textContent).toBe("wrapped");
    expect(lines(app)).toEqual(["pages/index/index pages/index/index"]);
  });

  test("a component may ask for its nodes while it is being made", async () => {
    await using app = await open({
      ...onePage({ wxml: '<box size="3" />', json: '{"usingComponents": {"box": "/box"}}' }),
      "box.json": '{"component": true}',
      "box.wxml": '<view class="{{name}}" data-n="7"/>',
      "box.js": `Component({ properties: { size: { type: Number, observer() {
        this.setData({ name: "found" });
        this.createSelectorQuery().select(".found").fields({ dataset: true }, (result) => console.log(JSON.stringify(result))).exec();
      } } } })`,
    });

    expect(lines(app)).toEqual(['{"dataset":{"n":"7"}}']);
  });

  test("a property may have a list of types", async () => {
    await using app = await open({
      ...onePage({ wxml: '<box size="3" time="{{ {enter: 5} }}" />', json: '{"usingComponents": {"box": "/box"}}' }),
      "box.json": '{"component": true}',
      "box.wxml": "<view>{{size}} {{time.enter}}</view>",
      "box.js": "Component({ properties: { size: [Number, String], time: { type: [Number, Object], value: 300 } } })",
    });

    expect(lines(app)).toEqual([]);
    expect(app.top.view.root.textContent).toBe("3 5");
  });

  test("the observer of a behavior may be a method of the component", async () => {
    await using app = await open({
      ...onePage({ wxml: '<box size="3" />', json: '{"usingComponents": {"box": "/box"}}' }),
      "box.json": '{"component": true}',
      "box.wxml": "<view/>",
      "box.js": `const sized = Behavior({ properties: { size: { type: Number, observer: "sizeChanged" }, none: { type: Number, observer: "absent" } } });
        Component({ behaviors: [sized], methods: { sizeChanged(now, before) { console.log(now, before) } } })`,
    });

    expect(lines(app)).toEqual(["3 0"]);
  });

  test("the view learns of data fields only when a style sheet looks at them", async () => {
    const page = onePage({ wxml: '<view class="a" data-theme-name="dark"/>' });
    await using plain = await open(page);
    await using styled = await open({ ...page, "pages/index/index.wxss": '[data-theme-name="dark"] { top: 0 }' });
    const attributes = (app: HeadlessApp): readonly unknown[] =>
      app.top.view.operations.filter((operation) => operation[0] === "attribute" && operation[2].startsWith("data-"));

    expect(attributes(plain)).toEqual([]);
    expect(attributes(styled)).toEqual([["attribute", expect.any(Number), "data-theme-name", "dark"]]);
  });

  test("a query of the window is answered once", async () => {
    const js = `Page({ onLoad() {
      const watch = (description) => this.createMediaQueryObserver().observe(description, ({ matches }) => console.log(matches));
      watch({ minWidth: 300, orientation: "portrait" });
      watch({ maxWidth: 300 });
    } })`;
    await using app = await open(onePage({ wxml: "<view/>", js }));

    expect(lines(app)).toEqual(["true", "false"]);
  });

  test("what controls a thing that is not there can be called, and fails", async () => {
    const js = `Page({ onReady() {
      wx.createMapContext("map").getCenterLocation({ fail: ({ errMsg }) => console.log(errMsg) });
      wx.createCameraContext().takePhoto({ fail: ({ errMsg }) => console.log(errMsg) });
      wx.createVideoContext("video").play();
      wx.getBackgroundAudioManager().onPlay(() => {});
      console.log(wx.canIUse("map"), wx.canIUse("createMapContext"), wx.canIUse("requirePrivacyAuthorize"));
    } })`;
    await using app = await open(onePage({ wxml: '<video id="video"/>', js }));
    const logged = app.console.filter(({ level }) => level === "log").map(({ text }) => text);

    expect(logged.toSorted()).toEqual([
      "createCameraContext.takePhoto:fail not supported",
      "createMapContext.getCenterLocation:fail not supported",
      "true false true",
    ]);
  });
});
