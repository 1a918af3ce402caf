import { describe, expect, test } from "vitest";
import { componentFiles, linesOf, openPage } from "../support/headless.ts";

const USING = { "pages/index/index.json": '{"usingComponents":{"my-part":"/part"}}' };

describe("setData by path", () => {
  test.each([
    ["a field", { a: 1 }, { a: 2 }, { a: 2 }],
    ["a new field", {}, { b: 1 }, { b: 1 }],
    ["a field of an object", { a: { b: 1, c: 2 } }, { "a.b": 3 }, { a: { b: 3, c: 2 } }],
    ["an entry of a list", { a: [1, 2, 3] }, { "a[1]": 9 }, { a: [1, 9, 3] }],
    ["a field of an entry", { a: [{ n: 1 }, { n: 2 }] }, { "a[1].n": 9 }, { a: [{ n: 1 }, { n: 9 }] }],
    ["a list in a list", { a: [[1], [2]] }, { "a[1][0]": 9 }, { a: [[1], [9]] }],
    ["objects on the way that are not there", {}, { "a.b.c": 1 }, { a: { b: { c: 1 } } }],
    ["a list on the way that is not there", {}, { "a[1].b": 1 }, { a: [null, { b: 1 }] }],
    ["a list in the place of a text", { a: "text" }, { "a[0]": 1 }, { a: [1] }],
    ["an object in the place of a number", { a: 1 }, { "a.b": 2 }, { a: { b: 2 } }],
    ["an object in the place of null", { a: null }, { "a.b": 2 }, { a: { b: 2 } }],
    ["the place after the end", { a: [1] }, { "a[1]": 2 }, { a: [1, 2] }],
    ["two paths into one list", { a: [1, 2] }, { "a[0]": 8, "a[1]": 9 }, { a: [8, 9] }],
    ["a name with a dash", {}, { "a-b": 1 }, { "a-b": 1 }],
    ["null", { a: 1 }, { a: null }, { a: null }],
    ["a whole object", { a: { b: 1 } }, { a: { c: 2 } }, { a: { c: 2 } }],
    ["a later path into an earlier value", {}, { a: { b: 1 }, "a.c": 2 }, { a: { b: 1, c: 2 } }],
  ])("sets %s", async (_, data, change, expected) => {
    const js = `Page({ data: ${JSON.stringify(data)}, onLoad() { this.setData(${JSON.stringify(change)}); console.log(JSON.stringify(this.data)) } })`;
    await using app = await openPage("<view/>", js);

    expect(JSON.parse(linesOf(app)[0] ?? "")).toEqual(expected);
  });

  test("takes a dot with a backslash for a part of the name", async () => {
    const js = String.raw`Page({ data: {}, onLoad() { this.setData({ "a\\.b": 1 }); console.log(JSON.stringify(this.data)) } })`;
    await using app = await openPage("<view/>", js);

    expect(linesOf(app)).toEqual(['{"a.b":1}']);
  });

  test("of the prototype changes no other object", async () => {
    const js = `Page({ data: { a: {} }, onLoad() {
      try { this.setData({ "__proto__.polluted": 1, "a.constructor.prototype.polluted": 1, "a.__proto__.polluted": 1 }) } catch (e) {}
      console.log(typeof ({}).polluted);
    } })`;
    await using app = await openPage("<view/>", js);

    expect(linesOf(app).at(-1)).toBe("undefined");
  });
});

describe("setData", () => {
  test("changes the data at once, and the view when the turn is over", async () => {
    const js = `Page({ data: { n: 1 }, tap() { this.setData({ n: 2 }); console.log(this.data.n); this.setData({ n: 3 }, () => console.log("drawn")); console.log("after") } })`;
    await using app = await openPage('<view class="n" bindtap="tap">{{n}}</view>', js);

    app.top.view.tap(app.top.view.root.find(".n")!);
    await app.settle();

    expect(linesOf(app)).toEqual(["2", "after", "drawn"]);
    expect(app.top.view.root.textContent).toBe("3");
  });

  test("draws what it was given, whatever becomes of it later", async () => {
    const js = `Page({ data: { list: [] }, onLoad() { const list = [{ n: 1 }]; this.setData({ list }); list[0].n = 2; list.push(3); console.log(JSON.stringify(this.data.list)) } })`;
    await using app = await openPage('<view wx:for="{{list}}" wx:key="n">{{item.n}}</view>', js);

    expect(linesOf(app)).toEqual(['[{"n":2},3]']);
    expect(app.top.view.root.textContent).toBe("1");
  });

  test("of functions and dates does no harm", async () => {
    const js = `Page({ data: {}, onLoad() { this.setData({ run() {}, at: new Date(0), a: [undefined, 1] }); console.log(typeof this.data.a, this.data.a.length) } })`;
    await using app = await openPage("<view>{{a[1]}}</view>", js);

    expect(linesOf(app)).toEqual(["object 2"]);
    expect(app.top.view.root.textContent).toBe("1");
  });

  test.each(["undefined", "null", "'text'", "1", "[]"])("with %s changes nothing", async (argument) => {
    const js = `Page({ data: { n: 1 }, onLoad() { this.setData(${argument}, () => console.log("called back")) } })`;
    await using app = await openPage("<view>{{n}}</view>", js);

    expect(linesOf(app)).toEqual(["called back"]);
    expect(app.top.view.root.textContent).toBe("1");
  });

  test("after the page has gone does nothing", async () => {
    const js = `Page({ data: { n: 0 }, onLoad() { if (getCurrentPages().length > 1) wx.navigateBack(); else wx.navigateTo({ url: "index" }) }, onUnload() { Promise.resolve().then(() => this.setData({ n: 1 })).then(() => console.log("done")) } })`;
    await using app = await openPage("<view>{{n}}</view>", js);
    await app.settle();

    expect(linesOf(app)).toEqual(["done"]);
    expect(app.pages).toHaveLength(1);
  });
});

