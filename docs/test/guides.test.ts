import { createHmac } from "node:crypto";
import { get } from "node:http";
import { join } from "node:path";
import {
  type Channel,
  createSocket,
  type KeyValueStorage,
  memoryStorage,
  type OutboxEntry,
  type Socket,
} from "@hutong/client";
import { RECOVERY_REASONS } from "@hutong/protocol";
import { eventually } from "@hutong/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { startProcess } from "../../tools/processes.ts";
import { quotedNames, sections, tableRows } from "./support/markdown.ts";
import { readText } from "./support/repository.ts";
import { createSnippetFolder, writeBlocks } from "./support/snippets.ts";
import { LINE_LIMIT_MS } from "./support/terminal.ts";

const SECRET = "thirty-two bytes, at the very least";

/** A program of a guide that listens. Disposing ends it and removes its file. */
interface GuideProgram extends AsyncDisposable {
  /** Base address, for example `http://127.0.0.1:41234`. */
  readonly url: string;
}

async function startGuide(page: string, file: string): Promise<GuideProgram> {
  const folder = createSnippetFolder();
  writeBlocks(folder.path, page);
  const running = startProcess(process.execPath, ["--conditions=source", "--import", "tsx", join(folder.path, file)], {
    environment: { ...process.env, PORT: "0", TOKEN_SECRET: SECRET },
  });
  const line = await running.waitForLine(/^listening on /, LINE_LIMIT_MS);
  const port = /port: (\d+)/.exec(line)?.[1] ?? line.replace(/^.*:/, "");
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      await running.stop();
      folder[Symbol.dispose]();
    },
  };
}

function connect(url: string, token?: string): Socket {
  const socket = createSocket(url, { timeoutMs: LINE_LIMIT_MS, ...(token !== undefined && { token }) });
  socket.connect();
  return socket;
}

/** A token as an identity provider would make it. `expiry` is in seconds since 1970. */
function tokenFor(user: string, expiry: number): string {
  const [header, claims] = [{ alg: "HS256" }, { sub: user, iss: "my-app", exp: expiry }].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  const signature = createHmac("sha256", SECRET).update(`${header}.${claims}`).digest("base64url");
  return `${header}.${claims}.${signature}`;
}

/** The status and the subprotocol that an upgrade request is answered with. */
function upgrade(url: string, subprotocol: string): Promise<readonly [number | undefined, string | undefined]> {
  const headers = {
    connection: "upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-protocol": subprotocol,
  };
  return new Promise((resolve, reject) => {
    const request = get(url, { headers });
    request.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve([response.statusCode, response.headers["sec-websocket-protocol"]]);
    });
    request.on("response", ({ statusCode }) => resolve([statusCode, undefined]));
    request.on("error", reject);
  });
}

describe("the guide to authentication", () => {
  const FAR_FUTURE = 4_102_444_800;
  const PAST = 1_000_000_000;
  let program: GuideProgram | undefined;
  beforeAll(async () => {
    program = await startGuide("docs/guide/authenticate.md", "server.ts");
  }, 2 * LINE_LIMIT_MS);
  afterAll(() => program?.[Symbol.asyncDispose]());

  test.each([
    ["everyone enters the lobby", undefined, "room:lobby"],
    ["a token opens its room", tokenFor("ada", FAR_FUTURE), "room:ada"],
  ])("%s", async (_claim, token, topic) => {
    await using socket = connect(`${program?.url}/socket`, token);

    await expect(socket.channel(topic).join()).resolves.toEqual({});
  });

  test.each([
    ["nobody without a token enters a room", undefined, "room:ada", "unauthorized"],
    ["a token opens no other room", tokenFor("ada", FAR_FUTURE), "room:bo", "unauthorized"],
    ["an old token says so", tokenFor("ada", PAST), "room:ada", "token_expired"],
    ["a token of nobody says so", "not.a.token", "room:ada", "token_invalid"],
  ])("%s", async (_claim, token, topic, reason) => {
    await using socket = connect(`${program?.url}/socket`, token);

    await expect(socket.channel(topic).join()).rejects.toMatchObject({ code: "join_refused", reason });
  });
});

