import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { linesOf, openPage } from "../../support/headless.ts";

const run = async (script: string, answer?: (api: string) => object): Promise<readonly string[]> => {
  await using app = await openPage(
    "<view/>",
    `const log = (name) => (result) => console.log(name, JSON.stringify(result)); Page({ async onLoad() { ${script} } })`,
    {},
    answer === undefined ? {} : { answer },
  );
  await eventually(() => expect(linesOf(app).length).toBeGreaterThan(0));
  await app.settle();
  return linesOf(app);
};

describe("the functions that a call brings", () => {
  test("success comes before complete, with the same result; nothing is returned", async () => {
    expect(
      await run(
        `console.log(wx.showToast({ title: "t", success: log("success"), fail: log("fail"), complete: log("complete") }))`,
      ),
    ).toEqual(["undefined", 'success {"errMsg":"showToast:ok"}', 'complete {"errMsg":"showToast:ok"}']);
  });

  test("fail comes before complete, with the reason", async () => {
    expect(
      await run(
        `wx.getStorage({ key: "none", success: log("success"), fail: log("fail"), complete: log("complete") })`,
      ),
    ).toEqual([
      'fail {"errMsg":"getStorage:fail data not found"}',
      'complete {"errMsg":"getStorage:fail data not found"}',
    ]);
  });

  test("a single one is enough", async () => {
    expect(await run(`wx.showToast({ complete: log("complete") }); wx.hideToast({ fail: log("fail") })`)).toEqual([
      'complete {"errMsg":"showToast:ok"}',
    ]);
  });

  test("never run before the call returns", async () => {
    const lines = await run(
      `for (const api of ["getSystemInfo", "setStorage", "getStorageInfo", "request"]) wx[api]({ key: "k", data: 1, url: "nonsense", complete: () => console.log(api) }); console.log("after")`,
    );

    expect(lines[0]).toBe("after");
  });

  test("one that throws is reported, and complete runs all the same", async () => {
    const lines = await run(`wx.showToast({ success() { throw new Error("in success") }, complete: log("complete") })`);

    expect(lines.map((line) => line.split("\n")[0])).toEqual([
      "Error: in success",
      'complete {"errMsg":"showToast:ok"}',
    ]);
    expect(lines[0]).toMatch(/\(success .*\)$/);
  });

  test("what is no function is left alone", async () => {
    expect(
      await run(`const result = await wx.showToast({ success: 1, fail: null, complete: "x" }); log("promise")(result)`),
    ).toEqual(['promise {"errMsg":"showToast:ok"}']);
  });
});

describe("a call without functions", () => {
  test("gives a promise of the result", async () => {
    expect(
      await run(
        `log("promise")(await wx.setStorage({ key: "k", data: { a: 1 } })); log("data")(await wx.getStorage({ key: "k" }))`,
      ),
    ).toEqual(['promise {"errMsg":"setStorage:ok"}', 'data {"data":{"a":1},"errMsg":"getStorage:ok"}']);
  });

  test("gives a promise that fails with an error whose errMsg is the reason", async () => {
    expect(
      await run(
        `try { await wx.getStorage({ key: "none" }) } catch (error) { console.log(error instanceof Error, error.errMsg, error.message) }`,
      ),
    ).toEqual(["true getStorage:fail data not found getStorage:fail data not found"]);
  });

  test.each(["", "undefined", "null", "'text'", "1"])("takes %j for no arguments", async (argument) => {
    expect(await run(`log("result")(await wx.getStorageInfo(${argument}))`)).toEqual([
      'result {"keys":[],"currentSize":0,"limitSize":10240,"errMsg":"getStorageInfo:ok"}',
    ]);
  });
});

describe("what the user decides against", () => {
  test.each([
    ["showActionSheet", "showActionSheet:fail cancel"],
    ["chooseImage", "chooseImage:fail cancel"],
  ])("%s fails with %j", async (api, expected) => {
    const lines = await run(`wx.${api}({ itemList: ["a"], fail: ({ errMsg }) => console.log(errMsg) })`, () => ({
      errMsg: `${api}:fail cancel`,
    }));

    expect(lines).toEqual([expected]);
  });

  test("a permission that was denied is denied without another question", async () => {
    const lines = await run(
      `for (let i = 0; i < 2; i++) await wx.authorize({ scope: "scope.record" }).catch(({ errMsg }) => console.log(errMsg)); console.log((await wx.getSetting()).authSetting["scope.record"])`,
      (api) => (api === "askPermission" ? { errMsg: "askPermission:fail denied" } : {}),
    );

    expect(lines).toEqual(["authorize:fail auth deny", "authorize:fail auth deny", "false"]);
  });
});

