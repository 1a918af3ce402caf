import { describe, expect, test } from "vitest";
import { type HeadlessApp, openHeadless } from "../../src/host/index.ts";
import { compileFiles, onePage } from "../support/compile.ts";

async function open(wxml: string, js: string, others: Readonly<Record<string, string>> = {}): Promise<HeadlessApp> {
  const files = { ...onePage({ wxml, js }), ...others };
  return openHeadless(await compileFiles(files));
}

const lines = (app: HeadlessApp): readonly string[] => app.console.map(({ text }) => text);

describe("setData", () => {
  test("of one item in a list of 1,000 changes one node", async () => {
    const js = `Page({ data: { items: Array.from({ length: 1000 }, (_, id) => ({ id, name: "n" + id })) }, change() { this.setData({ "items[500].name": "changed" }) } })`;
    await using app = await open(
      '<view wx:for="{{items}}" wx:key="id">{{item.name}}</view><button class="go" bindtap="change"/>',
      js,
    );
    const { view } = app.top;
    const before = view.operations.length;

    view.tap(view.root.find(".go")!);
    await app.settle();

    expect(view.operations.slice(before)).toMatchObject([["content", expect.any(Number), "changed"]]);
    expect(view.root.findAll("view")[500]?.textContent).toBe("changed");
  });

  test("calls back when the view has drawn, and leaves fields alone that are undefined", async () => {
    const js = `Page({ data: { a: 1 }, onLoad() { this.setData({ a: undefined, b: 2 }, function () { console.log(this.data.a, this.data.b) }) } })`;
    await using app = await open("<view>{{a}}</view>", js);

    expect(lines(app)).toEqual(["1 2"]);
  });
});

describe("pages", () => {
  test("share nothing: each instance has its own data and fields", async () => {
    const js = `Page({ data: { list: [] }, kept: { n: 0 }, onLoad() { this.kept.n++; this.data.list.push(1); this.setData({ list: this.data.list }); if (getCurrentPages().length < 2) wx.navigateTo({ url: "/pages/index/index" }) } })`;
    await using app = await open("<view>{{list.length}}</view>", js);
    await app.settle();

    expect(app.pages.map(({ view }) => view.root.textContent)).toEqual(["1", "1"]);
  });

  test("a function that throws is reported, and the page goes on", async () => {
    const js = `Page({ data: { n: 0 }, onLoad() { throw new Error("broken load") }, tap() { this.setData({ n: 1 }); throw new Error("broken tap") } })`;
    await using app = await open('<view class="n" bindtap="tap">{{n}}</view>', js);

    app.top.view.tap(app.top.view.root.find(".n")!);
    await app.settle();

    expect(app.console.map(({ level, text }) => `${level} ${text.split("\n")[0]}`)).toEqual([
      "error Error: broken load",
      "error Error: broken tap",
    ]);
    expect(app.top.view.root.textContent).toBe("1");
  });

  test.each([
    ["throw new Error('at the top')", "Error: at the top"],
    ["Page({ behaviors: [5] })", "TypeError: Cannot read properties of undefined"],
  ])("a page whose script is %s still shows its template", async (js, expected) => {
    await using app = await open("<view>static</view>", js);

    expect(app.top.view.root.textContent).toBe("static");
    expect(lines(app)[0]).toContain(expected);
  });
});

describe("events", () => {
  test("handlers get plain data with the fields that WeChat documents", async () => {
    const js = `Page({ tap(e) { console.log(JSON.stringify({ type: e.type, id: e.currentTarget.id, target: e.target.dataset, current: e.currentTarget.dataset, mark: e.mark, detail: e.detail })) } })`;
    const wxml =
      '<view id="outer" bindtap="tap" data-a="1" mark:m="x"><text class="inner" data-b-c="{{2}}" mark:n="y">t</text></view>';
    await using app = await open(wxml, js);

    app.top.view.tap(app.top.view.root.find(".inner")!);
    await app.settle();

    expect(JSON.parse(lines(app)[0] ?? "")).toEqual({
      type: "tap",
      id: "outer",
      target: { bC: 2 },
      current: { a: "1" },
      mark: { m: "x", n: "y" },
      detail: { x: 0, y: 0 },
    });
  });

  test("a typed value belongs to the input: an equal one from the page changes nothing, another one does", async () => {
    const js = `Page({ data: { v: "" }, send() { this.setData({ v: "" }) } })`;
    await using app = await open(
      '<input class="in" value="{{v}}" bindinput="typed"/><button class="send" bindtap="send"/>',
      js,
    );
    const { view } = app.top;
    view.trigger(view.root.find(".in")!, "input", { value: "abc" });
    await app.settle();
    const before = view.operations.length;

    view.tap(view.root.find(".send")!);
    await app.settle();

    expect(view.operations.slice(before)).toMatchObject([["attribute", expect.any(Number), "value", ""]]);
  });

  test("model:value writes what is typed into the data", async () => {
    await using app = await open(
      '<input class="in" model:value="{{v}}"/><view class="out">{{v}}</view>',
      'Page({ data: { v: "a" } })',
    );
    const { view } = app.top;

    view.trigger(view.root.find(".in")!, "input", { value: "typed" });
    await app.settle();

    expect(view.root.find(".out")!.textContent).toBe("typed");
  });
});

