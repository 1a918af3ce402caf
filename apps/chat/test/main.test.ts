import { writeFile } from "node:fs/promises";
import { CableClient, overWebSocket, PhoenixClient } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import {
  addressOf,
  chatEnvironment,
  PROCESS_LIMIT_MS,
  readSecret,
  runChat,
  runChatFor,
  startChatProcess,
} from "./support/chat-process.ts";
import { hasType, PAGE } from "./support/started-chat.ts";
import { createTemporaryFolder } from "./support/temporary-folder.ts";

describe("the program", { timeout: 2 * PROCESS_LIMIT_MS }, () => {
  test("prints its address and serves the page there", async () => {
    await using folder = await createTemporaryFolder();
    await using chat = startChatProcess(await chatEnvironment(folder));

    const address = await addressOf(chat);
    const response = await fetch(address);

    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await response.text()).toBe(PAGE);
    expect(response.headers.get("content-security-policy")).toContain("default-src 'self'");
  });

  test("at SIGTERM says 1012 to its clients, ends with 0, and has printed no secret and no token", async () => {
    await using folder = await createTemporaryFolder();
    await using chat = startChatProcess(await chatEnvironment(folder));
    const address = (await addressOf(chat)).replace(/^http/, "ws");
    const openPhoenix = () =>
      overWebSocket(
        new WebSocket(`${address}/socket/websocket?vsn=2.0.0&token=a-token-to-hide`),
        (link) => new PhoenixClient(link),
      );
    const [phoenix, rude] = [await openPhoenix(), await openPhoenix()];
    const cable = await overWebSocket(
      new WebSocket(`${address}/cable`, ["actioncable-v1-json", "anycable-token.a-token-to-hide"]),
      (link) => new CableClient(link),
    );
    await phoenix.reply(phoenix.join("room:den"));
    rude.send("no frame, a-token-to-hide");
    await rude.closed;
    await cable.next((message) => hasType(message, "welcome"));

    const { code, output } = await chat.stop();

    expect(code).toBe(0);
    expect((await phoenix.closed).code).toBe(1012);
    expect((await cable.closed).code).toBe(1012);
    expect(output).not.toContain(await readSecret(folder));
    expect(output).not.toContain("a-token-to-hide");
  });

  test("warns of a misspelt variable, without what it holds", async () => {
    await using folder = await createTemporaryFolder();
    const misspelt = { HUTONG_DATABSE_URL: "postgres://hutong:hidden@127.0.0.1/chat" };
    await using chat = startChatProcess({ ...(await chatEnvironment(folder)), ...misspelt });
    await addressOf(chat);

    const { code, output } = await chat.stop();

    expect(code).toBe(0);
    expect(output).toMatch(/"level":"warn".*"variable":"HUTONG_DATABSE_URL","msg":"unknown_variable"/);
    expect(output).not.toContain("hidden");
  });

  test("that is started again knows the tokens of before", async () => {
    await using folder = await createTemporaryFolder();
    const environment = await chatEnvironment(folder);
    await using first = startChatProcess(environment);
    await addressOf(first);
    const secret = await readSecret(folder);
    await first.stop();

    await using second = startChatProcess(environment);
    await addressOf(second);

    expect(await readSecret(folder)).toBe(secret);
  });

  test("ends with 2 and one sentence when its port is taken", async () => {
    await using folder = await createTemporaryFolder();
    const environment = await chatEnvironment(folder);
    await using chat = startChatProcess(environment);
    const { port } = new URL(await addressOf(chat));

    const { code, output } = await runChatFor("stderr", { ...environment, PORT: port }).exited;

    expect(code).toBe(2);
    expect(output).toBe(`Port ${port} on 127.0.0.1 is taken; stop the other program, or set PORT to another port.\n`);
  });

  test("shows its commands when it is asked for help, and starts nothing", async () => {
    await using folder = await createTemporaryFolder();

    const { code, output } = await runChat(await chatEnvironment(folder), "-h");

    expect(code).toBe(0);
    expect(output).toContain("Look after accounts.");
    expect(output).not.toContain("Hutong listens");
  });

  test("ends with 2 and one sentence when a command is called wrongly", async () => {
    await using folder = await createTemporaryFolder();

    const { code, output } = await runChat(await chatEnvironment(folder), "doctor");

    expect([code, output]).toEqual([2, "Missing required positional argument: ADDRESS; see --help.\n"]);
  });

  test("ends with 2 and one sentence when PORT is no port", async () => {
    await using folder = await createTemporaryFolder();
    const environment = { ...(await chatEnvironment(folder)), PORT: "http" };

    const { code, output } = await runChatFor("stderr", environment).exited;

    expect(code).toBe(2);
    expect(output).toBe(`PORT is "http", set a number from 0 to 65535.\n`);
  });

  test("ends with 2, one sentence and nothing on stdout when a file is in place of the data folder", async () => {
    await using folder = await createTemporaryFolder();
    const environment = await chatEnvironment(folder);
    await writeFile(folder.at("data"), "");

    const [errors, prints] = await Promise.all([
      runChatFor("stderr", environment).exited,
      runChatFor("stdout", environment).exited,
    ]);

    expect(errors).toEqual({
      code: 2,
      output: `The data folder ${folder.at("data")} cannot be used (EEXIST); make it readable and writable, or set HUTONG_DATA_DIR to another folder.\n`,
    });
    expect(prints).toEqual({ code: 2, output: "" });
  });

  test("ends with 2 and one sentence when the page was not built", async () => {
    await using folder = await createTemporaryFolder();
    const environment = { ...(await chatEnvironment(folder)), HUTONG_PAGE_DIR: folder.at("nowhere") };

    const { code, output } = await runChatFor("stderr", environment).exited;

    expect(code).toBe(2);
    expect(output).toBe(
      `The chat page is missing in ${folder.at("nowhere")}; build it with: npm run build -w apps/web\n`,
    );
  });
});