test("a recorder that may not record says so", async () => {
  const script = `const recorder = wx.getRecorderManager(); recorder.onError(log("error")); recorder.start({})`;
  const denied = { errMsg: "operateRecorder:fail Permission denied" };

  expect(await run(script, () => denied)).toEqual(['error {"errMsg":"operateRecorder:fail Permission denied"}']);
});

describe("transfers", () => {
  test("the eleventh waits for its turn, and may be given up while it waits", async () => {
    const lines = await run(`
      for (let i = 0; i < 10; i++) wx.request({ url: "https://slow.example.invalid" });
      const task = wx.request({ url: "https://slow.example.invalid", fail: log("fail"), complete: log("complete") });
      task.abort(); task.abort();`);

    expect(lines).toEqual(['fail {"errMsg":"request:fail abort"}', 'complete {"errMsg":"request:fail abort"}']);
  });

  test("a running one is given up once", async () => {
    const lines = await run(
      `const task = wx.request({ url: "https://slow.example.invalid", fail: log("fail") }); task.abort(); task.abort();`,
    );

    expect(lines).toEqual(['fail {"errMsg":"request:fail abort"}']);
  });

  test.each([
    ["request", "url: 'nonsense'", 'request:fail invalid url "nonsense"'],
    ["request", "", 'request:fail invalid url ""'],
    ["downloadFile", "url: 'http://10.0.0.1/'", /^downloadFile:fail url not in domain list: 10\.0\.0\.1/],
    [
      "uploadFile",
      "url: 'https://a.example', filePath: '../../etc/passwd'",
      "uploadFile:fail file not found ../../etc/passwd",
    ],
  ])("%s({ %s }) fails with the reason", async (api, args, expected) => {
    const [line] = await run(
      `wx.${api}({ ${args === "" ? "" : `${args},`} fail: ({ errMsg }) => console.log(errMsg) })`,
    );

    expect(line).toEqual(typeof expected === "string" ? expected : expect.stringMatching(expected));
  });
});

describe("storage", () => {
  test.each([
    ["text", '"x"', '"x"'],
    ["a number", "0", "0"],
    ["a truth", "false", "false"],
    ["a list", "[1, [2]]", "[1,[2]]"],
    ["an object", "{ a: { b: null } }", '{"a":{"b":null}}'],
  ])("keeps %s as what it is", async (_, value, expected) => {
    expect(await run(`wx.setStorageSync("k", ${value}); console.log(JSON.stringify(wx.getStorageSync("k")))`)).toEqual([
      expected,
    ]);
  });

  test.each(["__proto__", "constructor", "toString", "", "中 文"])("takes %j for a key as any other", async (key) => {
    const name = JSON.stringify(key);

    expect(
      await run(
        `console.log(JSON.stringify(wx.getStorageSync(${name}))); wx.setStorageSync(${name}, 1); console.log(wx.getStorageSync(${name}), wx.getStorageInfoSync().keys.length); wx.removeStorageSync(${name}); console.log(JSON.stringify(wx.getStorageSync(${name})))`,
      ),
    ).toEqual(['""', "1 1", '""']);
  });

  test.each(["5", "undefined", "null", "{}"])("keeps nothing under %s, and what it has", async (key) => {
    const lines = await run(`
      wx.setStorageSync("kept", 1);
      try { wx.setStorageSync(${key}, 2) } catch (error) { console.log(error.errMsg) }
      wx.removeStorageSync(${key});
      console.log(JSON.stringify(wx.getStorageSync(${key})), wx.getStorageInfoSync().keys.join());
      wx.setStorage({ key: ${key}, data: 2, fail: (error) => console.log(error.errMsg) });`);

    expect(lines).toEqual([
      "setStorageSync:fail parameter error: parameter.key should be String",
      '"" kept',
      "setStorage:fail parameter error: parameter.key should be String",
    ]);
  });

  test("holds ten megabytes, a value half a million letters, and what did not fit leaves it as it was", async () => {
    const lines = await run(`
      const attempt = (key, length) => { try { wx.setStorageSync(key, "x".repeat(length)); return "ok" } catch (error) { return error.errMsg } };
      console.log(attempt("a", 524286), attempt("a", 524287));
      console.log(wx.getStorageSync("a").length);
      for (let i = 0; i < 9; i++) attempt("n" + i, 524286);
      console.log(attempt("last", 524286), wx.getStorageInfoSync().currentSize);
      wx.clearStorageSync();
      console.log(wx.getStorageInfoSync().keys.length);`);

    expect(lines).toEqual([
      "ok setStorageSync:fail exceed storage item max size",
      "524286",
      "setStorageSync:fail exceed storage max size 10240",
      "0",
    ]);
  });
});
