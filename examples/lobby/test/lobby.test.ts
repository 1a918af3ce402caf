import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { freePort } from "../../../tools/free-port.ts";
import { type RunningProcess, startProcess } from "../../../tools/processes.ts";
import { enter } from "../client.ts";

const FOLDER = fileURLToPath(new URL("..", import.meta.url));
/** How long the program may take to start on a busy machine, in milliseconds. */
const START_LIMIT_MS = 30_000;
/** How long a message may take, in milliseconds. */
const MESSAGE_LIMIT_MS = 10_000;

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the lobby example", { timeout: START_LIMIT_MS + 3 * MESSAGE_LIMIT_MS }, () => {
  test("lets two people talk over long poll, which is what Node 20 has by itself", async () => {
    await using lobby = await startLobby();
    vi.stubGlobal("WebSocket", undefined);

    await expectTalk(lobby.url);
  });

  test("lets two people talk over WebSocket where there is one", async () => {
    await using lobby = await startLobby();
    const opened: string[] = [];
    vi.stubGlobal(
      "WebSocket",
      class extends WebSocket {
        constructor(url: string, subprotocols?: string[]) {
          super(url, subprotocols);
          opened.push(new URL(url).pathname);
        }
      },
    );

    await expectTalk(lobby.url);

    expect(opened).toEqual(["/socket/websocket", "/socket/websocket"]);
  });

  test("refuses a body of 2,001 characters", async () => {
    await using lobby = await startLobby();
    const ada = await enter(lobby.url, "Ada", () => {});

    await expect(ada.say("x".repeat(2_001))).rejects.toMatchObject({ code: "invalid_payload" });
    await ada.leave();
  });

  test.each([
    ["server.ts", 20],
    ["client.ts", 15],
  ])("%s has at most %i lines", (file, limit) => {
    expect(readFileSync(`${FOLDER}/${file}`, "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(limit);
  });
});

async function expectTalk(url: string): Promise<void> {
  const heard: { readonly ada: string[]; readonly bo: string[] } = { ada: [], bo: [] };
  const ada = await enter(url, "Ada", (line) => heard.ada.push(line));
  const bo = await enter(url, "Bo", (line) => heard.bo.push(line));

  const { id } = await ada.say("你好");
  await vi.waitFor(() => expect(heard.bo).toEqual(["Ada: 你好"]), { timeout: MESSAGE_LIMIT_MS });
  await bo.say("hello");
  await vi.waitFor(() => expect(heard.ada).toEqual(["Ada: 你好", "Bo: hello"]), { timeout: MESSAGE_LIMIT_MS });

  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(heard.bo).toEqual(["Ada: 你好", "Bo: hello"]);
  await Promise.all([ada.leave(), bo.leave()]);
}

/** Starts `server.ts` as its reader would, and waits until it answers. */
async function startLobby(): Promise<{ readonly url: string } & AsyncDisposable> {
  // The program does not tell its port.
  const port = await freePort();
  const running: RunningProcess = startProcess(
    process.execPath,
    ["--conditions=source", "--import", "tsx", "server.ts"],
    { cwd: FOLDER, environment: { ...process.env, PORT: String(port) } },
  );
  const origin = `http://127.0.0.1:${port}`;
  const ended = running.exited.then(({ output }) => {
    throw new Error(`the server ended:\n${output}`);
  });
  await Promise.race([vi.waitFor(() => fetch(origin), { timeout: START_LIMIT_MS }), ended]);
  ended.catch(() => {}); // from now on its end is what the test asks for
  return { url: `${origin}/socket`, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}
