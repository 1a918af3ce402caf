import { eventually, FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { Bridge } from "../../src/bus/bridge.ts";
import { BusSession } from "../../src/bus/bus-session.ts";
import { connectInMemory } from "../../src/bus/memory-bus.ts";
import { MiniProgram, openHeadless, WechatAccounts } from "../../src/host/index.ts";
import { MAX_TEMPORARY_BYTES } from "../../src/host/temporary-files.ts";
import { ChatServer } from "../support/chat-server.ts";
import { compileFiles, onePage } from "../support/compile.ts";

const SOCKET_PAGE = onePage({
  wxml: "<view>{{ticks}}</view>",
  js: `Page({
    data: { ticks: 0 },
    onLoad() {
      setInterval(() => this.setData({ ticks: this.data.ticks + 1 }), 1000);
      const socket = wx.connectSocket({ url: "wss://chat.example.com/ws", header: { Authorization: "Bearer x" } });
      socket.onOpen(() => { console.log("open"); socket.send({ data: '{"content":"hi"}' }); });
      socket.onMessage(({ data }) => console.log("message", JSON.parse(data).content));
      socket.onClose(({ code, reason }) => console.log("close", code, reason));
      wx.onAppHide(() => console.log("hide"));
      wx.onAppShow(() => console.log("show"));
    },
  })`,
});

describe("a mini-program in the background", () => {
  test("is told at once, and after five seconds its sockets end with 1000 and its timers stand still", async () => {
    await using chat = await ChatServer.start();
    const clock = new FakeClock();
    await using app = await openHeadless(await compileFiles(SOCKET_PAGE), {
      clock,
      map: new Map([["chat.example.com", chat.url]]),
    });
    const lines = () => app.console.map(({ text }) => text);
    await eventually(() => expect(lines()).toEqual(["open", "message hi"]));
    await clock.advance(2_000);

    app.host.background();
    await clock.advance(4_000);
    const stateBefore = app.host.state;
    await clock.advance(1_000);
    await clock.advance(60_000);
    const hidden = lines();
    app.host.foreground();
    await app.settle();

    expect([stateBefore, chat.headers[0]?.["authorization"]]).toEqual(["background", "Bearer x"]);
    expect(hidden).toEqual(["open", "message hi", "hide", "close 1000 interrupted"]);
    expect(lines()).toEqual(["open", "message hi", "hide", "close 1000 interrupted", "show"]);
    // Two seconds before, four until it was suspended, and none of the minute that followed.
    expect(app.top.view.root.textContent).toBe("6");
    await eventually(() => expect(chat.guests.size).toBe(0));
  });

  test("goes on without an interruption when it comes back within five seconds", async () => {
    await using chat = await ChatServer.start();
    const clock = new FakeClock();
    await using app = await openHeadless(await compileFiles(SOCKET_PAGE), {
      clock,
      map: new Map([["chat.example.com", chat.url]]),
    });
    await eventually(() => expect(app.console).toHaveLength(2));

    app.host.background();
    await clock.advance(4_999);
    app.host.foreground();
    await clock.advance(60_000);

    expect(app.console.map(({ text }) => text)).toEqual(["open", "message hi", "hide", "show"]);
  });

  test("is destroyed after half an hour, and starts again from its first page", async () => {
    const clock = new FakeClock();
    const project = await compileFiles({
      ...onePage({ wxml: "<view>page</view>" }),
      "app.js": 'App({ onLaunch() { console.log("launch") } })',
    });
    await using app = await openHeadless(project, { clock });

    app.host.background();
    await clock.advance(5_000 + 30 * 60_000 - 1);
    const before = app.host.state;
    await clock.advance(1);
    const after = app.host.state;
    app.host.foreground();
    await eventually(() => expect(app.console.map(({ text }) => text)).toEqual(["launch", "launch"]));

    expect([before, after, app.host.state]).toEqual(["suspended", "destroyed", "running"]);
  });
});

describe("a mini-program that starts again", () => {
  test("has none of the temporary files that it had", async () => {
    const project = await compileFiles(onePage({ wxml: "<view/>" }));
    await using app = await openHeadless(project, { clock: new FakeClock() });
    const { files } = app.host;
    const half = { bytes: new Uint8Array(MAX_TEMPORARY_BYTES / 2 + 1), type: "image/png" };
    const path = files.add(half);

    app.host.reload(project);

    expect(files.get(path)).toBeUndefined();
    expect(files.add(half)).toMatch(/^http:/);
  });

  test("leaves nothing behind for views that are gone", async () => {
    const clock = new FakeClock();
    const session = new BusSession({ clock });
    const project = await compileFiles(onePage({ wxml: "<view/>" }));
    const account = new WechatAccounts(clock).account({ openId: "o", nickName: "n", avatarUrl: "" }, "wx1");
    const host = new MiniProgram({ clock, session, project, map: new Map(), account, storage: new Map() });
    const service = new Bridge(connectInMemory(session, "APPSERVICE"));
    await service.invoke("APPSERVICE_INVOKE", "launched", {});
    service.publish("late", {}, 1);

    host.reload(project);
    await clock.advance(5_000);
    const heard: unknown[] = [];
    connectInMemory(session, "WEBVIEW_1").onMessage((message) => heard.push(message));
    await clock.advance(0);

    expect(heard).toEqual([]);
    expect(clock.timerCount).toBe(0);
    host.close();
  });
});

test("a mini-program that is closed leaves no timer behind", async () => {
  const clock = new FakeClock();
  const project = await compileFiles(onePage({ wxml: "<view/>" }));
  const app = await openHeadless(project, { clock });
  app.host.reload(project);

  await app.close();

  expect(clock.timerCount).toBe(0);
});

test("the question for a permission tells what app.json says, and is asked once", async () => {
  const project = await compileFiles({
    ...onePage({
      wxml: "<view/>",
      js: `Page({ async onLoad() {
        for (const scope of ["scope.userLocation", "scope.userLocation", "scope.record"]) await wx.authorize({ scope });
        console.log("done");
      } })`,
    }),
    "app.json": '{"pages":["pages/index/index"],"permission":{"scope.userLocation":{"desc":"to show who is near"}}}',
  });
  await using app = await openHeadless(project);
  await eventually(() => expect(app.console.map(({ text }) => text)).toEqual(["done"]));

  expect(app.calls).toEqual([
    { api: "askPermission", args: { scope: "scope.userLocation", desc: "to show who is near" } },
    { api: "askPermission", args: { scope: "scope.record", desc: "" } },
  ]);
});

describe("the network of a mini-program", () => {
  async function run(js: string, map: ReadonlyMap<string, string> = new Map()): Promise<readonly string[]> {
    const project = await compileFiles(onePage({ wxml: "<view/>", js: `Page({ onLoad() { ${js} } })` }));
    await using app = await openHeadless(project, { map });
    await eventually(() => expect(app.console.some(({ text }) => text.startsWith("done"))).toBe(true));
    return app.console.map(({ text }) => text);
  }
  const report = `success: (r) => console.log("success", r.statusCode, r.data), fail: (e) => console.log("fail", e.errMsg), complete: () => console.log("done")`;

  test("a request goes where the map leads, with WeChat's rules for data and header", async () => {
    await using chat = await ChatServer.start();
    const map = new Map([["api.example.com", chat.url]]);

    const get = await run(`wx.request({ url: "https://api.example.com/a?x=1", data: { y: "ü" }, ${report} })`, map);
    const post = await run(
      `wx.request({ url: "https://api.example.com/b", method: "POST", data: { a: 1 }, ${report} })`,
      map,
    );
    const missing = await run(`wx.request({ url: "https://api.example.com/missing", ${report} })`, map);

    expect(get).toEqual(['success 200 {"path":"/a?x=1&y=%C3%BC"}', "done"]);
    expect(post).toEqual(['success 200 {"path":"/b"}', "done"]);
    expect(missing).toEqual(['success 404 {"path":"/missing"}', "done"]);
    expect(chat.requests[1]).toMatchObject({
      method: "POST",
      body: '{"a":1}',
      headers: { "content-type": "application/json" },
    });
  });

  test("a download lies where it was told to lie", async () => {
    await using chat = await ChatServer.start();
    const js = (path: string): string => `const filePath = ${path};
      wx.downloadFile({
        url: "https://api.example.com/a", filePath,
        success: (r) => console.log(r.filePath === filePath, r.tempFilePath, wx.getFileSystemManager().readFileSync(filePath, "utf8")),
        fail: (e) => console.log(e.errMsg), complete: () => console.log("done"),
      })`;
    const map = new Map([["api.example.com", chat.url]]);

    expect(await run(js('wx.env.USER_DATA_PATH + "/a.json"'), map)).toEqual(['true undefined {"path":"/a"}', "done"]);
    expect(await run(js('"elsewhere/a.json"'), map)).toEqual([
      'downloadFile:fail permission denied, open "elsewhere/a.json"',
      "done",
    ]);
  });

  test.each([
    ["http://127.0.0.1:4000/", "127.0.0.1 is a private address"],
    ["http://localhost/", "localhost is a private address"],
    ["http://169.254.169.254/latest/meta-data", "169.254.169.254 is a private address"],
    ["http://10.1.2.3/", "10.1.2.3 is a private address"],
    ["http://[::1]/", "::1 is a private address"],
    ["http://[::ffff:127.0.0.1]/", "::ffff:7f00:1 is a private address"],
    ["http://2130706433/", "127.0.0.1 is a private address"],
    ["file:///etc/passwd", "url must start with"],
    ["nonsense", "invalid url"],
  ])("a request to %s is refused with the reason", async (url, reason) => {
    const lines = await run(`wx.request({ url: ${JSON.stringify(url)}, ${report} })`);

    expect(lines[0]).toContain("fail request:fail");
    expect(lines[0]).toContain(reason);
  });

  test("a redirect does not lead into the machine either", async () => {
    await using chat = await ChatServer.start();
    const lines = await run(
      `wx.request({ url: "https://api.example.com/redirect-inside", ${report} })`,
      new Map([["api.example.com", chat.url]]),
    );

    expect(lines[0]).toContain("127.0.0.1 is a private address");
  });

  test("a socket to a private address fails, and so does the sixth socket", async () => {
    const refused = await run(
      `wx.connectSocket({ url: "ws://192.168.1.1/", fail: (e) => console.log("done", e.errMsg) })`,
    );
    const sixth = await run(`
      for (let i = 0; i < 5; i++) wx.connectSocket({ url: "wss://slow.example.invalid" });
      wx.connectSocket({ url: "wss://slow.example.invalid", fail: (e) => console.log("done", e.errMsg) });`);

    expect(refused[0]).toContain("done connectSocket:fail url not in domain list: 192.168.1.1 is a private address");
    expect(sixth[0]).toBe("done connectSocket:fail exceed max task count");
  });
});
