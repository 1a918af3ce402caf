import { describe, expect, test } from "vitest";
import { FakeClock } from "../../src/fake-clock.ts";
import { createFakeWx, type FakeWxOptions } from "../../src/wechat/fake-wx.ts";
import type { FakeWxHttpRequest, FakeWxHttpResponse, FakeWxLinkHandlers } from "../../src/wechat/fake-wx-network.ts";

const MINUTE_MS = 60_000;

/** A phone whose servers the test plays. */
function createPhone(options: Partial<FakeWxOptions> = {}) {
  const clock = new FakeClock();
  const links: { handlers: FakeWxLinkHandlers; sent: unknown[]; ends: string[] }[] = [];
  const requests: { request: FakeWxHttpRequest; answer: (response: Partial<FakeWxHttpResponse>) => void }[] = [];
  const phone = createFakeWx({
    clock,
    connect(_handshake, handlers) {
      const link = { handlers, sent: [] as unknown[], ends: [] as string[] };
      links.push(link);
      return {
        send: (data) => link.sent.push(data),
        close: (code, reason) => link.ends.push(`${code} ${reason}`),
        terminate: () => link.ends.push("cut"),
      };
    },
    send: (request) =>
      new Promise((resolve, reject) => {
        request.signal.addEventListener("abort", () => reject(new Error("ended")));
        const answer = (response: Partial<FakeWxHttpResponse>): void =>
          resolve({ status: 200, headers: {}, body: new Uint8Array(), ...response });
        requests.push({ request, answer });
      }),
    ...options,
  });
  return { phone, clock, links, requests };
}

/** Collects what a call is told. */
function callbacks(told: unknown[]) {
  return {
    success: (result: object) => void told.push(result),
    fail: ({ errMsg }: { readonly errMsg: string }) => void told.push(errMsg),
  };
}

/** Opens a socket and collects its events. */
function openSocket({ phone, links }: ReturnType<typeof createPhone>) {
  const told: unknown[] = [];
  const task = phone.wx.connectSocket({ url: "ws://example.com" });
  task.onOpen(() => told.push("open"));
  task.onMessage(({ data }) => told.push(data));
  task.onClose(({ code, reason }) => told.push(`${code} ${reason}`));
  task.onError(({ errMsg }) => told.push(errMsg));
  const link = links.at(-1);
  if (link === undefined) throw new Error("nobody connected");
  return { task, told, link };
}

describe("a socket of a fake phone", () => {
  test("success comes before the open, and after the call", async () => {
    const world = createPhone();
    const told: unknown[] = [];

    const task = world.phone.wx.connectSocket({ url: "ws://example.com", success: () => told.push("success") });
    task.onOpen(({ header }) => told.push(header));
    expect(told).toEqual([]);
    await world.clock.settle();
    world.links[0]?.handlers.opened({ server: "x" });

    expect(told).toEqual(["success", { server: "x" }]);
  });

  test("a handler takes the place of the one before", () => {
    const world = createPhone();
    const { task, told, link } = openSocket(world);

    task.onMessage(({ data }) => told.push(["second", data]));
    link.handlers.opened({});
    link.handlers.received("one");

    expect(told).toEqual(["open", ["second", "one"]]);
  });

  test("sends text and buffers, and nothing else", async () => {
    const world = createPhone();
    const { task, link } = openSocket(world);
    const told: unknown[] = [];
    link.handlers.opened({});

    task.send({ data: "text" });
    task.send({ data: Uint8Array.of(1, 2).buffer });
    task.send({ data: Uint8Array.of(3), ...callbacks(told) });
    await world.clock.settle();

    expect(link.sent).toEqual(["text", Uint8Array.of(1, 2).buffer]);
    expect(told).toEqual(["operateSocketTask:fail data should be String or ArrayBuffer"]);
  });

  test("before the open neither send nor close does anything but fail", async () => {
    const world = createPhone();
    const { task, link, told } = openSocket(world);

    task.send({ data: "early", ...callbacks(told) });
    task.close(callbacks(told));
    await world.clock.settle();
    link.handlers.opened({});

    const failure = "operateSocketTask:fail webSocket is not connected";
    expect(told).toEqual([failure, failure, "open"]);
    expect([link.sent, link.ends]).toEqual([[], []]);
  });

  test("a close without a reason is given WeChat's words", () => {
    const world = createPhone();
    const { told, link } = openSocket(world);
    link.handlers.opened({});

    link.handlers.closed(1006, "");

    expect(told).toEqual(["open", "1006 abnormal closure"]);
  });

  test("the sixth at a time fails, and one that closed makes room", async () => {
    const world = createPhone();
    const sockets = [1, 2, 3, 4, 5].map(() => openSocket(world));
    const told: unknown[] = [];
    const connect = () => world.phone.wx.connectSocket({ url: "ws://example.com", ...callbacks(told) });

    connect().onError(({ errMsg }) => told.push(errMsg));
    await world.clock.settle();
    sockets[0]?.link.handlers.closed(1000, "");
    connect();
    await world.clock.settle();

    expect(told).toEqual(["exceed max task count", "connectSocket:fail exceed max task count", expect.anything()]);
    expect(world.phone.socketCount).toBe(5);
  });

  test("one that does not open in time fails", async () => {
    const world = createPhone();
    const { told, link } = openSocket(world);

    await world.clock.advance(60_000);

    expect(told).toEqual(["Timed out connecting to server.", "1006 abnormal closure"]);
    expect(link.ends).toEqual(["cut"]);
  });

  test("the global form means the first socket, and holds one handler of each kind", async () => {
    const { phone, clock, links } = createPhone();
    const told: unknown[] = [];
    phone.wx.sendSocketMessage({ data: "early", ...callbacks(told) });
    phone.wx.onSocketOpen(() => told.push("never"));
    phone.wx.onSocketOpen(() => told.push("open"));
    phone.wx.onSocketMessage(({ data }) => told.push(data));
    phone.wx.onSocketClose(({ reason }) => told.push(reason));

    phone.wx.connectSocket({ url: "ws://example.com/1" });
    phone.wx.connectSocket({ url: "ws://example.com/2" });
    await clock.settle();
    for (const { handlers } of links) handlers.opened({});
    for (const { handlers } of links) handlers.received("hi");
    phone.wx.sendSocketMessage({ data: "out" });
    phone.wx.closeSocket({ code: 3000, reason: "bye" });
    links[0]?.handlers.closed(3000, "bye");

    expect(told).toEqual(["sendSocketMessage:fail webSocket is not connected", "open", "hi", "bye"]);
    expect(links.map(({ sent, ends }) => [sent, ends])).toEqual([
      [["out"], ["3000 bye"]],
      [[], []],
    ]);
  });
});

