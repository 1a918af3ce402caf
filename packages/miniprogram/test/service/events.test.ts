import { describe, expect, test } from "vitest";
import { componentFiles, linesOf, openPage } from "../support/headless.ts";

async function tapped(wxml: string, selector: string, more = ""): Promise<readonly string[]> {
  const js = `Page({ data: { d: "value" }, ${["a", "b", "c", "d"].map((name) => `${name}(e) { console.log("${name}", e.currentTarget.id, e.target.id) }`).join(",")}, ${more} })`;
  await using app = await openPage(wxml, js, {
    "pages/index/index.json": '{"usingComponents":{"my-part":"/part"}}',
    ...componentFiles(
      "part",
      `Component({ methods: { inner(e) { console.log("inner", e.target.id, e.currentTarget.id) },
        fire() { this.triggerEvent("made", { n: 1 }); this.triggerEvent("bubbling", { n: 2 }, { bubbles: true, composed: true }) } } })`,
      '<view id="inside" class="inside" bindtap="inner"><slot/></view><view class="fire" bindtap="fire"/>',
    ),
  });

  app.top.view.tap(app.top.view.root.find(selector)!);
  await app.settle();
  return linesOf(app);
}

describe("a tap", () => {
  test.each([
    [
      "bubbles from the inside out",
      '<view id="o" bindtap="a"><view id="i" class="go" bindtap="b"/></view>',
      ["b i i", "a o i"],
    ],
    ["ends at catch", '<view id="o" bindtap="a"><view id="i" class="go" catchtap="b"/></view>', ["b i i"]],
    [
      "ends at a catch of a function that is not there",
      '<view id="o" bindtap="a"><view class="go" catchtap="true"/></view>',
      [],
    ],
    ["ends at a catch without a value", '<view id="o" bindtap="a"><view class="go" catchtap/></view>', []],
    ["ends at a catch without a function", '<view id="o" bindtap="a"><view id="i" class="go" catchtap=""/></view>', []],
    [
      "is captured from the outside in before it bubbles",
      '<view id="o" bindtap="a" capture-bind:tap="c"><view id="i" class="go" bindtap="b" capture-bind:tap="d"/></view>',
      ["c o i", "d i i", "b i i", "a o i"],
    ],
    [
      "ends at capture-catch",
      '<view id="o" capture-catch:tap="c"><view id="i" class="go" bindtap="b"/></view>',
      ["c o i"],
    ],
    [
      "runs one mut-bind, and the ordinary ones",
      '<view id="o" mut-bind:tap="a"><view id="m" bindtap="c"><view id="i" class="go" mut-bind:tap="b"/></view></view>',
      ["b i i", "c m i"],
    ],
    ["finds its function by an expression", `<view id="i" class="go" bindtap="{{'a'}}"/>`, ["a i i"]],
    ["with a colon is the same", '<view id="i" class="go" bind:tap="a"/>', ["a i i"]],
  ])("%s", async (_, wxml, expected) => {
    expect(await tapped(wxml, ".go")).toEqual(expected);
  });

  test("inside of a component names the component outside of it", async () => {
    expect(await tapped('<my-part id="part" bindtap="a"/>', ".inside")).toEqual(["inner inside inside", "a part part"]);
  });

  test("on what stands in a slot names what was tapped", async () => {
    const lines = await tapped('<my-part id="part" bindtap="a"><view id="own" class="own"/></my-part>', ".own");

    expect(lines.at(-1)).toBe("a part own");
  });
});

test("an event whose handler is missing is a warning, once, and goes on", async () => {
  await using app = await openPage(
    '<view bindtap="outer"><view class="inner" bindtap="none" catchtouchmove=""/></view>',
    'Page({ outer() { console.log("outer") } })',
  );
  const { view } = app.top;
  const inner = view.root.find(".inner")!;

  for (const type of ["tap", "touchmove", "tap"]) view.trigger(inner, type);
  await app.settle();

  expect(app.console.map(({ level, text }) => `${level} ${text}`)).toEqual([
    'warn Component "pages/index/index" does not have a method "none" to handle an event',
    "log outer",
    "log outer",
  ]);
});

