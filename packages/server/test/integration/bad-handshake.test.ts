import { describe, expect, test } from "vitest";
import { refuse } from "@hutong/server";
import { frameOf, type Headers, type RawClient, upgradeRequest } from "./raw-client.ts";
import { deferred, join, SECRET, startServer, type TestServerOptions, withBystander } from "./support.ts";

const PHOENIX = `/socket/websocket?vsn=2.0.0&token=${SECRET}`;
const CABLE = `/cable?token=${SECRET}`;

/** A handshake that is refused over HTTP, and what telemetry says of it. */
interface Refusal {
  readonly target: string;
  readonly headers?: Headers;
  readonly method?: string;
  readonly status: number;
  readonly why: string;
}

/** Shows that the handshake is refused before the `connect` handler is asked. */
async function expectRefused({ target, headers, method, status, why }: Refusal): Promise<void> {
  let asked = 0;
  const connect = (): object => ({ asked: ++asked });
  await using server = await startServer({ connect });
  await withBystander(server, async () => {
    const client = await server.request(target, headers, method);

    const answer = await client.answer();

    expect({ status: answer.status, body: answer.body }).toEqual({ status, body: "" });
    await client.ended();
  });
  const path = target.startsWith("/cable") ? "/cable" : "/socket";
  expect(server.reports()).toEqual([{ kind: "connection_refused", path, why, status }]);
  expect(asked).toBe(0);
}

/** Shows that a connection is joined and answered. */
async function expectAnswered(client: RawClient): Promise<void> {
  await join(client, "room:1");
  client.send(["1", "2", "room:1", "echo", { text: "hi" }]);
  const answer = ["1", "2", "room:1", "phx_reply", { status: "ok", response: { text: "hi" } }];
  expect(await client.message()).toEqual(answer);
}

