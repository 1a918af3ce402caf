import { describe, expect, test } from "vitest";
import { componentFiles, linesOf, openPage } from "../support/headless.ts";

const USING = {
  "pages/index/index.json": '{"usingComponents":{"my-part":"/part","my-list":"/list","my-item":"/item"}}',
};
const OTHERS = { ...componentFiles("list", "Component({})"), ...componentFiles("item", "Component({})") };

describe("behaviors", () => {
  const run = (js: string, wxml = '<my-part id="part"/>', page = "Page({})") =>
    openPage(wxml, page, { ...USING, ...OTHERS, ...componentFiles("part", js) });

  test("give fields, properties and methods; what the component says itself counts", async () => {
    await using app = await run(`
      const base = Behavior({ data: { a: "base", o: { x: 1, y: 1 } }, properties: { p: { type: String, value: "base" } }, methods: { greet() { return "base" }, own() { return "own" } } });
      Component({ behaviors: [base], data: { a: "part", o: { y: 2 } }, methods: { greet() { return "part" } },
        attached() { console.log(this.data.a, JSON.stringify(this.data.o), this.data.p, this.greet(), this.own()) } })`);

    expect(linesOf(app)).toEqual(['part {"x":1,"y":2} base part own']);
  });

  test("the later one of a list counts, and one that others use comes before them", async () => {
    await using app = await run(`
      const inner = Behavior({ data: { a: "inner", b: "inner", c: "inner" } });
      const first = Behavior({ behaviors: [inner], data: { a: "first", b: "first" } });
      const second = Behavior({ data: { a: "second" } });
      Component({ behaviors: [first, second], attached() { console.log(this.data.a, this.data.b, this.data.c) } })`);

    expect(linesOf(app)).toEqual(["second first inner"]);
  });

  test("their lifetimes run before the component's, each behaviour once", async () => {
    await using app = await run(`
      const inner = Behavior({ attached() { console.log("inner") } });
      const first = Behavior({ behaviors: [inner], lifetimes: { attached() { console.log("first") } } });
      const second = Behavior({ behaviors: [inner], attached() { console.log("second") } });
      Component({ behaviors: [first, second], attached() { console.log("part") } })`);

    expect(linesOf(app)).toEqual(["inner", "first", "second", "part"]);
  });

  test("their observers run beside those of the component", async () => {
    await using app = await run(`
      const base = Behavior({ observers: { n(n) { console.log("base", n) } } });
      Component({ behaviors: [base], observers: { n(n) { console.log("part", n) } }, ready() { this.setData({ n: 1 }) } })`);

    expect(linesOf(app)).toEqual(["base 1", "part 1"]);
  });

  test("a definition filter changes what uses the behaviour", async () => {
    await using app = await run(`
      const base = Behavior({ definitionFilter(definition) { definition.data.added = "by filter" } });
      Component({ behaviors: [base], data: {}, attached() { console.log(this.data.added) } })`);

    expect(linesOf(app)).toEqual(["by filter"]);
  });

  test("a page may use them too", async () => {
    const page = `const base = Behavior({ data: { a: 1 }, methods: { greet() { return "hi" } } }); Page({ behaviors: [base], onLoad() { console.log(this.data.a, this.greet()) } })`;
    await using app = await run("Component({})", "<view/>", page);

    expect(linesOf(app)).toEqual(["1 hi"]);
  });

  test("wx://component-export says what selectComponent gives", async () => {
    await using app = await run(
      'Component({ behaviors: ["wx://component-export"], export() { return { word: "exported" } } })',
      '<my-part id="part"/>',
      'Page({ onReady() { console.log(this.selectComponent("#part").word) } })',
    );

    expect(linesOf(app)).toEqual(["exported"]);
  });
});

describe("relations", () => {
  const LIST = `Component({ relations: { "./item": { type: "child",
    linked(target) { console.log("list linked", target.data.name) }, unlinked(target) { console.log("list unlinked", target.data.name) } } },
    methods: { names() { return this.getRelationNodes("./item").map((item) => item.data.name).join() } } })`;
  const ITEM = `Component({ properties: { name: String }, relations: { "./list": { type: "parent", linked(target) { console.log("item linked", this.data.name, typeof target.names) } } } })`;
  const open = (wxml: string, page: string, list = LIST, item = ITEM) =>
    openPage(wxml, page, {
      ...USING,
      ...componentFiles("part", "Component({})"),
      ...componentFiles("list", list),
      ...componentFiles("item", item),
    });

  test("link an ancestor and its descendants through other nodes, in the order of the template", async () => {
    await using app = await open(
      '<my-list id="list"><my-item name="a"/><view><my-item name="b"/></view></my-list>',
      'Page({ onReady() { console.log(this.selectComponent("#list").names()) } })',
      LIST.replace("child", "descendant"),
      ITEM.replace("parent", "ancestor"),
    );

    expect(linesOf(app).toSorted()).toEqual([
      ...["a,b", "item linked a function", "item linked b function", "list linked a", "list linked b"],
    ]);
  });

  test("need both sides", async () => {
    await using app = await open(
      '<my-list id="list"><my-item name="a"/></my-list>',
      'Page({ onReady() { console.log("[" + this.selectComponent("#list").names() + "]") } })',
      LIST,
      "Component({ properties: { name: String } })",
    );

    expect(linesOf(app)).toEqual(["[]"]);
  });

  test("end when the child goes", async () => {
    await using app = await open(
      '<my-list id="list"><my-item wx:for="{{names}}" wx:key="*this" name="{{item}}"/></my-list>',
      'Page({ data: { names: ["a", "b"] }, onReady() { this.setData({ names: ["b"] }); console.log(this.selectComponent("#list").names()) } })',
    );

    expect(linesOf(app).filter((line) => !line.includes(" linked"))).toEqual(["list unlinked a", "b"]);
  });
});