describe("the guide to publishing", () => {
  test("its route reaches the room, and refuses what is no announcement", { timeout: 2 * LINE_LIMIT_MS }, async () => {
    await using program = await startGuide("docs/guide/publish-from-anywhere.md", "server.ts");
    await using socket = connect(`${program.url}/socket`);
    const lobby = socket.channel("room:lobby");
    const announced = new Promise((resolve) => lobby.on("announced", resolve));
    await lobby.join();
    const post = async (body: string): Promise<number> =>
      (await fetch(`${program.url}/announcements`, { method: "POST", body })).status;

    const statuses = [
      await post('{"room":"lobby","text":"Tea is ready"}'),
      await post('{"room":"no room","text":"Tea"}'),
      await post("{"),
      (await fetch(`${program.url}/announcements`)).status,
    ];

    expect(statuses).toEqual([202, 400, 400, 404]);
    expect(await announced).toEqual({ text: "Tea is ready" });
  });
});

describe("the guide to embedding", () => {
  test.each([
    ["with-hono.ts", "/socket"],
    ["with-node.ts", "/live"],
  ])("%s serves a page and channels on one port", { timeout: 2 * LINE_LIMIT_MS }, async (file, mount) => {
    await using program = await startGuide("docs/guide/embed-in-an-http-server.md", file);

    const page = await fetch(program.url);

    expect(await page.text()).toBe("hello");
    expect(await upgrade(`${program.url}${mount}/websocket?vsn=2.0.0`, "phoenix")).toEqual([101, "phoenix"]);
    expect(await upgrade(`${program.url}/cable`, "actioncable-v1-json")).toEqual([101, "actioncable-v1-json"]);
  });
});

/** What the programs of the guide to recovery export; the test of code blocks checks their types. */
interface RecoveryGuide {
  follow(url: string, messages: Map<string, string>): { readonly socket: Socket; readonly channel: Channel };
  followWithPhoenix(endpoint: string, messages: Map<string, string>): { disconnect(): void };
  followWithAnycable(url: string, messages: Map<string, string>, reload: () => void): { disconnect(): void };
  openChat(
    url: string,
    storage: KeyValueStorage,
    show: (entries: readonly OutboxEntry[]) => void,
  ): { readonly socket: Socket; say(body: string): Promise<unknown> };
}