describe("observers", () => {
  const logged = (observers: string, script: string, data = "{}") =>
    openPage('<my-part id="part"/>', `Page({ onReady() { const part = this.selectComponent("#part"); ${script} } })`, {
      ...USING,
      ...componentFiles("part", `Component({ data: ${data}, observers: { ${observers} } })`),
    });

  test("of several fields run once for one setData, with the values in their order", async () => {
    await using app = await logged(
      '"a, b": (a, b) => console.log("a b", a, b), "c": () => console.log("c")',
      "part.setData({ a: 1, b: 2 })",
    );

    expect(linesOf(app)).toEqual(["a b 1 2"]);
  });

  test("of a path run for what is set at it, above it and, with a wildcard, below it", async () => {
    await using app = await logged(
      '"o.x": (x) => console.log("o.x", x), "o.**": (o) => console.log("o.**", JSON.stringify(o)), "l[0]": (one) => console.log("l[0]", one)',
      `part.setData({ "o.x": 1 }); part.setData({ o: { x: 2 } }); part.setData({ "o.y.z": 3 }); part.setData({ "l[0]": 4 }); part.setData({ "l[1]": 5 })`,
      "{ o: {}, l: [] }",
    );

    expect(linesOf(app)).toEqual([
      ...["o.x 1", 'o.** {"x":1}', "o.x 2", 'o.** {"x":2}', 'o.** {"x":2,"y":{"z":3}}', "l[0] 4"],
    ]);
  });

  test("run for an equal value too", async () => {
    await using app = await logged('"a": (a) => console.log(a)', "part.setData({ a: 1 }); part.setData({ a: 1 })");

    expect(linesOf(app)).toEqual(["1", "1"]);
  });

  test("may set other fields, whose observers run then", async () => {
    await using app = await logged(
      '"a": function (a) { this.setData({ b: a * 2 }) }, "b": (b) => console.log("b", b)',
      "part.setData({ a: 2 }); console.log(part.data.b)",
    );

    expect(linesOf(app)).toEqual(["b 4", "4"]);
  });
});

describe("properties of a component", () => {
  test.each([
    ["String", '"{{1}}"', '"1"'],
    ["String", '""', '""'],
    ["Number", '"12"', "12"],
    ["Boolean", '""', "false"],
    ["Boolean", '"{{true}}"', "true"],
    ["Boolean", '"text"', "true"],
    ["Array", '"{{[1]}}"', "[1]"],
    ["Object", '"{{ {a:1} }}"', '{"a":1}'],
    ["null", '"{{1}}"', "1"],
  ])("of type %s take %s as %s", async (type, written, expected) => {
    const js = `Component({ properties: { p: ${type} }, attached() { console.log(JSON.stringify(this.data.p)) } })`;
    await using app = await openPage(`<my-part p=${written}/>`, "Page({})", {
      ...USING,
      ...componentFiles("part", js),
    });

    expect(linesOf(app).filter((line) => !line.includes("type"))).toEqual([expected]);
  });

  test.each([
    ["String", '""'],
    ["Number", "0"],
    ["Boolean", "false"],
    ["Array", "[]"],
    ["Object", "null"],
    ["null", "null"],
    ["{ type: Number, value: 7 }", "7"],
    ["{ type: Number, optionalTypes: [String], value: 'seven' }", '"seven"'],
  ])("of type %s are %s when nothing is given", async (type, expected) => {
    const js = `Component({ properties: { p: ${type} }, attached() { console.log(JSON.stringify(this.data.p), this.properties.p === this.data.p) } })`;
    await using app = await openPage("<my-part/>", "Page({})", { ...USING, ...componentFiles("part", js) });

    expect(linesOf(app)).toEqual([`${expected} true`]);
  });

  test("tell their observer the new and the old value, and not when nothing changed", async () => {
    const js = `Component({ properties: { n: { type: Number, value: 1, observer(now, before) { console.log(now, before) } } } })`;
    await using app = await openPage(
      '<my-part n="{{n}}"/>',
      "Page({ data: { n: 2 }, onReady() { this.setData({ n: 2 }); this.setData({ n: 3 }) } })",
      { ...USING, ...componentFiles("part", js) },
    );

    expect(linesOf(app)).toEqual(["2 1", "3 2"]);
  });
});
