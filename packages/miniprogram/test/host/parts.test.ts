import { createDecipheriv, createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { isPrivateAddress, targetOf } from "../../src/host/address-guard.ts";
import { DEFAULT_DEVICE, parseDevice, systemInfoOf } from "../../src/host/device.ts";
import { pageWindowOf } from "../../src/host/page-window.ts";
import { ProjectFolder } from "../../src/host/project-folder.ts";
import { MAX_TEMPORARY_BYTES, TemporaryFiles } from "../../src/host/temporary-files.ts";
import { UserFiles } from "../../src/host/user-files.ts";
import { WechatAccounts } from "../../src/host/wechat-accounts.ts";
import { compileFiles, onePage } from "../support/compile.ts";

describe("accounts of the runner's WeChat", () => {
  const profile = { openId: "o1", nickName: "Ada", avatarUrl: "http://a/" };

  test("a code tells a server once who the user is, within five minutes", async () => {
    const clock = new FakeClock();
    const accounts = new WechatAccounts(clock);
    const account = accounts.account(profile, "wx1");
    const [first, late] = [account.login(), account.login()];

    const answers = [accounts.exchange(first), accounts.exchange(first), accounts.exchange("made up")];
    await clock.advance(300_001);

    expect(answers[0]).toMatchObject({ openid: "o1" });
    expect(answers.slice(1)).toEqual([
      { errcode: 40_029, errmsg: "invalid code" },
      { errcode: 40_029, errmsg: "invalid code" },
    ]);
    expect(accounts.exchange(late)).toMatchObject({ errcode: 40_029 });
  });

  test("user data decrypts with the key of the session, bears the app id, and its signature holds", () => {
    const accounts = new WechatAccounts(new FakeClock(1_700_000_000_000));
    const account = accounts.account(profile, "wx1");
    const key = String(accounts.exchange(account.login())["session_key"]);
    const { encryptedData, iv, rawData, signature } = account.userInfo();

    const decipher = createDecipheriv("aes-128-cbc", Buffer.from(key, "base64"), Buffer.from(iv, "base64"));
    const plain: unknown = JSON.parse(decipher.update(encryptedData, "base64", "utf8") + decipher.final("utf8"));

    expect(plain).toMatchObject({
      openId: "o1",
      nickName: "Ada",
      watermark: { appid: "wx1", timestamp: 1_700_000_000 },
    });
    expect(signature).toBe(
      createHash("sha1")
        .update(rawData + key)
        .digest("hex"),
    );
  });
});

describe("the guard of addresses", () => {
  test.each([
    "127.0.0.1",
    "10.0.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.1.1",
    "0.0.0.0",
    "100.64.0.1",
    "::1",
    "fe80::1",
    "fc00::1",
    "::ffff:10.0.0.1",
    "224.0.0.1",
  ])("%s is private", (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  test.each(["8.8.8.8", "172.32.0.1", "2606:4700::1", "example.com"])("%s is not", (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });

  test("a host of the map leads where the map says, with the scheme of the request", () => {
    const map = new Map([
      ["example.com", "https://inside:8443/ignored"],
      ["ports.example.com:81", "http://127.0.0.1:9"],
    ]);

    expect(targetOf("wss://example.com/ws?a=1", map, ["wss:"]).url.href).toBe("wss://inside:8443/ws?a=1");
    expect(targetOf("http://ports.example.com:81/x", map, ["http:"]).url.href).toBe("http://127.0.0.1:9/x");
    expect(() => targetOf("http://127.0.0.1/", map, ["http:"])).toThrow("map 127.0.0.1 to a server with --map");
  });
});

describe("what a mini-program reads about the phone", () => {
  test("the bars of the phone take their part of the screen", () => {
    const heights = [
      { hasNavigationBar: true, hasTabBar: true },
      { hasNavigationBar: true, hasTabBar: false },
      { hasNavigationBar: false, hasTabBar: false },
    ].map((surroundings) => systemInfoOf(DEFAULT_DEVICE, surroundings).windowHeight);

    expect(heights).toEqual([669, 753, 844]);
  });

  test("a phone that says nonsense is the default one", () => {
    expect(parseDevice({ width: "wide", theme: "blue", height: Number.NaN })).toEqual(DEFAULT_DEVICE);
    expect(parseDevice(undefined)).toEqual(DEFAULT_DEVICE);
  });

  test("settings of a page come before those of the app, and names of the theme have values", async () => {
    const project = await compileFiles({
      ...onePage({ wxml: "", json: '{"navigationBarTitleText":"Own"}' }),
      "app.json":
        '{"pages":["pages/index/index"],"darkmode":true,"window":{"navigationBarTitleText":"App","navigationBarBackgroundColor":"@bar","navigationBarTextStyle":"black"}}',
      "theme.json": '{"light":{"bar":"#fff"},"dark":{"bar":"#111"}}',
    });

    expect(pageWindowOf(project, "pages/index/index", "light")).toMatchObject({
      title: "Own",
      barColor: "#fff",
      barTextStyle: "black",
    });
    expect(pageWindowOf(project, "pages/index/index", "dark").barColor).toBe("#111");
  });
});

describe("temporary files", () => {
  test("have unguessable paths with an extension, and a limit", () => {
    const files = new TemporaryFiles(new UserFiles());
    const path = files.add({ bytes: new Uint8Array([1]), type: "image/png" });

    expect(path).toMatch(/^http:\/\/tmp\/[0-9a-f]{24}\.png$/);
    expect(files.get(path)?.bytes).toEqual(new Uint8Array([1]));
    expect(() => files.add({ bytes: new Uint8Array(MAX_TEMPORARY_BYTES), type: "" })).toThrow(
      "the temporary files are full",
    );
  });
});

describe("a project on disk", () => {
  async function folderWith(
    files: Readonly<Record<string, string>>,
  ): Promise<AsyncDisposable & { readonly path: string }> {
    const path = await mkdtemp(join(tmpdir(), "miniprogram-"));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), text);
    }
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
  }

  test("finds its root, packages with parts of mini-programs, and bundles ordinary ones", async () => {
    await using project = await folderWith({
      "project.config.json": '{"miniprogramRoot":"src/"}',
      "src/app.json": "{}",
      "node_modules/kit/package.json": '{"name":"kit","miniprogram":"lib"}',
      "node_modules/kit/lib/button/index.wxml": "<view/>",
      "node_modules/plain/package.json": '{"name":"plain","main":"main.js"}',
      "node_modules/plain/main.js": 'exports.word = require("./inner");',
      "node_modules/plain/inner.js": 'module.exports = "inside";',
    });
    const folder = new ProjectFolder(project.path);

    expect(folder.read("app.json")).toBe("{}");
    expect(folder.read("miniprogram_npm/kit/button/index.wxml")).toBe("<view/>");
    expect(folder.read("pages/miniprogram_npm/kit/button/index.wxml")).toBeUndefined();
    expect(folder.read("miniprogram_npm/plain/index.js")).toContain('"inside"');
    expect(folder.read("miniprogram_npm/none/index.js")).toBeUndefined();
  });

  test("gives nothing outside of itself", async () => {
    await using project = await folderWith({
      "project.config.json": '{"miniprogramRoot":"../.."}',
      "app.json": "{}",
      "secret.env": "x",
    });
    const folder = new ProjectFolder(project.path);

    expect(folder.root).toBe(project.path);
    expect(folder.file("../../etc/passwd")).toBeUndefined();
    expect(folder.read("secret.env")).toBeUndefined();
  });
});
