import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";
import { projectFolder } from "./support/browser-phone.ts";
import { Command } from "./support/command.ts";

const TEST_LIMIT_MS = 60_000;
const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** What `npm install` makes of the package in an empty folder: compiled files, and no other packages than it asks for. */
async function installBuilt() {
  const folder = await mkdtemp(join(tmpdir(), "built-"));
  const target = join(folder, "node_modules/@hutong/miniprogram");
  await mkdir(target, { recursive: true });
  const text = await readFile(join(PACKAGE, "package.json"), "utf8");
  await writeFile(join(target, "package.json"), text);
  const manifest = JSON.parse(text) as Manifest; // written by this package
  await compile(join(PACKAGE, "src"), join(target, "dist"));
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(folder, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(packageFolder(name), link);
  }
  const command = join(target, manifest.bin["hutong-miniprogram"] ?? "");
  return { folder, command, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

function packageFolder(name: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const folder = folders.map((parent) => join(parent, name)).find((path) => ts.sys.directoryExists(path));
  if (folder === undefined) throw new Error(`${name} is not installed`);
  return folder;
}

/** The compiler of `npm run build`, file by file and without checking types. */
async function compile(source: string, target: string): Promise<void> {
  const { config } = ts.readConfigFile(join(PACKAGE, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, PACKAGE);
  for (const name of await readdir(source, { recursive: true })) {
    if (!name.endsWith(".ts")) continue;
    const { outputText } = ts.transpileModule(await readFile(join(source, name), "utf8"), {
      compilerOptions: { ...options, module: ts.ModuleKind.ESNext, sourceMap: false },
    });
    const file = join(target, name.replace(/\.ts$/, ".js"));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, outputText);
  }
}

test("the built command tests a project and serves its phone", { timeout: TEST_LIMIT_MS }, async () => {
  await using installed = await installBuilt();
  const project = join(installed.folder, "project");
  await cp(projectFolder("counter"), project, { recursive: true });
  await using tested = Command.start([installed.command, "test", "project"], installed.folder);
  await using served = Command.start([installed.command, "dev", "project", "--port", "0"], installed.folder);

  const url = await served.line(/^project runs at (\S+)\n/);
  const scripts = await Promise.all(["phone.js", "view.js", "worker.js"].map((name) => fetch(url + name)));

  expect(await tested.ended()).toEqual({ code: 0, output: "ok   pages/index/index\nok   pages/detail/detail\n" });
  expect(scripts.map(({ status }) => status)).toEqual([200, 200, 200]);
});