describe("an observer that shortens what is typed", () => {
  test("shortens it in the field too", async () => {
    const js =
      'Component({ data: { v: "" }, observers: { v(v) { if (v.length > 3) this.setData({ v: v.slice(0, 3) }) } } })';
    await using app = await open('<input class="in" model:value="{{v}}"/>', js);
    const { view } = app.top;

    view.trigger(view.root.find(".in")!, "input", { value: "abcd" });
    await app.settle();

    expect(view.root.find(".in")!.attributes.get("value")).toBe("abc");
  });
});

describe("wx", () => {
  test("what is not supported fails, also deep inside, and never throws", async () => {
    const js = `Page({ async onLoad() {
      wx.cloud.database().collection("x").where({}).get({ fail: (e) => console.log(e.errMsg) });
      new wx.Something();
      wx.onSomething(() => {});
      await wx.doSomething().catch((e) => console.log(e.errMsg));
      console.log(wx.canIUse("getUserProfile"), wx.canIUse("noSuchThing"));
    } })`;
    await using app = await open("<view/>", js);
    await app.settle();

    expect(app.console.filter(({ level }) => level === "log").map(({ text }) => text)).toEqual([
      "cloud.database.collection.where.get:fail not supported",
      "doSomething:fail not supported",
      "true false",
    ]);
  });

  test("questions on the phone answer through promises and through functions", async () => {
    const js = `Page({ async onLoad() {
      const { confirm } = await wx.showModal({ title: "t" });
      wx.showActionSheet({ itemList: ["a"], success: ({ tapIndex }) => console.log(confirm, tapIndex), complete: ({ errMsg }) => console.log(errMsg) });
    } })`;
    await using app = await open("<view/>", js);
    await app.settle();

    expect(lines(app)).toEqual(["true 0", "showActionSheet:ok"]);
    expect(app.calls.map(({ api }) => api)).toEqual(["showModal", "showActionSheet"]);
  });

  test("globals of a browser are hidden from scripts, those of WeChat are there", async () => {
    const names = [
      "window",
      "document",
      "fetch",
      "WebSocket",
      "localStorage",
      "URL",
      "TextEncoder",
      "process",
      "crypto",
    ];
    const js = `console.log([${names.map((name) => `typeof ${name}`).join(",")}].join(" ")); console.log(typeof wx, typeof getApp, typeof setTimeout, typeof Promise, typeof this); Page({})`;
    await using app = await open("<view/>", js);

    expect(lines(app)).toEqual([names.map(() => "undefined").join(" "), "object function function function object"]);
  });

  test("storage is there at once, keeps no references, and has limits", async () => {
    const js = `Page({ onLoad() {
      const value = { list: [1] };
      wx.setStorageSync("k", value); value.list.push(2);
      console.log(JSON.stringify(wx.getStorageSync("k")), JSON.stringify(wx.getStorageSync("none")));
      try { wx.setStorageSync("big", "x".repeat(600000)) } catch (e) { console.log(e.errMsg) }
      wx.getStorage({ key: "none", fail: ({ errMsg }) => console.log(errMsg) });
    } })`;
    await using app = await open("<view/>", js);
    await app.settle();

    expect(lines(app)).toEqual([
      '{"list":[1]} ""',
      "setStorageSync:fail exceed storage item max size",
      "getStorage:fail data not found",
    ]);
  });

  test("a file system in memory holds what a project writes", async () => {
    const js = `Page({ onLoad() {
      const files = wx.getFileSystemManager(); const path = wx.env.USER_DATA_PATH + "/a.txt";
      files.writeFileSync(path, "中文", "utf8"); files.appendFileSync(path, "!", "utf8");
      console.log(files.readFileSync(path, "utf8"), files.readdirSync(wx.env.USER_DATA_PATH).join());
      files.readFile({ filePath: "wxfile://usr/none", fail: ({ errMsg }) => console.log(errMsg.split(",")[0]) });
      try { files.writeFileSync("/etc/x", "") } catch (e) { console.log(e.errMsg) }
    } })`;
    await using app = await open("<view/>", js);
    await app.settle();

    expect(lines(app)).toEqual([
      "中文! a.txt",
      'writeFile:fail permission denied, open "/etc/x"',
      "readFile:fail no such file or directory",
    ]);
  });
});