describe("the life of a fake phone", () => {
  test("four seconds in the background change nothing", async () => {
    const world = createPhone();
    const { told, link } = openSocket(world);
    link.handlers.opened({});
    world.phone.wx.onAppHide(() => told.push("hide"));
    world.phone.wx.onAppShow(() => told.push("show"));

    world.phone.background();
    await world.clock.advance(4_000);
    link.handlers.received("one");
    world.phone.foreground();
    await world.clock.advance(4_000);

    expect(told).toEqual(["open", "hide", "one", "show"]);
    expect(world.phone.run.app.state).toBe("foreground");
  });

  test("after five seconds the code stands still, and goes on in order on return", async () => {
    const world = createPhone();
    const { told, link } = openSocket(world);
    const { app } = world.phone.run;
    link.handlers.opened({});
    app.clock.after(7_000, () => told.push("timer"));
    app.clock.after(8_000, () => told.push("stopped"))();
    const stop = app.clock.every(1_000, () => told.push("tick"));
    world.phone.wx.onAppShow(() => told.push("show"));

    world.phone.background();
    await world.clock.advance(5_000);
    expect(told.splice(0)).toEqual(["open", "tick", "tick", "tick", "tick", "tick"]);
    await world.clock.advance(5_000);
    expect(told).toEqual([]);
    expect([app.state, link.ends]).toEqual(["frozen", ["cut"]]);
    world.phone.foreground();
    stop();

    expect(told).toEqual(["1000 interrupted", "tick", "timer", "show"]);
  });

  test("a phone that does not tell of the cut leaves a socket that looks open", async () => {
    const world = createPhone({ tellsOfCuts: false });
    const { told, link } = openSocket(world);
    link.handlers.opened({});

    world.phone.background();
    await world.clock.advance(5_000);
    world.phone.foreground();

    expect(told).toEqual(["open"]);
  });

  test("requests that the freeze meets fail with interrupted, on return", async () => {
    const { phone, clock, requests } = createPhone();
    const told: unknown[] = [];
    phone.wx.request({ url: "http://example.com", ...callbacks(told) });

    phone.background();
    await clock.advance(6_000);
    expect(requests[0]?.request.signal.aborted).toBe(true);
    expect(told).toEqual([]);
    phone.foreground();

    expect(told).toEqual(["request:fail interrupted"]);
  });

  test("half an hour after the freeze the run is destroyed; the next one finds the storage and nothing else", async () => {
    const world = createPhone();
    const { phone, clock } = world;
    const { told, link } = openSocket(world);
    const first = phone.run;
    first.app.clock.after(MINUTE_MS, () => told.push("timer"));
    phone.wx.onAppShow(() => told.push("show"));
    phone.wx.setStorageSync("a", { kept: true });
    link.handlers.opened({});

    phone.background();
    await clock.advance(5_000 + 30 * MINUTE_MS - 1);
    expect(first.app.state).toBe("frozen");
    await clock.advance(1);
    expect(first.app.state).toBe("destroyed");

    expect(phone.foreground()).toBe(false);
    expect(phone.run).not.toBe(first);
    expect(phone.wx.getStorageSync("a")).toEqual({ kept: true });
    expect([phone.socketCount, told]).toEqual([0, ["open"]]);
  });

  test("memory that is short destroys it at once", () => {
    const { phone, clock } = createPhone();

    phone.destroy();

    expect(phone.run.app.state).toBe("destroyed");
    expect(clock.timerCount).toBe(0);
  });

  test("the network goes, with the sockets, and comes", async () => {
    const world = createPhone();
    const { phone, clock } = world;
    const { told } = openSocket(world);
    const listener = ({ networkType }: { readonly networkType: string }): void => void told.push(networkType);
    phone.wx.onNetworkStatusChange(listener);

    phone.setNetwork("none");
    phone.wx.request({ url: "http://example.com", ...callbacks(told) });
    await clock.settle();
    phone.setNetwork("4g");
    phone.wx.offNetworkStatusChange(listener);
    phone.setNetwork("wifi");

    expect(told).toEqual(["network is down", "1006 abnormal closure", "none", "request:fail network is down", "4g"]);
  });
});

