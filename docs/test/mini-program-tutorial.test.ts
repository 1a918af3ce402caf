import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createSocket } from "@hutong/client";
import { ProjectCompiler } from "@hutong/miniprogram";
import { type HeadlessApp, openHeadless, ProjectFolder } from "@hutong/miniprogram/host";
import { eventually, FakeClock } from "@hutong/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { ChatProgram } from "../../tools/chat-program.ts";
import { startProcess } from "../../tools/processes.ts";
import { codeBlocks } from "./support/markdown.ts";
import { readText, REPOSITORY } from "./support/repository.ts";
import { createSnippetFolder, type SnippetFolder } from "./support/snippets.ts";
import { LINE_LIMIT_MS } from "./support/terminal.ts";

const PAGE = "docs/tutorial/chat-in-a-mini-program.md";
const PROJECT = "examples/my-room/";
const LIMIT = { limitMs: LINE_LIMIT_MS };
const RUN = ["--conditions=source", "--import", "tsx"];

/** The files of the tutorial by their paths: those that a sentence names, and those that name themselves. */
function files(): ReadonlyMap<string, string> {
  const named = [...readText(PAGE).matchAll(/This is `(\S+)`:\n\n```\w+\n([^]*?)^```$/gm)];
  const scripts = codeBlocks(readText(PAGE)).filter(({ language }) => language === "ts");
  return new Map([
    ...named.map(([, path = "", text = ""]) => [path, text] as const),
    ...scripts.map(({ fileName = "", text }) => [fileName, text] as const),
  ]);
}

function writeProject(): SnippetFolder {
  const folder = createSnippetFolder();
  for (const [path, text] of files()) {
    const file = join(folder.path, path.slice(PROJECT.length));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

/** What stands on the page, a line each. */
const lines = (app: HeadlessApp): readonly string[] =>
  app.top.view.root.findAll(".line").map(({ textContent }) => textContent);

describe("the tutorial of the mini-program", () => {
  beforeAll(async () => {
    // What `npm start` does before it starts.
    const built = startProcess(process.execPath, [...RUN, "build-miniprogram.ts"], {
      cwd: join(REPOSITORY, "packages/client"),
    });
    expect(await built.exited).toMatchObject({ code: 0 });
  }, LINE_LIMIT_MS);

  test("has the files and the commands that this test uses", () => {
    const commands = codeBlocks(readText(PAGE)).filter(({ language }) => language === "sh");

    expect([...files().keys()]).toEqual([
      "examples/my-room/app.json",
      "examples/my-room/pages/room/room.wxml",
      "examples/my-room/pages/room/room.wxss",
      "examples/my-room/pages/room/room.ts",
    ]);
    expect(commands.map(({ text }) => text.trim())).toEqual([
      "npm ci\nnpm start",
      "mkdir -p examples/my-room/pages/room",
      "npm run miniprogram -- dev examples/my-room --map chat.example.com=http://127.0.0.1:4000",
      "npm run -s miniprogram -- test examples/my-room --map chat.example.com=http://127.0.0.1:4000",
    ]);
  });

  test("its page talks in the lobby and loses nothing in the background", { timeout: 3 * LINE_LIMIT_MS }, async () => {
    using folder = writeProject();
    await using chat = await ChatProgram.start({ databaseUrl: `sqlite:${join(folder.path, "chat.db")}` });
    await using socket = createSocket(`${chat.url}/socket`, { webSocket: WebSocket });
    socket.connect();
    const lobby = socket.channel("room:lobby", { nickname: "Ada" });
    const say = (body: string): Promise<unknown> => lobby.push("new_msg", { body });
    const { project } = await new ProjectCompiler().compile(new ProjectFolder(folder.path));
    if (project === undefined) throw new Error("the project has errors");
    const clock = new FakeClock();
    const map = new Map([["chat.example.com", chat.url]]);
    await using app = await openHeadless(project, { clock, map });
    const { view } = app.top;
    const [draft, send] = [view.root.find(".draft"), view.root.find(".send")];
    if (draft === undefined || send === undefined) throw new Error("the page has no field");

    await lobby.join();
    view.trigger(draft, "input", { value: "from the phone" });
    view.tap(send);
    await eventually(() => expect(lines(app)).toEqual(["Pandafrom the phone"]), LIMIT);
    await say("from the web");
    await eventually(() => expect(lines(app)).toHaveLength(2), LIMIT);
    app.host.background();
    await clock.advance(5_000);
    expect(app.host.state).toBe("suspended");
    for (const text of ["one", "two", "three"]) await say(text);
    app.host.foreground();

    await eventually(() => expect(lines(app)).toHaveLength(5), LIMIT);
    expect(lines(app).slice(1)).toEqual(["Adafrom the web", "Adaone", "Adatwo", "Adathree"]);
    expect(app.console).toEqual([]);
  });

  test("its last command prints what the page says that it prints", { timeout: 3 * LINE_LIMIT_MS }, async () => {
    using folder = writeProject();
    await using chat = await ChatProgram.start({ databaseUrl: `sqlite:${join(folder.path, "chat.db")}` });
    const command = [...RUN, "packages/miniprogram/src/cli.ts", "test", folder.path];
    const tested = startProcess(process.execPath, [...command, "--map", `chat.example.com=${chat.url}`], {
      cwd: REPOSITORY,
    });

    const printed = codeBlocks(readText(PAGE)).find(({ language }) => language === "text")?.text;

    expect(await tested.exited).toEqual({ code: 0, output: printed });
  });
});