describe("modules", () => {
  test("run once, may require each other in a circle, and say who asks for what is not there", async () => {
    const js = `const a = require("./a"); console.log(a.name, require("./a") === a, a.fromB); try { require("./none") } catch (e) { console.log(e.message) } Page({})`;
    await using app = await open("<view/>", js, {
      "pages/index/a.js": 'exports.name = "a"; exports.fromB = require("./b").seen;',
      "pages/index/b.js": 'exports.seen = require("./a").name;',
    });

    expect(lines(app)).toEqual(["a true a", 'module "./none" is not defined; required by pages/index/index.js']);
  });

  test("a library may call Component for the page that is being loaded", async () => {
    await using app = await open("<my-box/>", "Page({})", {
      "pages/index/index.json": '{"usingComponents":{"my-box":"/box"}}',
      "box.json": '{"component":true}',
      "box.wxml": "<view>{{word}}</view>",
      "box.js": 'require("./wrap").make({ data: { word: "wrapped" } })',
      "wrap.js": "exports.make = (definition) => Component(definition);",
    });

    expect(app.top.view.root.textContent).toBe("wrapped");
  });
});

describe("a tab bar that a project draws itself", () => {
  test("stands in every tab, and the page reaches its instance", async () => {
    const project = await compileFiles({
      ...onePage({ wxml: "<view>page</view>", js: "Page({ onShow() { this.getTabBar().setData({ chosen: 1 }) } })" }),
      "app.json":
        '{"pages":["pages/index/index"],"tabBar":{"custom":true,"list":[{"pagePath":"pages/index/index","text":"A"}]}}',
      "custom-tab-bar/index.json": '{"component":true}',
      "custom-tab-bar/index.wxml": '<view class="bar">bar {{chosen}}</view>',
      "custom-tab-bar/index.js": "Component({ data: { chosen: 0 } })",
    });
    await using app = await openHeadless(project);

    expect(lines(app)).toEqual([]);
    expect(app.top.view.root.textContent).toBe("pagebar 1");
  });
});

describe("a form", () => {
  test("sends the values of components that are fields", async () => {
    const js = "Page({ sent(e) { console.log(JSON.stringify(e.detail.value)) } })";
    await using app = await open(
      '<form class="form" bindsubmit="sent"><view><my-field name="own" value="typed"/></view><my-plain name="no"/></form>',
      js,
      {
        "pages/index/index.json": '{"usingComponents":{"my-field":"/field","my-plain":"/plain"}}',
        "field.json": '{"component":true}',
        "field.js": 'Component({ behaviors: ["wx://form-field"] })',
        "plain.json": '{"component":true}',
        "plain.js": "Component({ properties: { name: String, value: String } })",
      },
    );

    app.top.view.trigger(app.top.view.root.find(".form")!, "submit", { value: { known: 1 } });
    await app.settle();

    expect(lines(app)).toEqual(['{"known":1,"own":"typed"}']);
  });
});

describe("a picture", () => {
  test("lies beside the component whose template names it", async () => {
    const wxml = '<my-card><image src="./slot.png"/></my-card>';
    await using app = await open(wxml, "Page({})", {
      "pages/index/index.json": '{"usingComponents":{"my-card":"/parts/card/card"}}',
      "parts/card/card.json": '{"component":true}',
      "parts/card/card.js": "Component({})",
      "parts/card/card.wxml":
        '<image src="images/own.png"/><image src="/root.png"/><image src="https://example.com/a.png"/><image src="http://tmp/a.png"/><image src=""/><slot/>',
    });

    expect(app.top.view.root.findAll("image").map(({ attributes }) => attributes.get("src"))).toEqual([
      "/parts/card/images/own.png",
      "/root.png",
      "https://example.com/a.png",
      "http://tmp/a.png",
      "",
      "/pages/index/slot.png",
    ]);
  });
});

describe("hidden", () => {
  test("works on components that know nothing of it, and leaves fields of that name alone", async () => {
    await using app = await open(
      '<my-box class="box" hidden="{{hidden}}"/><my-own class="own" hidden="{{hidden}}"/>{{hidden}}',
      "Page({ data: { hidden: true } })",
      {
        "pages/index/index.json": '{"usingComponents":{"my-box":"/box","my-own":"/own"}}',
        "box.json": '{"component":true}',
        "box.js": "Component({})",
        "own.json": '{"component":true}',
        "own.wxml": "{{hidden}}",
        "own.js": "Component({ properties: { hidden: { type: Boolean, value: false } } })",
      },
    );
    const { root } = app.top.view;

    expect([root.find(".box")!.attributes.get("hidden"), root.find(".own")!.attributes.get("hidden")]).toEqual([
      true,
      undefined,
    ]);
    expect(root.textContent).toBe("truetrue");
  });
});
