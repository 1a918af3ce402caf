import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { openHeadless } from "../../src/host/index.ts";
import { compileFiles } from "../support/compile.ts";
import { componentFiles, linesOf, openPage } from "../support/headless.ts";

const LOGGED_PART = `Component({
  lifetimes: {
    created() { console.log("part created", typeof this.setData) }, attached() { console.log("part attached") },
    ready() { console.log("part ready") }, detached() { console.log("part detached") }, moved() { console.log("part moved") },
  },
  pageLifetimes: { show() { console.log("part show") }, hide() { console.log("part hide") }, resize() { console.log("part resize") } },
})`;

const LOGGED_PAGE = (name: string, more = ""): string => `Page({
  onLoad(q) { console.log("${name} load", JSON.stringify(q), getCurrentPages().length) }, onShow() { console.log("${name} show") },
  onReady() { console.log("${name} ready") }, onHide() { console.log("${name} hide") }, onUnload() { console.log("${name} unload", getCurrentPages().length) },
  ${more}
})`;

const USING = { "pages/index/index.json": '{"usingComponents":{"my-part":"/part","my-other":"/other"}}' };

describe("the life of a page", () => {
  test("runs its functions and those of its components in WeChat's order", async () => {
    await using app = await openPage("<my-part/>", LOGGED_PAGE("page"), {
      "pages/index/index.json": '{"usingComponents":{"my-part":"/part"}}',
      ...componentFiles("part", LOGGED_PART),
    });

    expect(linesOf(app)).toEqual([
      ...["part created function", "part attached", "page load {} 1", "page show", "part show"],
      ...["part ready", "page ready"],
    ]);
  });

  test("of a component that comes and goes ends with detached", async () => {
    const js = `Page({ data: { isThere: false }, async onReady() { this.setData({ isThere: true }); await null; await null; await null; this.setData({ isThere: false }); console.log("gone") } })`;
    await using app = await openPage('<my-part wx:if="{{isThere}}"/>', js, {
      "pages/index/index.json": '{"usingComponents":{"my-part":"/part"}}',
      ...componentFiles("part", LOGGED_PART),
    });
    await app.settle();

    expect(linesOf(app)).toEqual(["part created function", "part attached", "part ready", "part detached", "gone"]);
  });

  test("old names of lifetimes count, those under lifetimes come before them", async () => {
    const js = `Component({
      created() { console.log("old created") }, attached() { console.log("old attached") }, ready() { console.log("old ready") },
      lifetimes: { attached() { console.log("attached") } },
    })`;
    await using app = await openPage("<my-part/>", "Page({})", {
      "pages/index/index.json": '{"usingComponents":{"my-part":"/part"}}',
      ...componentFiles("part", js),
    });

    expect(linesOf(app)).toEqual(["old created", "attached", "old ready"]);
  });

  test("a child is attached after its parent, and ready before it", async () => {
    const logged = (name: string): string =>
      `Component({ attached() { console.log("${name} attached") }, ready() { console.log("${name} ready") }, detached() { console.log("${name} detached") } })`;
    await using app = await openPage("<my-part><my-other/></my-part>", "Page({})", {
      ...USING,
      ...componentFiles("part", logged("outer")),
      ...componentFiles("other", logged("inner")),
    });

    expect(linesOf(app)).toEqual(["outer attached", "inner attached", "inner ready", "outer ready"]);
  });

  test("a page that is made with Component gets its parameters as properties, and its methods are the page's", async () => {
    const js = `Component({ properties: { id: Number, name: String }, methods: {
      onLoad(q) { console.log("load", JSON.stringify(q), this.data.id, this.data.name) }, onShow() { console.log("show", this.route) }, onReady() { console.log("ready") },
    } })`;
    await using app = await openPage("<view/>", js, {}, { startUrl: "pages/index/index?id=7&name=%E4%B8%AD" });

    expect(linesOf(app)).toEqual(['load {"id":"7","name":"%E4%B8%AD"} 7 %E4%B8%AD', "show pages/index/index", "ready"]);
  });

  test("a function that throws does not keep the others from running", async () => {
    const js = LOGGED_PAGE("page")
      .replace("Page({", "Page({ broken: 1,")
      .replace('console.log("page show")', 'throw new Error("broken")');
    await using app = await openPage("<view/>", js);

    expect(linesOf(app).map((line) => line.split("\n")[0])).toEqual(["page load {} 1", "Error: broken", "page ready"]);
  });
});

