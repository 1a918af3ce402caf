import { join } from "node:path";
import { type Channel, type Socket, WECHAT_ERROR_CODES } from "@hutong/client/wechat";
import type { WechatLogin } from "@hutong/client/wechat-http";
import { accept, defineChannel, refuse, reply } from "@hutong/server";
import type { Consumer } from "@rails/actioncable";
import type { Socket as PhoenixSocket } from "phoenix";
import { createFakeWx, eventually, type FakeWx, SkippingClock, startTestServer } from "@hutong/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { quotedNames, sections, tableRows } from "./support/markdown.ts";
import { readText } from "./support/repository.ts";
import { createSnippetFolder, writeBlocks } from "./support/snippets.ts";

const PAGE = "docs/guide/mini-program.md";
const FOREIGN_PAGE = "docs/guide/foreign-clients-in-a-mini-program.md";
const LIMIT = { limitMs: 10_000 };

/** What the programs of the two guides export; the test of code blocks checks their types. */
interface Guide {
  openChat(socketUrl: string, loginUrl: string): Socket;
  followRoom(socket: Socket, show: (bodies: readonly string[]) => void): Promise<Channel>;
  listPictures(login: WechatLogin, url: string): Promise<unknown>;
  sendPicture(login: WechatLogin, url: string, filePath: string, show: (share: number) => void): Promise<unknown>;
  openPhoenix(url: string, token: string): PhoenixSocket;
  openCable(url: string): Consumer;
}

const folder = createSnippetFolder();
let guide: Guide;
beforeAll(async () => {
  const files = [...writeBlocks(folder.path, PAGE), ...writeBlocks(join(folder.path, "foreign"), FOREIGN_PAGE)];
  const programs = files.filter((file) => !file.endsWith("on-a-phone.ts"));
  const modules: readonly object[] = await Promise.all(programs.map((file) => import(file) as Promise<object>)); // a module is an object
  guide = Object.assign({}, ...modules) as Guide; // the test of code blocks checks the types of the exports
});
afterAll(() => folder[Symbol.dispose]());
afterEach(() => void vi.unstubAllGlobals());

const room = defineChannel("room:*", {
  receives: { say: { payload: z.object({ body: z.string() }), reply: z.object({ id: z.string() }) } },
  sends: { said: z.object({ body: z.string() }) },
  cable: { name: "RoomChannel", topic: ({ id }) => `room:${String(id)}` },
  history: {},
  join: ({ connection }) => (connection.assigns["user"] === "panda" ? accept() : refuse("unauthorized")),
  handle: {
    say: ({ body }, channel) => {
      channel.broadcast("said", { body });
      return reply({ id: body });
    },
  },
});

/** A server that knows one user, by one token, which the code of a login gives. */
function startServer() {
  return startTestServer({
    channels: [room],
    connect: ({ token }) => ({ assigns: { user: token === "panda-token" ? "panda" : undefined } }),
    fallback: (request, response) => {
      const isLogin = request.url === "/login";
      const isAuthorized = request.headers.authorization === "Bearer panda-token";
      response.statusCode = isLogin || isAuthorized ? 200 : 401;
      response.end(JSON.stringify(isLogin ? { token: "panda-token" } : [request.method]));
    },
  });
}

/** A phone whose `wx` is the runtime's. */
function usePhone(): { readonly phone: FakeWx; readonly clock: SkippingClock } {
  const clock = new SkippingClock();
  let loginCount = 0;
  const account = {
    login: () => `code-${(loginCount += 1)}`,
    isSessionValid: () => loginCount > 0,
    userInfo: () => {
      throw new Error("nobody asks for it here");
    },
  };
  const phone = createFakeWx({ clock, account });
  vi.stubGlobal("wx", phone.wx);
  return { phone, clock };
}