describe("the guide to recovery", () => {
  const PAGE = "docs/guide/recover.md";
  const folder = createSnippetFolder();
  const links: WebSocket[] = [];
  /** The clients of the guide take the runtime's WebSocket; here it can be cut. */
  class Cuttable extends WebSocket {
    constructor(...parameters: ConstructorParameters<typeof WebSocket>) {
      super(...parameters);
      links.push(this);
    }
  }
  const cut = (): void => links.at(-1)?.terminate();
  let program: GuideProgram | undefined;
  let guide: RecoveryGuide;

  beforeAll(async () => {
    vi.stubGlobal("WebSocket", Cuttable);
    program = await startGuide(PAGE, "server.ts");
    const clients = ["hutong-client.ts", "phoenix-client.ts", "anycable-client.ts", "durable-push.ts"];
    const files = writeBlocks(folder.path, PAGE).filter((file) => clients.some((client) => file.endsWith(client)));
    const modules: readonly object[] = await Promise.all(files.map((file) => import(file) as Promise<object>)); // a module is an object
    guide = Object.assign({}, ...modules) as RecoveryGuide; // the test of code blocks checks the types of the exports
  }, 2 * LINE_LIMIT_MS);
  afterAll(async () => {
    vi.unstubAllGlobals();
    folder[Symbol.dispose]();
    await program?.[Symbol.asyncDispose]();
  });

  /** Somebody whose link is not cut says something in the room. */
  async function say(...bodies: readonly string[]): Promise<void> {
    const options = { webSocket: WebSocket, timeoutMs: LINE_LIMIT_MS };
    await using socket = createSocket(`${program?.url}/socket`, options);
    socket.connect();
    const channel = socket.channel("room:1");
    await channel.join();
    for (const body of bodies) await channel.push("say", { body });
  }

  const address = (path: string): string => `${program?.url.replace("http", "ws")}${path}`;
  const heard = (messages: Map<string, string>, ...bodies: readonly string[]): Promise<void> =>
    eventually(() => expect([...messages.values()]).toEqual(expect.arrayContaining([...bodies])), {
      limitMs: LINE_LIMIT_MS,
    });

  test("Hutong's client loads the data once, and is given what it missed", { timeout: 3 * LINE_LIMIT_MS }, async () => {
    const messages = new Map<string, string>();
    await say("before");
    const { socket, channel } = guide.follow(program?.url ?? "", messages);
    await using _socket = socket;
    await heard(messages, "before");

    cut();
    await say("meanwhile");
    await heard(messages, "before", "meanwhile");

    expect(channel.state).toMatchObject({ kind: "joined", recovery: { recovered: true, reason: "ok" } });
  });

  test("a durable push outlives its link, and is handled once", { timeout: 3 * LINE_LIMIT_MS }, async () => {
    const shown: (readonly OutboxEntry[])[] = [];
    let cuts = 0;
    const show = (entries: readonly OutboxEntry[]): void => {
      shown.push(entries);
      if (cuts > 0 || entries[0]?.state.kind !== "sent") return;
      cuts++;
      cut();
    };
    const { socket, say: sayDurably } = guide.openChat(program?.url ?? "", memoryStorage(), show);
    await using _socket = socket;

    const answer = await sayDurably("durable");

    expect(answer).toEqual({ id: expect.any(String) });
    expect(cuts).toBe(1);
    await eventually(() => expect(shown.at(-1)).toEqual([]), { limitMs: LINE_LIMIT_MS });
    const kept = (await (await fetch(`${program?.url}/messages`)).json()) as { readonly body: string }[]; // the server of the guide writes it
    expect(kept.filter(({ body }) => body === "durable")).toHaveLength(1);
  });

  test(
    "a stock Phoenix client asks for the latest, and after a break by time",
    { timeout: LINE_LIMIT_MS },
    async () => {
      const messages = new Map<string, string>();
      await say("earlier");
      const socket = guide.followWithPhoenix(address("/socket"), messages);
      await heard(messages, "earlier");

      cut();
      await say("later");
      await heard(messages, "earlier", "later");

      socket.disconnect();
    },
  );

  test("AnyCable's client asks by the extended protocol", { timeout: 3 * LINE_LIMIT_MS }, async () => {
    const messages = new Map<string, string>();
    const cable = guide.followWithAnycable(address("/cable"), messages, () => undefined);
    await eventually(() => expect(links.at(-1)?.protocol).toBe("actioncable-v1-ext-json"), { limitMs: LINE_LIMIT_MS });

    await say("live");
    await heard(messages, "live");

    cable.disconnect();
  });

  test("names every reason, in the words of the table", () => {
    const text = sections(readText(PAGE)).find(({ title }) => title === "What a recovery says")?.text ?? "";
    const rows = tableRows(text).map(([name = "", recovered, meaning]) => [quotedNames(name)[0], recovered, meaning]);

    expect(rows).toEqual(
      Object.entries(RECOVERY_REASONS).map(([name, meaning]) => [name, name === "ok" ? "yes" : "no", meaning]),
    );
  });
});

// The tests of the guide are tests here: importing them registers them.
describe("the guide to testing", async () => {
  const folder = createSnippetFolder();
  afterAll(() => folder[Symbol.dispose]());
  const files = writeBlocks(folder.path, "docs/guide/test-your-channels.md").filter((file) =>
    file.endsWith(".test.ts"),
  );
  for (const file of files) await import(file);

  test("has three files of tests", () => {
    expect(files).toHaveLength(3);
  });
});
