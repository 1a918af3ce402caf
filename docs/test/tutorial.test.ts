import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startProcess } from "../../tools/processes.ts";
import { codeBlocks } from "./support/markdown.ts";
import { readText } from "./support/repository.ts";
import { createSnippetFolder, typedBlocks, writeBlocks } from "./support/snippets.ts";
import { LINE_LIMIT_MS, openTerminal } from "./support/terminal.ts";

const PAGE = "docs/tutorial/chat-in-ten-minutes.md";

describe("the tutorial", () => {
  test("puts every program into a file, and starts each one with the command that this test uses", () => {
    const files = typedBlocks(PAGE).map(({ fileName }) => fileName);
    const commands = codeBlocks(readText(PAGE))
      .filter(({ language }) => language === "sh")
      .map(({ text }) => text.trim());

    expect(files).toEqual([
      "examples/my-chat/room.ts",
      "examples/my-chat/server.ts",
      "examples/my-chat/hutong-client.ts",
      "examples/my-chat/phoenix-client.ts",
      "examples/my-chat/cable-client.ts",
    ]);
    expect(commands).toEqual([
      "npm ci\nmkdir examples/my-chat",
      "node --conditions=source --import tsx examples/my-chat/server.ts",
      "node --conditions=source --import tsx examples/my-chat/hutong-client.ts Ada",
      "node --conditions=source --import tsx examples/my-chat/phoenix-client.ts Bo",
      "node --conditions=source --import tsx examples/my-chat/cable-client.ts Chen",
    ]);
  });

  test("its three clients hear each other in one room", { timeout: 4 * LINE_LIMIT_MS }, async () => {
    using folder = createSnippetFolder();
    writeBlocks(folder.path, PAGE);
    await using server = startServer(join(folder.path, "server.ts"));
    const port = (await server.waitForLine(/^listening on /, LINE_LIMIT_MS)).replace(/^.*:/, "");
    await using ada = openTerminal(join(folder.path, "hutong-client.ts"), ["Ada"], port);
    await using bo = openTerminal(join(folder.path, "phoenix-client.ts"), ["Bo"], port);
    await using chen = openTerminal(join(folder.path, "cable-client.ts"), ["Chen"], port);
    const everyone = [ada, bo, chen];
    await Promise.all(everyone.map((terminal) => terminal.line("joined")));

    ada.type("hello from ours");
    expect(await Promise.all(everyone.map((terminal) => terminal.line("Ada: ")))).toEqual(
      Array(3).fill("hello from ours"),
    );
    bo.type("hello from phoenix");
    expect(await Promise.all(everyone.map((terminal) => terminal.line("Bo: ")))).toEqual(
      Array(3).fill("hello from phoenix"),
    );
    chen.type("hello from rails");
    expect(await Promise.all(everyone.map((terminal) => terminal.line("Chen: ")))).toEqual(
      Array(3).fill("hello from rails"),
    );

    expect([await ada.line("(sent as "), await bo.line("(sent as ")]).toEqual(["1)", "2)"]);
  });
});

function startServer(file: string): ReturnType<typeof startProcess> {
  return startProcess(process.execPath, ["--conditions=source", "--import", "tsx", file], {
    environment: { ...process.env, PORT: "0" },
  });
}
