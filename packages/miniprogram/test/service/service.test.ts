import { describe, expect, test } from "vitest";
import { openHeadless } from "../../src/host/index.ts";
import { compileFiles, onePage } from "../support/compile.ts";

describe("the logic layer in Node", () => {
  test("a tap runs the page's function, and the changed text is one operation", async () => {
    const project = await compileFiles(
      onePage({
        wxml: `<view class="count">{{count}}</view><button class="plus" bindtap="add" data-step="{{2}}">+</button>`,
        js: `Page({ data: { count: 1 }, add(e) { this.setData({ count: this.data.count + e.currentTarget.dataset.step }) } })`,
      }),
    );
    await using app = await openHeadless(project);
    const { view } = app.top;
    const before = view.operations.length;

    view.tap(view.root.find(".plus")!);
    await app.settle();

    expect(app.console).toEqual([]);
    expect(view.root.find(".count")!.textContent).toBe("3");
    expect(view.operations.slice(before)).toMatchObject([["content", expect.any(Number), "3"]]);
  });

  test("two pages live one after the other, and each function runs when WeChat runs it", async () => {
    const log = (name: string) => `Page({
      onLoad(q) { console.log("${name} load", q) }, onShow() { console.log("${name} show") }, onReady() { console.log("${name} ready") },
      onHide() { console.log("${name} hide") }, onUnload() { console.log("${name} unload") },
      go() { wx.navigateTo({ url: "../b/b?id=7" }) }, back() { wx.navigateBack() },
    })`;
    const project = await compileFiles({
      "app.json": '{"pages":["pages/a/a","pages/b/b"]}',
      "app.js": 'App({ onLaunch(o) { console.log("launch", o.path) }, onShow() { console.log("show") } })',
      "pages/a/a.wxml": '<button class="go" bindtap="go">go</button>',
      "pages/a/a.js": log("a"),
      "pages/b/b.wxml": '<button class="back" bindtap="back">back</button>',
      "pages/b/b.js": log("b"),
    });
    await using app = await openHeadless(project);

    app.top.view.tap(app.top.view.root.find(".go")!);
    await app.settle();
    const paths = app.pages.map(({ path }) => path);
    app.top.view.tap(app.top.view.root.find(".back")!);
    await app.settle();

    expect(paths).toEqual(["pages/a/a", "pages/b/b"]);
    expect(app.console.map(({ text }) => text)).toEqual([
      ...["launch pages/a/a", "show", "a load {}", "a show", "a ready"],
      ...["a hide", 'b load {"id":"7"}', "b show", "b ready", "b unload", "a show"],
    ]);
  });
});