describe("the guide to mini-programs", () => {
  test("its chat logs in, lives through the background, and goes on at the next start", async () => {
    await using server = await startServer();
    const { phone, clock } = usePhone();
    const shown: (readonly string[])[] = [];
    const open = (): Socket => guide.openChat(server.webSocketUrl("/socket"), `${server.url}/login`);

    const first = open();
    const channel = await guide.followRoom(first, (bodies) => shown.push(bodies));
    await channel.push("say", { body: "one" }, { durable: true });
    phone.background();
    clock.skip(30_000);
    server.server.broadcast("room:1", "said", { body: "two" });
    phone.foreground();
    await eventually(() => expect(shown.at(-1)).toEqual(["one", "two"]), LIMIT);
    await eventually(() => expect(phone.storage.get("hutong:room:1:kept")).toContain("two"), LIMIT);

    phone.destroy();
    await first.close();
    server.server.broadcast("room:1", "said", { body: "three" });
    phone.foreground();
    vi.stubGlobal("wx", phone.wx);
    await using second = open();
    await guide.followRoom(second, (bodies) => shown.push(bodies));

    await eventually(() => expect(shown.at(-1)).toEqual(["one", "two", "three"]), LIMIT);
  });

  test("its requests and uploads log in", async () => {
    await using server = await startServer();
    const { phone } = usePhone();
    const { createLogin } = await import("@hutong/client/wechat-http");
    const login = createLogin({ url: `${server.url}/login` });
    phone.files.set("http://tmp/panda.png", new Uint8Array(100));
    const shares: number[] = [];

    expect(await guide.listPictures(login, `${server.url}/pictures`)).toEqual(["GET"]);
    expect(
      await guide.sendPicture(
        login,
        `${server.url}/pictures`,
        "http://tmp/panda.png",
        (share) => void shares.push(share),
      ),
    ).toEqual(["POST"]);
    expect(shares.at(-1)).toBe(1);
  });

  test("has one row per code of an error, in the order of the table", () => {
    const text = sections(readText(PAGE)).find(({ title }) => title === "What can go wrong")?.text ?? "";
    const rows = tableRows(text).map(([name = "", retryable]) => [quotedNames(name)[0], retryable]);

    expect(rows).toEqual(
      Object.entries(WECHAT_ERROR_CODES).map(([code, { retryable }]) => [code, retryable ? "yes" : "no"]),
    );
  });

  test("names the size that a test holds", () => {
    const budgets = readText("packages/client/test/build-miniprogram.test.ts");

    expect(budgets).toContain('["wechat.ts", 12,');
    expect(readText(PAGE)).toContain("| 12 kB");
    expect(budgets).toContain('["wechat-http.ts", 1.6,');
    expect(readText(PAGE)).toContain("adds 1.6 kB");
    expect(budgets).toContain('["wechat-web-socket.ts", 2.5,');
    expect(readText(FOREIGN_PAGE)).toContain("2.5 kB");
  });
});

describe("the guide to foreign clients in a mini-program", () => {
  test("its Phoenix client joins with its header, and comes back from the background", async () => {
    await using server = await startServer();
    const { phone, clock } = usePhone();
    const socket = guide.openPhoenix(server.webSocketUrl("/socket"), "panda-token");
    const said: unknown[] = [];
    const channel = socket.channel("room:1");
    channel.on("said", ({ body }) => void said.push(body));
    const joined = await new Promise((resolve) =>
      channel
        .join()
        .receive("ok", () => resolve("ok"))
        .receive("error", resolve),
    );

    phone.background();
    clock.skip(30_000);
    phone.foreground();
    await eventually(() => expect([phone.socketCount, channel.state]).toEqual([1, "joined"]), LIMIT);
    channel.push("say", { body: "back" });

    expect(joined).toBe("ok");
    await eventually(() => expect(said).toEqual(["back"]), LIMIT);
    socket.disconnect();
  });

  test("its Action Cable client subscribes with a token, and comes back from the background", async () => {
    vi.stubGlobal("addEventListener", undefined);
    vi.stubGlobal("removeEventListener", undefined);
    await using server = await startServer();
    const { phone, clock } = usePhone();
    const consumer = guide.openCable(server.webSocketUrl("/cable"));
    consumer.addSubProtocol("anycable-token.panda-token");
    const happened: unknown[] = [];
    consumer.subscriptions.create(
      { channel: "RoomChannel", id: "1" },
      { connected: () => happened.push("connected"), rejected: () => happened.push("rejected") },
    );
    await eventually(() => expect(happened).toEqual(["connected"]), LIMIT);

    phone.background();
    clock.skip(30_000);
    phone.foreground();
    await eventually(() => expect(happened).toEqual(["connected", "connected"]), LIMIT);

    consumer.disconnect();
  });
});
