import { describe, expect, test } from "vitest";
import { openHeadless, type HeadlessApp } from "../../../src/host/index.ts";
import { compileFiles, onePage } from "../../support/compile.ts";

async function opened(script: string): Promise<HeadlessApp> {
  const js = `const fs = wx.getFileSystemManager(); const root = wx.env.USER_DATA_PATH;
    const attempt = (run) => { try { console.log(run()) } catch (error) { console.log(error.errMsg) } };
    Page({ async onLoad() { ${script} } })`;
  const app = await openHeadless(await compileFiles(onePage({ wxml: "<view/>", js })));
  await app.settle();
  return app;
}

const lines = (app: HeadlessApp): readonly string[] => app.console.map(({ text }) => text);

describe("the files of a mini-program", () => {
  test("are written, copied, renamed and removed, with and without waiting", async () => {
    await using app = await opened(`
      fs.writeFileSync(root + "/a.txt", "one", "utf8");
      fs.appendFileSync(root + "/a.txt", " two");
      fs.copyFileSync(root + "/a.txt", root + "/b/c.txt");
      fs.renameSync(root + "/a.txt", root + "/d.txt");
      attempt(() => fs.readFileSync(root + "/b/c.txt", "utf8"));
      attempt(() => fs.readFileSync(root + "/a.txt", "utf8"));
      attempt(() => fs.readdirSync(root).join());
      attempt(() => fs.readFileSync(root + "/d.txt", "base64"));
      await fs.unlink({ filePath: root + "/d.txt" });
      fs.access({ path: root + "/d.txt", fail: ({ errMsg }) => console.log(errMsg) });
    `);

    expect(lines(app)).toEqual([
      "one two",
      'readFileSync:fail no such file or directory, open "wxfile://usr/a.txt"',
      "b,d.txt",
      "b25lIHR3bw==",
      'access:fail no such file or directory, open "wxfile://usr/d.txt"',
    ]);
  });

  test("lie in folders, which must be empty before they go", async () => {
    await using app = await opened(`
      fs.mkdirSync(root + "/x");
      attempt(() => fs.mkdirSync(root + "/x"));
      fs.writeFileSync(root + "/x/y", "1");
      attempt(() => fs.rmdirSync(root + "/x"));
      attempt(() => [fs.statSync(root + "/x").isDirectory(), fs.statSync(root + "/x/y").size].join());
      fs.rmdirSync(root + "/x", true);
      attempt(() => fs.readdirSync(root).join() + "|");
    `);

    expect(lines(app)).toEqual([
      "mkdir:fail file already exists wxfile://usr/x",
      "rmdir:fail directory not empty",
      "true,1",
      "|",
    ]);
  });

  test("that were saved from temporary ones are listed, and can be removed", async () => {
    const js = `Page({ async save({ detail }) {
      const { savedFilePath } = await wx.saveFile({ tempFilePath: detail.value });
      console.log(savedFilePath, JSON.stringify((await wx.getSavedFileList()).fileList.map(({ size }) => size)));
      await wx.removeSavedFile({ filePath: savedFilePath });
      console.log((await wx.getSavedFileList()).fileList.length);
    } })`;
    await using app = await openHeadless(await compileFiles(onePage({ wxml: '<input bindinput="save"/>', js })));
    const path = app.host.files.add({ bytes: new Uint8Array([1, 2, 3]), type: "image/png" });

    app.top.view.trigger(app.top.view.root.find("input")!, "input", { value: path });
    await expect.poll(() => app.console.length).toBe(2);

    expect(lines(app)).toEqual(["wxfile://store_1.png [3]", "0"]);
  });

  test("outlive the mini-program that wrote them", async () => {
    await using app = await opened(`
      attempt(() => fs.readFileSync(root + "/kept.txt", "utf8"));
      fs.writeFileSync(root + "/kept.txt", "still here");
    `);
    app.host.destroy();
    app.host.foreground();
    await expect.poll(() => app.console.length).toBe(2);

    expect(lines(app)).toEqual([
      'readFileSync:fail no such file or directory, open "wxfile://usr/kept.txt"',
      "still here",
    ]);
    expect(new TextDecoder().decode(app.host.files.get("wxfile://usr/kept.txt")?.bytes)).toBe("still here");
  });

  test("stay when they are renamed to what they are called", async () => {
    await using app = await opened(`
      fs.writeFileSync(root + "/a", "one");
      fs.renameSync(root + "/a", root + "/a");
      attempt(() => fs.readFileSync(root + "/a", "utf8"));
    `);

    expect(lines(app)).toEqual(["one"]);
  });

  test("lie in the folder of the user, and folders too", async () => {
    await using app = await opened(`
      for (const path of ["/etc/x", "wxfile://x", "wxfile://user/x", "http://tmp/x", "", "../x"]) {
        attempt(() => fs.mkdirSync(path));
        attempt(() => fs.writeFileSync(path, ""));
        attempt(() => fs.readFileSync(path));
      }
    `);

    expect(lines(app)).toHaveLength(18);
    expect(
      lines(app).filter((line) => !/:fail (permission denied|no such file or directory), open "/.test(line)),
    ).toEqual([]);
  });

  test("have a limit", async () => {
    await using app = await opened(`
      attempt(() => fs.writeFileSync(root + "/large", new ArrayBuffer(10485761)));
      attempt(() => fs.writeFileSync("/etc/passwd", ""));
    `);

    expect(lines(app)).toEqual([
      "writeFile:fail the maximum size of the file storage limit is exceeded",
      'writeFile:fail permission denied, open "/etc/passwd"',
    ]);
  });
});