describe("the pages on the stack", () => {
  type Step = readonly [api: string, args: object];

  /** Three pages, two of them tabs; the page on top takes each step. Gives what ran after the first page was ready. */
  async function after(steps: readonly Step[]): Promise<readonly string[]> {
    const project = await compileFiles({
      "app.json": `{"pages":["pages/a/a","pages/b/b","pages/t/t"],"tabBar":{"list":[{"pagePath":"pages/a/a","text":"A"},{"pagePath":"pages/t/t","text":"T"}]}}`,
      "app.js": `App({ steps: ${JSON.stringify(steps)} })`,
      ...Object.fromEntries(
        ["a", "b", "t"].flatMap((name) => [
          [`pages/${name}/${name}.wxml`, '<view class="go" bindtap="go"/>'],
          [
            `pages/${name}/${name}.js`,
            LOGGED_PAGE(
              name,
              "go() { const [api, args] = getApp().steps.shift(); wx[api]({ ...args, fail: (e) => console.log(e.errMsg) }) },",
            ),
          ],
        ]),
      ),
    });
    await using app = await openHeadless(project);
    app.console.length = 0;
    for (const _ of steps) {
      app.top.view.tap(app.top.view.root.find(".go")!);
      await app.settle();
    }
    return linesOf(app);
  }

  const to = (name: string, query = ""): object => ({ url: `/pages/${name}/${name}${query}` });

  test.each<readonly [string, readonly Step[], readonly string[]]>([
    [
      "navigateTo hides the page and opens the next",
      [["navigateTo", to("b", "?x=1&y")]],
      ["a hide", 'b load {"x":"1","y":""} 2', "b show", "b ready"],
    ],
    [
      "navigateBack ends the page and shows the one below",
      [
        ["navigateTo", to("b")],
        ["navigateBack", {}],
      ],
      ["a hide", "b load {} 2", "b show", "b ready", "b unload 2", "a show"],
    ],
    [
      "navigateBack by more pages than there are leads to the first, the top one ends first",
      [
        ["navigateTo", to("b", "?n=1")],
        ["navigateTo", to("b", "?n=2")],
        ["navigateBack", { delta: 9 }],
      ],
      [
        ...["a hide", 'b load {"n":"1"} 2', "b show", "b ready", "b hide", 'b load {"n":"2"} 3', "b show", "b ready"],
        ...["b unload 3", "b unload 2", "a show"],
      ],
    ],
    [
      "redirectTo ends the page before the next is loaded",
      [["redirectTo", to("b")]],
      ["a unload 1", "b load {} 1", "b show", "b ready"],
    ],
    [
      "switchTab keeps the tab that it leaves",
      [
        ["switchTab", to("t")],
        ["switchTab", to("a")],
      ],
      ["a hide", "t load {} 1", "t show", "t ready", "t hide", "a show"],
    ],
    [
      "switchTab ends the pages above the tab",
      [
        ["navigateTo", to("b")],
        ["switchTab", to("t")],
      ],
      ["a hide", "b load {} 2", "b show", "b ready", "b unload 2", "t load {} 1", "t show", "t ready"],
    ],
    [
      "reLaunch ends everything",
      [
        ["switchTab", to("t")],
        ["reLaunch", to("b")],
      ],
      ["a hide", "t load {} 1", "t show", "t ready", "t unload 1", "a unload 0", "b load {} 1", "b show", "b ready"],
    ],
    ["navigateTo a tab is refused", [["navigateTo", to("t")]], ["navigateTo:fail can not navigateTo a tabbar page"]],
    ["redirectTo a tab is refused", [["redirectTo", to("a")]], ["redirectTo:fail can not redirectTo a tabbar page"]],
    [
      "switchTab to another page is refused",
      [["switchTab", to("b")]],
      ["switchTab:fail can not switch to no-tabBar page"],
    ],
    [
      "a page that is not there is refused",
      [["navigateTo", to("none")]],
      ['navigateTo:fail page "pages/none/none" is not found'],
    ],
    [
      "going back from the first page is refused",
      [["navigateBack", {}]],
      ["navigateBack:fail cannot navigate back at first page."],
    ],
    ["an address without a page is refused", [["navigateTo", {}]], ['navigateTo:fail page "pages/a" is not found']],
  ])("%s", async (_, steps, expected) => {
    expect(await after(steps)).toEqual(expected);
  });

  test("a page hears from the one that it opened, also through the listeners of the call itself", async () => {
    const project = await compileFiles({
      "app.json": '{"pages":["a","b"]}',
      "a.wxml": '<view class="go" bindtap="go"/>',
      "a.js": `Page({ go() { wx.navigateTo({
        url: "/b",
        events: { hello(one, two) { console.log("hello", one, two) } },
        success: ({ eventChannel }) => eventChannel.on("more", (value) => console.log("more", value)),
      }) } })`,
      "b.wxml": "",
      "b.js":
        'Page({ onLoad() { const channel = this.getOpenerEventChannel(); channel.emit("hello", 1, 2); channel.emit("more", 3) } })',
    });
    await using app = await openHeadless(project);

    app.top.view.tap(app.top.view.root.find(".go")!);
    await app.settle();

    expect(linesOf(app)).toEqual(["hello 1 2", "more 3"]);
  });

  test("are ten at most", async () => {
    const lines = await after(Array.from({ length: 10 }, () => ["navigateTo", to("b")]));

    expect(lines.filter((line) => line === "b ready")).toHaveLength(9);
    expect(lines.at(-1)).toBe("navigateTo:fail webview count limit exceed (10)");
  });
});