describe("the origin", () => {
  const FOREIGN: readonly (readonly [string, string | readonly string[]])[] = [
    ["of another host", "https://elsewhere.example"],
    ["that begins like an allowed one", "http://chat.example.evil.example"],
    ["that ends like an allowed one", "http://evil-chat.example"],
    ["with the allowed one as its user", "http://chat.example@evil.example"],
    ["of another scheme", "https://chat.example"],
    ["of another port", "http://chat.example:8080"],
    ["null", "null"],
    ["without a host", "file://"],
    ["that is empty", ""],
    ["that is there twice", ["http://chat.example", "https://elsewhere.example"]],
    ["that is there twice, the allowed one last", ["https://elsewhere.example", "http://chat.example"]],
  ];

  test.each(FOREIGN)("A1 an origin %s is refused with 403", async (_name, origin) => {
    await expectRefused({ target: PHOENIX, headers: { origin }, status: 403, why: "origin" });
  });

  test.each(FOREIGN)("A1 an origin %s is refused with 403 at the Action Cable mount", async (_name, origin) => {
    await expectRefused({ target: CABLE, headers: { origin }, status: 403, why: "origin" });
  });

  test("A1 the same host is the default policy, whatever the letters' case", async () => {
    await using server = await startServer({ origins: "same_host" });
    await withBystander(server, async () => {
      const same = await server.open(PHOENIX, { origin: "http://chat.example", host: "CHAT.example" });
      const foreign = await server.request(PHOENIX, { origin: "http://elsewhere.example" });

      expect((await foreign.answer()).status).toBe(403);
      await expectAnswered(same);
    });
    expect(server.reports()).toEqual([{ kind: "connection_refused", path: "/socket", why: "origin", status: 403 }]);
  });

  test("A1 an origin policy that throws refuses the client", async () => {
    const origins = (): boolean => {
      throw new Error("no such page");
    };
    await using server = await startServer({ origins });
    await withBystander(server, async () => {
      const client = await server.request(PHOENIX, { origin: "http://chat.example" });
      expect((await client.answer()).status).toBe(500);
      await client.ended();
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_refused", path: "/socket", status: 500 }]);
  });

  test.each(["HTTP://CHAT.EXAMPLE", "http://Chat.Example:80"])("A1 an allowed origin passes as %s", async (origin) => {
    await using server = await startServer();
    await withBystander(server, async () => expectAnswered(await server.open(PHOENIX, { origin })));
    expect(server.reports()).toEqual([]);
  });

  test("A1 long poll makes no session for a foreign origin", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const headers = { origin: "https://elsewhere.example" };

      const created = await server.fetch(`/socket/longpoll?vsn=2.0.0&token=${SECRET}`, { headers });

      expect(await created.json()).toEqual({ status: 403 });
    });
    expect(server.reports()).toEqual([{ kind: "connection_refused", path: "/socket", why: "origin", status: 403 }]);
  });

  test("A2 a client without an origin is asked for a token and its cookies are withheld", async () => {
    const cookies: (string | undefined)[] = [];
    await using server = await startServer({
      connect: (request) => {
        cookies.push(request.header("cookie"));
        return request.token === SECRET ? {} : refuse("unauthorized");
      },
    });
    await withBystander(server, async () => {
      const headers = { cookie: "session=42" };
      const withToken = await server.open(PHOENIX, headers);
      const withCookieOnly = await server.request("/socket/websocket?vsn=2.0.0", headers);

      expect((await withCookieOnly.answer()).status).toBe(403);
      await expectAnswered(withToken);
    });
    expect(cookies).toEqual([undefined, undefined]);
    expect(server.reports()).toEqual([
      { kind: "connection_refused", path: "/socket", why: "connect_refused", status: 403 },
    ]);
  });

  test("A2 a page's cookies are shown to the connect handler", async () => {
    const cookies: (string | undefined)[] = [];
    await using server = await startServer({
      connect: (request) => {
        cookies.push(request.header("cookie"));
        return {};
      },
    });
    await withBystander(server, async () => {
      await expectAnswered(await server.open(PHOENIX, { cookie: "session=42", origin: "http://chat.example" }));
    });
    expect(cookies).toEqual(["session=42"]);
  });

  test.each([
    ["Phoenix", PHOENIX],
    ["Action Cable", CABLE],
  ])("A3 a valid cookie does not admit a foreign page to %s", async (_name, target) => {
    const headers = { cookie: "session=42", origin: "https://elsewhere.example" };
    await expectRefused({ target, headers, status: 403, why: "origin" });
  });
});

describe("the upgrade request", () => {
  const MALFORMED: readonly (readonly [string, Headers, string])[] = [
    ["of version 8", { "sec-websocket-version": "8" }, "GET"],
    ["of version 12", { "sec-websocket-version": "12" }, "GET"],
    ["without a version", { "sec-websocket-version": undefined }, "GET"],
    ["without a key", { "sec-websocket-key": undefined }, "GET"],
    ["with a short key", { "sec-websocket-key": "AAEC" }, "GET"],
    ["with two keys", { "sec-websocket-key": ["AAECAwQFBgcICQoLDA0ODw==", "AAECAwQFBgcICQoLDA0ODw=="] }, "GET"],
    ["to HTTP/2", { upgrade: "h2c" }, "GET"],
    ["with POST", { "content-length": "0" }, "POST"],
    ["without an upgrade", { upgrade: undefined, connection: "close" }, "GET"],
    ["with DELETE and without an upgrade", { upgrade: undefined, connection: "close" }, "DELETE"],
  ];

  const AT_EACH_MOUNT = MALFORMED.flatMap(
    ([name, headers, method]) =>
      [
        [name, "Phoenix", PHOENIX, headers, method],
        [name, "Action Cable", CABLE, headers, method],
      ] as const,
  );

  test.each(AT_EACH_MOUNT)("A4 a request %s is refused with 400 or 426 by %s", async (...row) => {
    const [, , target, headers, method] = row;
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.request(target, headers, method);

      const { status, head, body } = await client.answer();

      expect([400, 426]).toContain(status);
      expect(head + body).not.toContain(SECRET);
      await client.ended();
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_refused", why: "bad_request" }]);
  });

  test.each([
    ["by a mount", PHOENIX],
    ["by none", "/nowhere"],
  ])("A4 a client that resets while it is refused %s does no harm", async (_name, target) => {
    await using server = await startServer();
    await withBystander(server, async () => {
      for (let count = 0; count < 100; count++) {
        const client = await server.connect();
        await client.flush(upgradeRequest(target, { origin: "https://elsewhere.example" }));
        client.reset();
      }
      const last = await server.request(target, { origin: "https://elsewhere.example" });
      await last.answer();
    });
  });

  test("A4 CONNECT and TRACE open nothing", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const tunnel = await server.request("chat.example:443", {}, "CONNECT");
      await tunnel.ended();
      const trace = await server.request(PHOENIX, { upgrade: undefined, connection: "close" }, "TRACE");
      expect((await trace.answer()).status).toBe(400);
      await trace.ended();
    });
  });

  test("A4 an upgrade to no mount is refused with 404, and the connection ends though the client keeps its side open", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.request("/nowhere");
      expect((await client.answer()).status).toBe(404);
      await client.ended();
    });

    await expect(server.close()).resolves.toBeUndefined();
  });
});

