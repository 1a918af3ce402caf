import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, FakeClock } from "@hutong/testing";
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BrowserPhone, CHROMIUM, launchBrowser, projectFolder } from "../support/browser-phone.ts";
import { ChatServer } from "../support/chat-server.ts";
import { folderWith } from "../support/folder.ts";

/** For all of one test, in milliseconds: a page on a busy machine. */
const TEST_LIMIT_MS = 90_000;
const LIMIT = { limitMs: 15_000 };

describe.skipIf(CHROMIUM === undefined)("the phone in Chromium", { timeout: TEST_LIMIT_MS }, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
  });

  test("a tap goes to the logic layer and back, and a second page comes and goes", async () => {
    await using phone = await BrowserPhone.open(browser, { project: projectFolder("counter") });
    await phone.find(".plus").click();
    await phone.find(".count").getByText("1").waitFor();

    await phone.find(".open").click();
    await phone.find(".message").getByText("计数是 1").waitFor();
    await expect.poll(() => phone.title.textContent()).toBe("详情 1");
    await phone.page.getByRole("button", { name: "Back", exact: true }).click();

    await phone.find(".count").getByText("1").waitFor();
    expect(await phone.page.locator("section.page").count()).toBe(1);
    expect([phone.errors, await phone.console()]).toEqual([[], ""]);
  });

  test("what a mini-program stores is there after the page was loaded again", async () => {
    await using phone = await BrowserPhone.open(browser, { project: projectFolder("counter") });
    await phone.find(".plus").click();
    await phone.find(".plus").click();
    await phone.find(".count").getByText("2").waitFor();

    await phone.page.reload();

    await phone.find(".count").getByText("2").waitFor();
  });

  test("an old project talks through the global socket, with its header, to the host that the map names", async () => {
    await using chat = await ChatServer.start();
    const map = new Map([["chat.example.com", chat.url]]);
    await using phone = await BrowserPhone.open(browser, { project: projectFolder("old-style"), map });
    await phone.find(".notice").getByText("1 人 online").waitFor();

    await phone.find("wx-input.text input").fill("你好");
    await phone.find(".submit").click();

    await phone.find(".body").getByText("你好").waitFor();
    expect(await phone.find("wx-input.text input").inputValue()).toBe("");
    expect(chat.headers[0]).toMatchObject({
      "x-wx-skey": "secret",
      referer: "https://servicewechat.com/touristappid/devtools/page-frame.html",
    });
    await phone.page.getByRole("button", { name: "我" }).click();
    await phone.find(".name").getByText("Panda").waitFor();
    await phone.find("wx-button").click();
    await phone.find(".got").getByText("getUserInfo:ok encrypted").waitFor();
    expect(phone.errors).toEqual([]);
  });

  test("in the background the logic stops after five seconds, its sockets are cut, and it goes on when it returns", async () => {
    const clock = new FakeClock();
    await using chat = await ChatServer.start();
    const map = new Map([["chat.example.com", chat.url]]);
    await using phone = await BrowserPhone.open(browser, {
      project: projectFolder("background"),
      map,
      clock,
      reload: false,
    });
    await phone.find(".log").getByText("open").waitFor();

    await phone.page.getByRole("button", { name: "To background" }).click();
    await phone.page.getByText("In the background; suspended after 5 s").first().waitFor();
    await clock.advance(5_000);
    await phone.page.getByText("Suspended:").first().waitFor();
    await eventually(() => expect(chat.guests.size).toBe(0), LIMIT);
    const ticks = await phone.find(".ticks").textContent();
    await phone.page.getByRole("button", { name: "Open the mini-program" }).click();

    await phone.find(".log").getByText("open hide close 1000 interrupted show").waitFor();
    await expect.poll(async () => Number(await phone.find(".ticks").textContent())).toBeGreaterThan(Number(ticks));
  });

  test("a mini-program that was ended starts cold, with its storage", async () => {
    await using phone = await BrowserPhone.open(browser, { project: projectFolder("background") });
    await phone.find(".launches").getByText("1").waitFor();

    await phone.page.getByRole("button", { name: "End", exact: true }).click();
    await phone.page.getByText("Ended").first().waitFor();
    await phone.page.getByRole("button", { name: "Open the mini-program" }).click();

    await phone.find(".launches").getByText("2").waitFor();
  });

  test("a broken file is shown with its place, and the project runs again when it is mended", async () => {
    const folder = await mkdtemp(join(tmpdir(), "miniprogram-"));
    try {
      await cp(projectFolder("counter"), folder, { recursive: true });
      await using phone = await BrowserPhone.open(browser, { project: folder });
      await phone.find(".count").waitFor();
      const file = join(folder, "pages/index/index.wxml");
      const text = await readFile(file, "utf8");

      await writeFile(file, text.replace("{{count}}", "{{count"));
      await phone.page
        .getByRole("alert")
        .getByText("pages/index/index.wxml:2:31: unexpected character inside expression")
        .waitFor();
      await writeFile(file, text.replace("加一", "再加一"));

      await phone.find(".plus").getByText("再加一").waitFor();
      expect(await phone.page.getByRole("alert").isVisible()).toBe(false);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("a folder without app.json says so, and runs once there is one", async () => {
    const folder = await mkdtemp(join(tmpdir(), "miniprogram-"));
    try {
      await using phone = await BrowserPhone.open(browser, { project: folder });
      await phone.page.getByRole("alert").getByText("app.json:1:1: file not found").waitFor();

      await mkdir(join(folder, "pages"));
      await writeFile(join(folder, "pages/index.wxml"), '<view class="first">first words</view>');
      await writeFile(join(folder, "app.json"), '{ "pages": ["pages/index"] }');
      await phone.find(".first").getByText("first words").waitFor();
      // The folder of this page is younger than the runner.
      await writeFile(join(folder, "pages/index.wxml"), '<view class="first">second words</view>');

      await phone.find(".first").getByText("second words").waitFor();
      expect(phone.errors).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("the tab bar and the bars of all pages follow the appearance, and keep what calls have set", async () => {
    const project = projectFolder("themed");
    await using phone = await BrowserPhone.open(browser, { project, query: "?theme=light", reload: false });
    const tabBar = phone.page.locator(".tab-bar");
    const style = (locator: Locator, name: "backgroundColor" | "color"): Promise<string> =>
      locator.evaluate((element, key) => getComputedStyle(element)[key], name);
    const looks = async (): Promise<readonly string[]> => [
      await style(tabBar, "backgroundColor"),
      await style(tabBar.locator("button").first(), "color"),
      await style(phone.page.locator("section.page.top .bar"), "backgroundColor"),
    ];
    await phone.find(".badge").click();
    await tabBar.getByText("Renamed").waitFor();
    expect(await looks()).toEqual(["rgb(255, 255, 255)", "rgb(0, 100, 0)", "rgb(255, 255, 255)"]);
    await tabBar.getByText("Renamed").click();
    await phone.find(".second").waitFor();

    await phone.page.getByLabel("Appearance").selectOption("dark");
    await expect.poll(() => style(tabBar, "backgroundColor")).toBe("rgb(16, 16, 16)");
    await tabBar.getByText("First").click();
    await phone.find(".badge").waitFor();

    await expect.poll(looks).toEqual(["rgb(16, 16, 16)", "rgb(144, 238, 144)", "rgb(16, 16, 16)"]);
    expect(await tabBar.innerText()).toMatch(/First\s+7\s+Renamed/);
  });

  test("Escape cancels a question, and so does a touch beside a sheet", async () => {
    await using phone = await BrowserPhone.open(browser, { project: projectFolder("themed"), reload: false });
    const result = phone.find(".result");

    await phone.find(".ask").click();
    await phone.page.getByRole("dialog", { name: "Sure?" }).waitFor();
    await phone.page.keyboard.press("Escape");
    await result.getByText("showModal:ok cancel").waitFor();
    await phone.find(".sheet").click();
    await phone.page.getByRole("dialog").waitFor();
    await phone.page.locator(".layer > .mask").click({ position: { x: 20, y: 100 } });
    await result.getByText("showActionSheet:fail cancel").waitFor();

    expect(await phone.page.getByRole("dialog").count()).toBe(0);
  });

  test("the panel shows what was stored before, and why a request was refused", async () => {
    await using phone = await BrowserPhone.open(browser, { project: projectFolder("themed"), reload: false });
    await phone.find(".load").click();
    await phone.page.getByRole("tab", { name: "Network" }).click();
    await phone.page.locator(".panel-body.network .failed").getByText("10.0.0.1 is a private address").waitFor();

    await phone.page.getByRole("button", { name: "Restart" }).click();
    await phone.find(".load").waitFor();
    await phone.page.getByRole("tab", { name: "Storage" }).click();

    await phone.page.locator(".panel-body.storage").getByText('"before"').waitFor();
  });

  test("the panel shows network, storage, data and the traffic of the bus", async () => {
    await using chat = await ChatServer.start();
    const map = new Map([["chat.example.com", chat.url]]);
    await using phone = await BrowserPhone.open(browser, { project: projectFolder("old-style"), map });
    await phone.find(".notice").waitFor();
    const tab = (name: string) => phone.page.getByRole("tab", { name });

    await tab("Network").click();
    await phone.page.locator(".panel-body.network").getByText("wss://chat.example.com/ws").waitFor();
    await tab("Page data").click();
    await expect.poll(() => phone.page.locator(".data-area").first().inputValue()).toContain('"messages"');
    await tab("Message bus").click();
    await phone.find("wx-input.text input").fill("x");
    await phone.page.locator(".panel-body.bus").getByText("WEBVIEW_PUBLISH").first().waitFor();
    await phone.find(".submit").click();
    await phone.page.locator(".panel-body.bus").getByText("domOps").first().waitFor();
  });

  test("what is cleared in the panel is gone for the mini-program, and a previewed picture comes from where the map leads", async () => {
    await using folder = await folderWith({
      "app.json": '{"pages":["index"]}',
      "index.wxml":
        '<view class="read" bindtap="read">read</view><view class="preview" bindtap="preview">preview</view>',
      "index.js": `Page({
        onLoad() { wx.setStorageSync("kept", 1) },
        read() { console.log("keys: " + wx.getStorageInfoSync().keys.join()) },
        preview() { wx.previewImage({ urls: ["https://pictures.example.com/a.png"] }) },
      })`,
    });
    const map = new Map([["pictures.example.com", "http://127.0.0.1:1"]]);
    await using phone = await BrowserPhone.open(browser, { project: folder.path, map, reload: false });
    await phone.find(".read").click();
    await expect.poll(() => phone.console()).toBe("keys: kept");

    await phone.page.getByRole("tab", { name: "Storage" }).click();
    await phone.page.getByRole("button", { name: "Clear" }).click();
    await phone.page.getByRole("tab", { name: "Console" }).click();
    await phone.find(".read").click();
    await phone.find(".preview").click();

    await expect.poll(() => phone.console()).toBe("keys: kept\nkeys: ");
    expect(await phone.page.locator(".preview img").getAttribute("src")).toBe("http://127.0.0.1:1/a.png");
  });

  test("a recording that is ended before it has begun ends", async () => {
    await using folder = await folderWith({
      "app.json": '{"pages":["index"]}',
      "index.wxml": '<view class="press" bindtap="press">press</view>',
      "index.js": `Page({ press() {
        const recorder = wx.getRecorderManager();
        for (const name of ["Start", "Stop", "Error"]) recorder["on" + name](() => console.log(name));
        recorder.start();
        recorder.stop();
      } })`,
    });
    await using phone = await BrowserPhone.open(browser, { project: folder.path, reload: false });

    await phone.find(".press").click();

    await expect.poll(() => phone.console()).toBe("Start\nStop");
  });

  test("the whole phone can be seen, also where the bar above it takes several lines", async () => {
    await using phone = await BrowserPhone.open(browser, { project: projectFolder("counter"), reload: false });
    const device = phone.page.locator(".device");

    for (const [width, height] of [
      [1280, 800],
      [435, 960],
      [390, 844],
    ] as const) {
      await phone.page.setViewportSize({ width, height });
      await expect.poll(async () => bottomOf(await device.boundingBox())).toBeLessThanOrEqual(height);
    }
  });

  test("when the runner ends, the phone says so in the place of the page", async () => {
    await using phone = await BrowserPhone.open(browser, { project: projectFolder("counter"), reload: false });
    await phone.find(".plus").waitFor();

    await phone.server.close();

    await phone.page.getByText("The connection to the runner is lost").waitFor({ timeout: 45_000 });
    expect(await phone.page.locator("section.page").count()).toBe(0);
  });

  test("scripts of a project that look for the browser behind the scene reach no network", async () => {
    const folder = await mkdtemp(join(tmpdir(), "miniprogram-"));
    try {
      await cp(projectFolder("counter"), folder, { recursive: true });
      const script = `const realm = new Function("return this")();
        const tell = (name, run) => Promise.resolve().then(run).then(() => console.log(name + " reached"), () => console.log(name + " refused"));
        Page({ async onLoad() {
          await tell("fetch", () => realm.fetch("http://127.0.0.1:1/"));
          await tell("own", () => realm.fetch(realm.__miniProgramBus.replace("ws", "http")));
          await tell("socket", () => new Promise((done, fail) => { const s = new realm.WebSocket("ws://127.0.0.1:1/"); s.onopen = done; s.onerror = fail; s.onclose = fail; setTimeout(fail, 500); }));
          console.log("origin " + realm.origin);
        } });`;
      await writeFile(join(folder, "pages/index/index.js"), script);
      await using phone = await BrowserPhone.open(browser, { project: folder, reload: false });

      await expect.poll(() => phone.console(), { timeout: 15_000 }).toContain("origin null");

      expect(await phone.console()).toBe("fetch refused\nown refused\nsocket refused\norigin null");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("a page of another site and a guessed session are refused", async () => {
    await using phone = await BrowserPhone.open(browser, { project: projectFolder("counter") });
    const { url } = phone.server;

    const foreign = await fetch(`${url}sessions`, {
      method: "POST",
      headers: { origin: "https://evil.example" },
      body: "{}",
    });
    const guessed = await fetch(`${url}files/guessed`, { method: "POST", body: "x" });
    const outside = await Promise.all(
      ["assets/../../../../package.json", "assets/app.js", "assets/%2e%2e/list/items.ts"].map((path) =>
        fetch(url + path),
      ),
    );

    expect([foreign.status, guessed.status, ...outside.map(({ status }) => status)]).toEqual([403, 403, 404, 404, 404]);
  });
});

function bottomOf(box: { readonly y: number; readonly height: number } | null): number {
  return box === null ? Infinity : box.y + box.height;
}