describe("the requests of a fake phone", () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  test("any status is a success; JSON is parsed where it can be", async () => {
    const { phone, clock, requests } = createPhone();
    const told: unknown[] = [];

    phone.wx.request({ url: "http://example.com/a", data: { b: "熊 猫" }, ...callbacks(told) });
    phone.wx.request({ url: "http://example.com", method: "POST", data: { c: 1 }, ...callbacks(told) });
    requests[0]?.answer({ status: 500, headers: { "X-A": "1" }, body: bytes('{"d":2}') });
    requests[1]?.answer({ body: bytes("text") });
    await clock.settle();

    expect(requests.map(({ request }) => [request.url, Buffer.from(request.body).toString()])).toEqual([
      ["http://example.com/a?b=%E7%86%8A+%E7%8C%AB", ""],
      ["http://example.com", '{"c":1}'],
    ]);
    expect(told).toMatchObject([
      { statusCode: 500, data: { d: 2 }, header: { "X-A": "1" }, errMsg: "request:ok" },
      { statusCode: 200, data: "text" },
    ]);
  });

  test("cookies are told one by one, whose dates have commas too", async () => {
    const { phone, clock, requests } = createPhone();
    const told: unknown[] = [];
    const cookies = ["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/", "b=2"];

    phone.wx.request({ url: "http://example.com", ...callbacks(told) });
    requests[0]?.answer({ headers: { "set-cookie": cookies.join(", ") } });
    await clock.settle();

    expect(told).toMatchObject([{ cookies }]);
  });

  test("PATCH, a wrong scheme and a file that is not there fail", async () => {
    const { phone, clock } = createPhone();
    const told: unknown[] = [];

    phone.wx.request({ url: "http://example.com", method: "PATCH", ...callbacks(told) });
    phone.wx.request({ url: "/a", ...callbacks(told) });
    phone.wx.uploadFile({ url: "http://example.com", filePath: "http://tmp/no", name: "file", ...callbacks(told) });
    await clock.settle();

    expect(told).toEqual([
      "request:fail method PATCH is not supported",
      "request:fail url not in domain list",
      "uploadFile:fail file not found",
    ]);
  });

  test("the eleventh at a time fails, and one that is done makes room", async () => {
    const { phone, clock, requests } = createPhone();
    const told: unknown[] = [];
    for (let count = 0; count < 10; count++) phone.wx.request({ url: "http://example.com", success: () => {} });

    phone.wx.downloadFile({ url: "http://example.com", ...callbacks(told) });
    requests[0]?.answer({});
    await clock.settle();
    phone.wx.request({ url: "http://example.com", success: () => {} });

    expect(told).toEqual(["downloadFile:fail exceed max task count"]);
    expect(requests).toHaveLength(11);
  });

  test("an upload is a form with one file, and its answer is text", async () => {
    const { phone, clock, requests } = createPhone();
    const told: unknown[] = [];
    phone.files.set("http://tmp/a.png", bytes("PNG"));

    const task = phone.wx.uploadFile({
      url: "http://example.com",
      filePath: "http://tmp/a.png",
      name: "picture",
      formData: { room: "1" },
      ...callbacks(told),
    });
    task.onProgressUpdate(({ progress }) => told.push(progress));
    const [{ request, answer } = { request: undefined, answer: () => {} }] = requests;
    request?.sent?.(request.body.byteLength / 2);
    answer({ body: bytes("{}") });
    await clock.settle();

    expect(Buffer.from(request?.body ?? []).toString()).toMatch(
      /name="room"\r\n\r\n1\r\n--[^]+name="picture"; filename="a.png"[^]+\r\n\r\nPNG\r\n--/,
    );
    expect(told).toEqual([50, { data: "{}", statusCode: 200, errMsg: "uploadFile:ok" }]);
  });

  test("a download is a file of the phone, and an abort is a failure", async () => {
    const { phone, clock, requests } = createPhone();
    const told: unknown[] = [];

    phone.wx.downloadFile({
      url: "http://example.com",
      success: ({ tempFilePath }) => told.push(Buffer.from(phone.files.get(tempFilePath) ?? []).toString()),
    });
    requests[0]?.answer({ body: bytes("file") });
    phone.wx.request({ url: "http://example.com", ...callbacks(told) }).abort();
    await clock.settle();

    expect(new Set(told)).toEqual(new Set(["file", "request:fail abort"]));
  });
});