describe("triggerEvent", () => {
  test("reaches the listener of the component, further out only when it bubbles", async () => {
    const more =
      'made(e) { console.log("made", e.type, e.detail.n) }, bubbled(e) { console.log("bubbled", e.detail.n, e.target.id, e.currentTarget.id) }';
    const wxml = '<view id="o" bind:made="made" bind:bubbling="bubbled"><my-part id="part" bind:made="made"/></view>';

    expect(await tapped(wxml, ".fire", more)).toEqual(["made made 1", "bubbled 2 part o"]);
  });
});

describe("dataset", () => {
  test.each([
    ["data-a", '="x"', { a: "x" }],
    ["data-a-b-c", '="x"', { aBC: "x" }],
    ["data-aB", '="x"', { ab: "x" }],
    ["data-A-bC", '="x"', { aBc: "x" }],
    ["data-n", '="{{1}}"', { n: 1 }],
    ["data-list", '="{{[1, 2]}}"', { list: [1, 2] }],
    ["data-o", '="{{ {x: d} }}"', { o: { x: "value" } }],
    ["data-none", '="{{undefined}}"', {}],
    ["data-empty", '=""', { empty: "" }],
    ["data-text", '="a {{d}}"', { text: "a value" }],
    ["data-true", '="{{true}}"', { true: true }],
  ])("of %s%s", async (name, value, expected) => {
    const more = "data: { d: 'value' }, show(e) { console.log(JSON.stringify(e.currentTarget.dataset)) }";

    const [line] = await tapped(`<view class="go" bindtap="show" ${name}${value}/>`, ".go", more);

    expect(JSON.parse(line ?? "")).toEqual(expected);
  });
});

describe("selectComponent", () => {
  test.each([
    ["#part", "1"],
    [".one", "1"],
    ["#o >>> .one", "1"],
    ["my-part", "none"],
    ["#none", "none"],
  ])("finds with %s: %s", async (selector, expected) => {
    const js = `Page({ onReady() { const found = this.selectComponent(${JSON.stringify(selector)}); console.log(found ? found.data.n : "none") } })`;
    await using app = await openPage('<view id="o"><my-part id="part" class="one"/></view>', js, {
      "pages/index/index.json": '{"usingComponents":{"my-part":"/part"}}',
      ...componentFiles("part", "Component({ data: { n: 1 } })"),
    });

    expect(linesOf(app)).toEqual([expected]);
  });

  test("finds all in the order of the template, and nothing inside of other components", async () => {
    const js = `Page({ onReady() { console.log(this.selectAllComponents(".x").map((one) => one.data.n).join()) } })`;
    await using app = await openPage('<my-part class="x" n="1"/><view><my-part class="x" n="2"/></view>', js, {
      "pages/index/index.json": '{"usingComponents":{"my-part":"/part"}}',
      ...componentFiles("part", "Component({ properties: { n: Number } })", '<view class="x"/>'),
    });

    expect(linesOf(app)).toEqual(["1,2"]);
  });
});

describe("a selector query", () => {
  test("answers each question, then all, null for what is not there; one that throws keeps none from its answer", async () => {
    const js = `Page({ onReady() {
      wx.createSelectorQuery().select(".a").fields({ id: true, dataset: true, properties: ["src"] }, () => { throw new Error("in answer") })
        .select(".none").fields({ id: true }, (one) => console.log("none", one))
        .selectAll(".b").fields({ id: true }, (all) => console.log("all", all.map(({ id }) => id).join()))
        .exec((results) => console.log(JSON.stringify(results)));
    } })`;
    await using app = await openPage(
      '<image class="a" id="i" data-n="{{1}}" src="x.png"/><view class="b" id="1"/><view class="b" id="2"/>',
      js,
    );
    await app.settle();

    expect(linesOf(app).map((line) => line.split("\n")[0])).toEqual([
      "Error: in answer",
      "none null",
      "all 1,2",
      '[{"id":"i","dataset":{"n":1},"src":"x.png"},null,[{"id":"1"},{"id":"2"}]]',
    ]);
  });
});