describe("an app", () => {
  test("launches before its pages are loaded, and pages see what it leaves behind", async () => {
    await using app = await openPage(
      "<view/>",
      'console.log("script", getApp().globalData.n); Page({ onLoad() { console.log(getApp().greet()) } })',
      {
        "app.js":
          'App({ globalData: { n: 0 }, word: "hi", onLaunch(o) { this.globalData.n = 1; console.log("launch", o.path, o.scene, JSON.stringify(o.query)) }, onShow() { console.log("show") }, greet() { return this.word } })',
      },
    );

    expect(linesOf(app)).toEqual(["launch pages/index/index 1001 {}", "show", "script 1", "hi"]);
  });

  test.each([
    ["reLaunch", ["login"]],
    ["navigateTo", ["index", "login"]],
  ])("that calls %s in onLaunch leads where it says", async (api, expected) => {
    const project = await compileFiles({
      "app.json": '{"pages":["index","login"]}',
      "app.js": `App({ onLaunch() { wx.${api}({ url: "/login" }) } })`,
      "index.wxml": "",
      "login.wxml": "",
    });
    await using app = await openHeadless(project);

    expect(app.pages.map(({ path }) => path)).toEqual(expected);
  });

  test("hears of errors", async () => {
    await using app = await openPage("<view/>", 'Page({ onLoad() { throw new Error("in page") } })', {
      "app.js": 'App({ onError(text) { console.log("heard", text.split("\\n")[0]) } })',
    });

    await eventually(() => expect(linesOf(app).map((line) => line.split("\n")[0])).toContain("heard Error: in page"));
  });

  test.each([
    ["onError", 'App({ onError() { throw new Error("again") } })'],
    ["wx.onError", 'wx.onError(() => { throw new Error("again") }); App({})'],
  ])("hears of an error once, also when its %s throws", async (_, js) => {
    await using app = await openPage("<view/>", 'Page({ onLoad() { throw new Error("first") } })', { "app.js": js });

    expect(linesOf(app).map((line) => line.split("\n")[0])).toEqual(["Error: first", "Error: again"]);
  });

  test("that is opened at a page that is not there hears of it, and may open another one", async () => {
    await using app = await openPage(
      "<view>index</view>",
      "Page({})",
      {
        "app.js":
          'App({ onPageNotFound(page) { console.log(JSON.stringify(page)); wx.redirectTo({ url: "/pages/index/index" }) } })',
      },
      { startUrl: "/pages/none/none?a=1" },
    );

    expect(linesOf(app)).toEqual([
      'launched:fail page "pages/none/none" is not found',
      '{"path":"pages/none/none","query":{"a":"1"},"isEntryPage":true}',
    ]);
    expect(app.top.view.root.textContent).toBe("index");
  });
});
