import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ActionOutput, Session } from "@hutong/chat-api";
import { eventually } from "@hutong/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ChatProgram } from "../../tools/chat-program.ts";
import { type RunningProcess, startProcess } from "../../tools/processes.ts";
import { codeBlocks } from "./support/markdown.ts";
import { readText, REPOSITORY } from "./support/repository.ts";
import { createSnippetFolder, writeBlocks } from "./support/snippets.ts";
import { LINE_LIMIT_MS } from "./support/terminal.ts";

const PAGE = "docs/guide/use-the-chat-api.md";
const PASSWORD = "a password for bots";
const RUN = ["--conditions=source", "--import", "tsx"];
const HUTONG = [...RUN, join(REPOSITORY, "apps/chat/src/main.ts")];
const LIMIT = { limitMs: LINE_LIMIT_MS };

const folder = createSnippetFolder();
const databaseUrl = `sqlite:${join(folder.path, "chat.db")}`;
let chat: ChatProgram | undefined;

beforeAll(async () => {
  writeBlocks(folder.path, PAGE);
  chat = await ChatProgram.start({ databaseUrl });
}, 2 * LINE_LIMIT_MS);
afterAll(async () => {
  await chat?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** Makes an account as the guide does; gives its id. */
async function addBot(name: string): Promise<string> {
  const added = promisify(execFile)(process.execPath, [...HUTONG, "user", "add", name, "--nickname", "Echo"], {
    env: { ...process.env, HUTONG_DATABASE_URL: databaseUrl },
  });
  added.child.stdin?.end(`${PASSWORD}\n`);
  return (await added).stdout.trim();
}

function startBot(file: string, name: string): RunningProcess {
  const environment = { ...process.env, CHAT_URL: chat?.url, BOT_NAME: name, BOT_PASSWORD: PASSWORD };
  return startProcess(process.execPath, [...RUN, join(folder.path, file)], { environment });
}

/** A visitor who writes to a bot. */
class Visitor {
  readonly #token: string;
  readonly #path: string;

  private constructor(token: string, path: string) {
    this.#token = token;
    this.#path = path;
  }

  static async to(botId: string): Promise<Visitor> {
    const device = { key: randomUUID(), platform: "web", name: "a test" };
    const { accessToken } = await post<Session>("/visitors", { device });
    const { conversation } = await post<ActionOutput<"open_direct">>(
      "/conversations/direct",
      { userId: botId },
      accessToken,
    );
    return new Visitor(accessToken, `/conversations/${conversation.id}/messages`);
  }

  async say(text: string): Promise<void> {
    const content = { type: "text", body: { text } };
    await post(this.#path, { clientMessageId: randomUUID(), content }, this.#token);
  }

  /** The texts of the conversation, in their order. */
  async texts(): Promise<readonly string[]> {
    const response = await fetch(`${chat?.url}/api${this.#path}`, {
      headers: { authorization: `Bearer ${this.#token}` },
    });
    const { messages } = (await response.json()) as ActionOutput<"pull_messages">; // apps/chat tests what it answers
    return messages.map((message) => (message.type === "text" ? message.body.text : message.type));
  }
}

async function post<TOutput>(path: string, input: object, token = ""): Promise<TOutput> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const response = await fetch(`${chat?.url}/api${path}`, { method: "POST", headers, body: JSON.stringify(input) });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return (await response.json()) as TOutput; // apps/chat tests what it answers
}

describe("the guide to bots", () => {
  test("adds the account with the command that this test uses", () => {
    const commands = codeBlocks(readText(PAGE)).filter(({ language }) => language === "sh");

    expect(commands.map(({ text }) => text)).toContainEqual(
      expect.stringContaining("npm run -s hutong -- user add echo_bot --nickname Echo"),
    );
    expect(readText("package.json")).toContain(`"hutong": "node ${RUN.join(" ")} apps/chat/src/main.ts"`);
  });

  test.each([
    ["http-bot.ts", "http_bot"],
    ["socket-bot.ts", "socket_bot"],
  ])(
    "%s answers what is said to it, and once it is back what was said meanwhile, each message once",
    { timeout: 4 * LINE_LIMIT_MS },
    async (file, name) => {
      const visitor = await Visitor.to(await addBot(name));
      const first = startBot(file, name);
      await visitor.say("echo one");
      await eventually(async () => expect(await visitor.texts()).toEqual(["echo one", "one"]), LIMIT);
      await first.stop();

      await visitor.say("echo two");
      await visitor.say("no answer to this");
      await using _second = startBot(file, name);
      const before = ["echo one", "one", "echo two", "no answer to this", "two"];
      await eventually(async () => expect(await visitor.texts()).toEqual(before), LIMIT);

      await visitor.say("echo three");
      await eventually(async () => expect(await visitor.texts()).toEqual([...before, "echo three", "three"]), LIMIT);
    },
  );
});