describe("the storage of a fake phone", () => {
  const MEGABYTE = 1024 * 1024;

  test("gives an empty text for what is not there; the callback form fails", async () => {
    const { phone, clock } = createPhone();
    const told: unknown[] = [];

    void phone.wx.getStorage({ key: "a", ...callbacks(told) });
    void phone.wx.setStorage({ key: "a", data: [1], ...callbacks(told) });
    void phone.wx.getStorage({ key: "a", ...callbacks(told) });
    await clock.settle();

    expect(phone.wx.getStorageSync("b")).toBe("");
    expect(told).toEqual([
      "getStorage:fail data not found",
      { errMsg: "setStorage:ok" },
      { data: [1], errMsg: "getStorage:ok" },
    ]);
  });

  test("keeps 1 MB under a key and 10 MB in all", () => {
    const { phone } = createPhone();
    const { wx } = phone;
    expect(() => wx.setStorageSync("a", "x".repeat(MEGABYTE + 1))).toThrow(
      "setStorageSync:fail entry size limit reached",
    );

    for (let index = 0; index < 9; index++) wx.setStorageSync(String(index), "x".repeat(MEGABYTE - 2));
    wx.setStorageSync("9", "x".repeat(MEGABYTE - 200));

    expect(() => wx.setStorageSync("a", "x".repeat(1_000))).toThrow("exceed storage max size 10Mb");
    expect(wx.getStorageInfoSync()).toMatchObject({ currentSize: 10_240, limitSize: 10_240 });
    wx.removeStorageSync("9");
    wx.setStorageSync("a", "x");
    expect(wx.getStorageSync("a")).toBe("x");
    wx.clearStorageSync();
    expect(wx.getStorageInfoSync().keys).toEqual([]);
  });
});

describe("the account of a fake phone", () => {
  test("logs in, tells whether the session lasts, and gives promises to who asks for no callback", async () => {
    let isValid = false;
    const signed = { rawData: "{}", signature: "s", encryptedData: "e", iv: "i" };
    const userInfo = {
      nickName: "Panda",
      avatarUrl: "",
      gender: 0,
      city: "",
      province: "",
      country: "",
      language: "zh_CN",
    };
    const { phone, clock } = createPhone({
      account: {
        login() {
          isValid = true;
          return "code-1";
        },
        userInfo: () => ({ userInfo, ...signed }),
        isSessionValid: () => isValid,
      },
    });

    const told: unknown[] = [];
    void phone.wx.checkSession(callbacks(told));
    const login = phone.wx.login();
    void phone.wx.checkSession(callbacks(told));
    void phone.wx.getUserInfo(callbacks(told));
    await clock.settle();

    expect(await login).toEqual({ code: "code-1", errMsg: "login:ok" });
    expect(told).toMatchObject([
      "checkSession:fail session expired",
      { errMsg: "checkSession:ok" },
      { userInfo, ...signed },
    ]);
  });

  test("nobody is signed in by default", async () => {
    const { phone, clock } = createPhone();

    const rejection = expect(phone.wx.login()).rejects.toMatchObject({ errMsg: "login:fail not signed in" });
    await clock.settle();

    await rejection;
  });
});
