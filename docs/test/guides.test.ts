import { createHmac } from "node:crypto";
import { get } from "node:http";
import { join } from "node:path";
import { createSocket, type Socket } from "@hutong/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startProcess } from "../../tools/processes.ts";
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
