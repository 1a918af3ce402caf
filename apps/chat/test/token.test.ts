import { overWebSocket, PhoenixClient } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import {
  addressOf,
  chatEnvironment,
  PROCESS_LIMIT_MS,
  readSecret,
  runToken,
  startChatProcess,
} from "./support/chat-process.ts";
import { createTemporaryFolder } from "./support/temporary-folder.ts";

describe("npm run token", { timeout: 2 * PROCESS_LIMIT_MS }, () => {
  test("prints a token that opens the room it names, on a chat that was running before", async () => {
    await using folder = await createTemporaryFolder();
    const environment = await chatEnvironment(folder);
    await using chat = startChatProcess(environment);
    const address = (await addressOf(chat)).replace(/^http/, "ws");

    const { code, output } = await runToken(environment, "--name", "Ada", "--room", "den");
    const token = output.trim();
    const client = await overWebSocket(
      new WebSocket(`${address}/socket/websocket?vsn=2.0.0&token=${token}`),
      (link) => new PhoenixClient(link),
    );
    const [, , , , den] = await client.reply(client.join("room:den"));
    const [, , , , cellar] = await client.reply(client.join("room:cellar"));

    expect(code).toBe(0);
    expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(den).toMatchObject({ status: "ok", response: { nickname: "Ada" } });
    expect(cellar).toEqual({ status: "error", response: { reason: "unauthorized" } });
    expect(output).not.toContain(await readSecret(folder));
  });

  test.each<[string, readonly string[], string]>([
    ["no name", [], "Missing required argument: --name"],
    ["a name of 31 characters", ["--name", "x".repeat(31)], "A token needs a name of 1 to 30 characters"],
    ["no hours", ["--name", "Ada", "--hours", "0"], "and at most 8760 hours"],
    ["hours that are no number", ["--name", "Ada", "--hours", "soon"], "and at most 8760 hours"],
    ["more than a year", ["--name", "Ada", "--hours", "8761"], "and at most 8760 hours"],
    ["an unknown option", ["--name", "Ada", "--admin"], "There is no option --admin; see --help."],
    ["a word too many", ["--name", "Ada", "den"], `"den" is one word too many; see --help.`],
  ])("with %s ends with 2 and says why", async (_name, options, reason) => {
    await using folder = await createTemporaryFolder();

    const { code, output } = await runToken(await chatEnvironment(folder), ...options);

    expect(code).toBe(2);
    expect(output).toContain(reason);
    expect(output).not.toContain("    at ");
  });
});
