import { createServer } from "node:http";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { projectFolder } from "./support/browser-phone.ts";
import { Command, type Ended } from "./support/command.ts";

/** Several programs start at once on a machine that is busy with other suites. */
const TEST_LIMIT_MS = 60_000;
const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

function start(...args: readonly string[]): Command {
  return Command.start(["--conditions=source", "--import", "tsx", join(PACKAGE, "src/cli.ts"), ...args], PACKAGE);
}

async function run(...args: readonly string[]): Promise<Ended> {
  await using command = start(...args);
  return await command.ended();
}

async function emptyFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "miniprogram-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

describe("the command", { timeout: TEST_LIMIT_MS }, () => {
  test("says how it is used when it is asked, and when it does not understand", async () => {
    const [help, nothing, option, command] = await Promise.all([
      run("--help"),
      run(),
      run("dev", "x", "--wat"),
      run("walk", "x"),
    ]);

    expect(help).toMatchObject({ code: 0, output: expect.stringContaining("hutong-miniprogram dev <project>") });
    expect([nothing?.code, option?.code, command?.code]).toEqual([2, 2, 2]);
    expect(nothing?.output).toMatch(/^a command and a project are needed\n\nhutong-miniprogram dev <project>/);
    expect(option?.output).toMatch(/^Unknown option '--wat'/);
    expect(command?.output).toMatch(/^command "walk" is not known\n/);
  });

  test("refuses what cannot be, with the reason", async () => {
    const [project, port, map, more] = await Promise.all([
      run("dev", "nowhere"),
      run("dev", ".", "--port", "http"),
      run("test", ".", "--map", "a=b"),
      run("test", ".", "also"),
    ]);
    const reasons = [project, port, map, more].map((ended) => ended?.output.split("\n")[0]);

    expect([project?.code, port?.code, map?.code, more?.code]).toEqual([1, 2, 2, 2]);
    expect(reasons).toEqual([
      "project nowhere is not a folder",
      "--port http is no port; use a number from 0 to 65535",
      "--map a=b does not say where a host leads; use --map example.com=http://127.0.0.1:4000",
      '"also" is too much; name one project',
    ]);
  });

  test("says that a port is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;

    const ended = await run("dev", projectFolder("counter"), "--port", String(port));
    server.close();

    expect(ended).toEqual({ code: 1, output: `port ${port} of 127.0.0.1 is taken; choose another with --port\n` });
  });

  test("test opens every page, and its exit code tells whether one of them throws", async () => {
    await using folder = await emptyFolder();
    const page = (name: string, text: string): Promise<void> => writeFile(join(folder.path, name), text);
    await page("app.json", '{ "pages": ["good", "bad", "late"] }');
    await page("good.js", "Page({})");
    await page("bad.js", 'Page({ onLoad() { throw new Error("no") } })');
    await page("late.js", 'Page({ async onLoad() { throw new Error("too late") } })');

    const [counter, broken] = await Promise.all([run("test", projectFolder("counter")), run("test", folder.path)]);

    expect(counter).toEqual({ code: 0, output: "ok   pages/index/index\nok   pages/detail/detail\n" });
    expect(broken.code).toBe(1);
    expect(broken.output).toMatch(/^ok {3}good\nfail bad\n {5}Error: no\n/);
    expect(broken.output).toMatch(/^fail late\n {5}unhandled rejection: Error: too late\n/m);
  });

  test("test says how a host that nobody knows is led to one that answers", async () => {
    await using folder = await emptyFolder();
    // What the system says of such a host, at once: asking for one takes as long as the network likes.
    const failure = 'Page({ onLoad() { console.error("getaddrinfo ENOTFOUND chat.example.com") } })';
    await writeFile(join(folder.path, "app.json"), '{ "pages": ["a"] }');
    await writeFile(join(folder.path, "a.js"), failure);

    const { output } = await run("test", folder.path);

    expect(output).toBe(`fail a
     getaddrinfo ENOTFOUND chat.example.com
     say where the host leads: --map chat.example.com=http://127.0.0.1:4000
`);
  });

  test("build writes one file, and says what is wrong with a project that has no app.json", async () => {
    await using folder = await emptyFolder();

    const [built, empty] = await Promise.all([
      run("build", projectFolder("counter"), "--out", folder.path),
      run("build", join(PACKAGE, "test/support")),
    ]);

    expect(built.output).toBe(`2 pages written to ${join(folder.path, "project.json")}\n`);
    expect(JSON.parse(await readFile(join(folder.path, "project.json"), "utf8"))).toMatchObject({
      config: { pages: ["pages/index/index", "pages/detail/detail"] },
    });
    expect(empty).toEqual({
      code: 1,
      output:
        "error app.json:1:1: file not found; expected app.json in the root of the mini-program, or miniprogramRoot in project.config.json\n",
    });
  });

  test("dev serves the phone, also while the project has no app.json", async () => {
    await using folder = await emptyFolder();
    await using command = start("dev", folder.path, "--port", "0");
    const url = await command.line(/ runs at (\S+)\n/);

    const response = await fetch(url);

    expect(response.status).toBe(200);
    await command.line(/^(app\.json:1:1: file not found)/);
  });
});