describe("HTTP itself", () => {
  test("A12 a client that begins with HTTP/2 is refused with 400", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.connect();

      client.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

      expect((await client.answer()).status).toBe(400);
    });
  });

  const LONG_LINE = "x".repeat(1_000_000);
  /** An upgrade whose foreign origin comes after so many headers that a parser may leave it out. */
  const MANY_HEADERS = upgradeRequest(PHOENIX, {
    a: Array.from({ length: 2_001 }, () => "b"),
    origin: "https://elsewhere.example",
  });
  const broken = (insert: string): string => upgradeRequest(PHOENIX).replace("connection: ", `${insert}connection: `);

  test.each([
    ["a header of 1 MB", broken(`x-long: ${LONG_LINE}\r\n`)],
    ["a header block over 16 KiB", broken(`x-long: ${"x".repeat(16_384)}\r\n`)],
    ["a bare line feed between headers", broken("x-bare: 1\n")],
    ["a folded header", broken("x-folded: 1\r\n  2\r\n")],
    ["a NUL in a header", broken("x-nul: a\0b\r\n")],
    ["a space before a colon", broken("x-space : 1\r\n")],
    ["no host", upgradeRequest(PHOENIX, { host: undefined })],
    ["two lengths", `POST /socket/longpoll HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n[]`],
    ["no HTTP", "\0\0\0\0\r\n\r\n"],
  ])("A5 %s is refused with 400 or 431 and the connection ends", async (_name, bytes) => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.connect();

      client.write(bytes);

      expect([400, 431]).toContain((await client.answer()).status);
      await client.ended();
    });
  });

  test("A5 a foreign origin after 2,001 headers is refused like any other", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.connect();

      client.write(MANY_HEADERS);

      expect([400, 403, 431]).toContain((await client.answer()).status);
      await client.ended();
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_refused" }]);
  });

  test("A6 clients that send their headers slowly, or nothing, are dropped", { timeout: 20_000 }, async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const silent = await server.connect();
      const slow = await server.connect();
      slow.write(upgradeRequest(PHOENIX).slice(0, 40));

      // The server's limit is 10 s, and it looks once a second.
      await Promise.all([silent.ended(13_000), slow.ended(13_000)]);
    });
  });

  test("A6 a client whose connect handler does not answer is refused with 503", async () => {
    await using server = await startServer({ ...neverAnswers(), serverLimits: { connectTimeoutMs: 200 } });
    await withBystander(server, async () => {
      const client = await server.request(PHOENIX);

      const { status, head } = await client.answer();

      expect(status).toBe(503);
      expect(head.toLowerCase()).toContain("retry-after: ");
      await client.ended();
    });
    expect(server.reports()).toEqual([
      { kind: "connection_refused", path: "/socket", why: "connect_timeout", status: 503 },
    ]);
  });

  test("A6 an Action Cable client whose connect handler does not answer is told to come back", async () => {
    await using server = await startServer({ ...neverAnswers(), serverLimits: { connectTimeoutMs: 200 } });
    await withBystander(server, async () => {
      const client = await server.open(CABLE);

      expect(await client.message()).toEqual({ type: "disconnect", reason: "overloaded", reconnect: true });
      expect(await client.closeCode()).toBe(1000);
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_refused", path: "/cable", why: "connect_timeout" }]);
  });

  test("A6 a refused Action Cable client that answers no close is dropped within the close timeout", async () => {
    await using server = await startServer({ limits: { closeTimeoutMs: 200 } });
    await withBystander(server, async () => {
      const client = await server.open("/cable?token=wrong");
      expect(await client.closeCode()).toBe(1000);

      await client.ended();
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_refused", why: "connect_refused" }]);
  });

  test("A6 a handshake that is pending when the server closes is drained and holds nothing up", async () => {
    const asked = deferred();
    const admit = deferred<object>();
    await using server = await startServer({
      connect: () => {
        asked.resolve();
        return admit.promise;
      },
    });
    const client = await server.request(PHOENIX);
    await asked.promise;

    const closed = server.close();
    admit.resolve({});

    expect((await client.answer()).status).toBe(101);
    expect(await client.closeCode()).toBe(1012);
    client.destroy();
    await closed;
    await server.reported("connection_closed");
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", close: "drained" }]);
  });

  test("A8 a list of 8 KB of empty subprotocols is refused", async () => {
    const subprotocols = { "sec-websocket-protocol": `a${" , ,".repeat(2_000)}` };
    await expectRefused({ target: PHOENIX, headers: subprotocols, status: 403, why: "subprotocol" });
  });

  test("A8 a list of 8 KB of empty subprotocols is refused at the Action Cable mount", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.request(CABLE, { "sec-websocket-protocol": `a${" , ,".repeat(2_000)}` });
      expect((await client.answer()).status).toBe(400);
      await client.ended();
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_refused", path: "/cable", why: "bad_request" }]);
  });

  test("A8 extensions of 8 KB with nested quotes are passed over", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const offer = `x; a="${'\\"'.repeat(4_000)}"`;
      await expectAnswered(await server.open(PHOENIX, { "sec-websocket-extensions": offer }));
    });
    expect(server.reports()).toEqual([]);
  });

  test("A11 a request with both a length and chunks is refused", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.connect();
      const smuggled = upgradeRequest(PHOENIX);

      client.write(
        `POST /socket/longpoll HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
      );

      expect((await client.answer()).status).toBe(400);
      await client.ended();
    });
    expect(server.server.stats().connections).toBe(1);
  });

  test("A11 frames in the packet of the upgrade are read once, in order", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.connect();

      client.write(Buffer.concat([Buffer.from(upgradeRequest(PHOENIX)), ...earlyFrames()]));

      expect((await client.answer()).status).toBe(101);
      await expectEarlyAnswers(client);
    });
    expect(server.reports()).toEqual([]);
  });

  test("A11 frames that come while the connect handler thinks are read once, in order", async () => {
    const asked = deferred();
    const admit = deferred<object>();
    await using server = await startServer({
      connect: () => {
        asked.resolve();
        return admit.promise;
      },
    });
    await withBystander(server, async () => {
      const client = await server.connect();
      const [first = Buffer.alloc(0), ...others] = earlyFrames();
      client.write(Buffer.concat([Buffer.from(upgradeRequest(PHOENIX)), first.subarray(0, 7)]));
      await asked.promise;

      await client.flush(Buffer.concat([first.subarray(7), ...others]));
      admit.resolve({});

      expect((await client.answer()).status).toBe(101);
      await expectEarlyAnswers(client);
    });
    expect(server.reports()).toEqual([]);
  });

  test("A11 an upgrade behind a parked poll on one connection harms nobody", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const session = await server.longPoll();
      const client = await server.connect();
      const poll = `GET ${session} HTTP/1.1\r\nhost: chat.example\r\n\r\n`;

      client.write(poll + upgradeRequest(PHOENIX));
      const body = JSON.stringify(["1", "1", "room:1", "phx_join", {}]);
      const posted = await server.fetch(session, { method: "POST", body });

      expect(await posted.json()).toEqual({ status: 200 });
      client.end();
      await client.ended();
    });
  });

  test("A11 frames of a refused client are not read", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.connect();

      client.write(
        Buffer.concat([Buffer.from(upgradeRequest("/socket/websocket?vsn=2.0.0&token=no")), ...earlyFrames()]),
      );

      expect((await client.answer()).status).toBe(403);
      await client.ended();
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_refused", why: "connect_refused" }]);
    expect(server.events.filter(({ kind }) => kind === "channel_joined")).toHaveLength(1);
  });
});

describe("the request target", () => {
  const REFUSALS: readonly (readonly [string, string, number])[] = [
    ["of 4,097 characters", `${PHOENIX}&x=`.padEnd(4_097, "x"), 414],
    ["with 1,001 parameters", `/socket/websocket?${"a&".repeat(1_000)}vsn=2.0.0`, 400],
    ["with a parameter nested 33 deep", `${PHOENIX}&a${"[b]".repeat(32)}=1`, 400],
    ["with a broken escape", `${PHOENIX}&x=%zz`, 400],
    ["with an escape that is not UTF-8", `${PHOENIX}&x=%ff`, 400],
  ];

  test.each(["vsn[]=2.0.0", "vsn[major]=2", "vsn=", "vsn=2.1.0", "vsn=__proto__", "vsn=1.0.0&vsn=9.9.9"])(
    "A10 the version %s is refused with 403",
    async (query) => {
      await expectRefused({ target: `/socket/websocket?${query}`, status: 403, why: "version" });
    },
  );

  test.each(REFUSALS)("A10 a target %s is refused", async (_name, target, status) => {
    await expectRefused({ target, status, why: "bad_request" });
  });

  test.each([
    "/socket/../socket/websocket",
    "/socket/%2e%2e/socket/websocket",
    "/%73ocket/websocket",
    "//socket/websocket",
    "/socket//websocket",
    "/socket/websocket/",
    "/socket/WebSocket",
    "/socket",
    "/tenants//websocket",
    "/tenants/%ff/websocket",
    "/tenants/a/b/websocket",
    "http://elsewhere.example/socket/websocket",
    "/socket/websocket%00",
    "/__proto__",
    "/cable/x",
  ])("A10 the path %s is nobody's", async (path) => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.request(`${path}?vsn=2.0.0&token=${SECRET}`);

      expect((await client.answer()).status).toBe(404);
      await client.ended();
    });
    expect(server.reports()).toEqual([]);
  });

  test.each([
    ["__proto__[polluted]=1", '{"__proto__":{"polluted":"1"},"vsn":"2.0.0"}'],
    ["constructor[prototype][polluted]=1", '{"constructor":{"prototype":{"polluted":"1"}},"vsn":"2.0.0"}'],
    ["a[__proto__][polluted]=1", '{"a":{"__proto__":{"polluted":"1"}},"vsn":"2.0.0"}'],
    ["transport=__proto__", '{"transport":"__proto__","vsn":"2.0.0"}'],
  ])("A10 the parameter %s is data", async (query, expected) => {
    const seen: string[] = [];
    await using server = await startServer({
      connect: ({ params }) => {
        seen.push(JSON.stringify(params));
        return {};
      },
    });
    await withBystander(server, async () => {
      await expectAnswered(await server.open(`/socket/websocket?${query}&vsn=2.0.0`));
    });
    expect(seen).toEqual([expected]);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  test.each(["__proto__", "constructor", "a%00b"])("A10 the long-poll token %s is no session's", async (token) => {
    await using server = await startServer({ connect: () => ({}) });
    await withBystander(server, async () => {
      const polled = await server.fetch(`/socket/longpoll?vsn=2.0.0&token=${token}`);
      const posted = await server.fetch(`/socket/longpoll?vsn=2.0.0&token=${token}`, { method: "POST", body: "[]" });

      expect(await polled.json()).toMatchObject({ status: 410, messages: [] });
      expect(await posted.json()).toEqual({ status: 410 });
    });
    expect(server.reports()).toEqual([]);
  });

  test("A10 a path variable that looks like a way up is data", async () => {
    const seen: unknown[] = [];
    await using server = await startServer({
      connect: ({ params }) => {
        seen.push(params["tenant"]);
        return {};
      },
    });
    await withBystander(server, async () => {
      await expectAnswered(await server.open("/tenants/%2e%2e%2fadmin/websocket?vsn=2.0.0"));
    });
    expect(seen).toEqual(["../admin"]);
  });
});

describe("a token", () => {
  const BASE64_SECRET = Buffer.from(SECRET).toString("base64").replace(/=+$/, "");

  test.each([
    ["in the query", PHOENIX, {}],
    ["in the query of Action Cable", CABLE, {}],
    ["as jid", `/cable?jid=${SECRET}`, {}],
    ["in Authorization", "/socket/websocket?vsn=2.0.0", { authorization: `Bearer ${SECRET}` }],
    ["in x-jid", "/cable", { "x-jid": SECRET }],
    [
      "in the subprotocols",
      "/socket/websocket?vsn=2.0.0",
      { "sec-websocket-protocol": `phoenix, base64url.bearer.phx.${BASE64_SECRET}` },
    ],
    ["in the subprotocols of Action Cable", "/cable", { "sec-websocket-protocol": `anycable-token.${SECRET}` }],
  ])("A9 a token %s admits, and neither answer nor telemetry shows it", async (_name, target, headers) => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.request(target, headers);

      const { status, head } = await client.answer();

      expect(status).toBe(101);
      expect(head).not.toContain(SECRET);
      expect(head).not.toContain(BASE64_SECRET);
    });
    expect(JSON.stringify(server.events)).not.toContain(BASE64_SECRET);
  });

  test.each([
    ["refuses", { connect: () => refuse("unauthorized") }, 403],
    [
      "throws",
      {
        connect: () => {
          throw new Error("no database");
        },
      },
      500,
    ],
  ])("A9 the answer shows no token when the connect handler %s", async (_name, options: TestServerOptions, status) => {
    await using server = await startServer(options);
    await withBystander(server, async () => {
      const client = await server.request(PHOENIX, { authorization: `Bearer ${SECRET}` });

      const answer = await client.answer();

      expect(answer.status).toBe(status);
      expect(answer.head + answer.body).not.toContain(SECRET);
      await client.ended();
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_refused", status }]);
  });

  test("A9 the URL that the connect handler sees has no query", async () => {
    const seen: string[] = [];
    await using server = await startServer({
      connect: ({ url }) => {
        seen.push(url.href);
        return {};
      },
    });
    await withBystander(server, async () => expectAnswered(await server.open(PHOENIX)));
    expect(seen).toEqual(["http://chat.example/socket/websocket"]);
  });
});

function neverAnswers(): TestServerOptions {
  return { connect: () => new Promise(() => {}) };
}

function earlyFrames(): readonly Buffer[] {
  const messages = [
    ["1", "1", "room:1", "phx_join", {}],
    ["1", "2", "room:1", "echo", { early: 1 }],
    ["1", "3", "room:1", "echo", { early: 2 }],
  ];
  return messages.map((message) => frameOf({ payload: JSON.stringify(message) }));
}

async function expectEarlyAnswers(client: RawClient): Promise<void> {
  client.send([null, "4", "phoenix", "heartbeat", {}]);
  const answers = [await client.message(), await client.message(), await client.message(), await client.message()];
  const echo = (ref: string, early: number): unknown => {
    return ["1", ref, "room:1", "phx_reply", { status: "ok", response: { early } }];
  };
  // A heartbeat is answered by the connection, the others by the channel in its own order.
  expect(answers.filter((answer) => Array.isArray(answer) && answer[2] === "room:1")).toEqual([
    ["1", "1", "room:1", "phx_reply", { status: "ok", response: {} }],
    echo("2", 1),
    echo("3", 2),
  ]);
}
