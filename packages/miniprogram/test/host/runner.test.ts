import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MAX_SESSIONS, Runner } from "../../src/host/runner.ts";
import { startDevServer } from "../../src/host/dev-server.ts";
import { ProjectFolder } from "../../src/host/project-folder.ts";
import { projectFolder } from "../support/browser-phone.ts";
import { folderWith } from "../support/folder.ts";

/** Building the scripts of the phone takes its time on a busy machine. */
const TEST_LIMIT_MS = 60_000;

test(
  "when there are too many phones, a new one ends the one whose page was closed first",
  { timeout: TEST_LIMIT_MS },
  async () => {
    await using server = await startDevServer({ project: projectFolder("counter"), port: 0, reload: false });
    const open = async (): Promise<string> => {
      const response = await fetch(`${server.url}sessions`, { method: "POST", body: "{}" });
      const { sessionId } = (await response.json()) as { readonly sessionId: string }; // the runner of this package
      return sessionId;
    };
    const upload = async (id: string): Promise<number> =>
      (await fetch(`${server.url}files/${id}`, { method: "POST", body: "x" })).status;
    const opened: string[] = [];
    for (let count = 0; count < MAX_SESSIONS; count++) opened.push(await open());

    const last = await open();

    expect(last).toMatch(/^[\w-]{32}$/);
    expect([await upload(opened[0] ?? ""), await upload(opened[1] ?? ""), await upload(last)]).toEqual([403, 200, 200]);
  },
);

test("a build that takes long does not take the place of a newer one", async () => {
  const last = 40;
  await using folder = await folderWith({
    "app.json": '{"pages":["index"]}',
    "index.wxml": "<view/>",
    "index.js": 'require("./m1")',
    ...Object.fromEntries(
      Array.from({ length: last }, (_, index) => [`m${index + 1}.js`, `require("./m${index + 2}")`]),
    ),
    [`m${last}.js`]: "let a = ;",
  });
  const options = { project: folder.path, reload: false };
  await using runner = new Runner(options, { bundles: new Map(), folder: new ProjectFolder(folder.path) });

  const first = runner.compile();
  await writeFile(join(folder.path, "index.js"), "Page({})");
  await Promise.all([first, runner.compile()]);

  expect(runner.errors).toEqual([]);
});
