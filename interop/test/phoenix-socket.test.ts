import { request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import { type OriginPolicy, phoenixAt } from "@hutong/server/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LongPollClient, openSession } from "./support/long-poll-client.ts";
import { connectPhoenix, ok } from "./support/phoenix-client.ts";
import { startPortedServer } from "./support/ported-server.ts";
import { type SmallServer, startSmallServer } from "./support/small-server.ts";
import { connect, connectRefused } from "./support/web-socket-client.ts";
import { within } from "./support/limits.ts";

// The cases of Phoenix's own suites for sockets, each named by its id, and the rules
// of the handshake. Where the originals use a socket without channels, a room answers.

let server: SmallServer;
beforeAll(async () => {
  server = await startPortedServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const webSocketUrl = () => `${server.url}/ws/websocket?vsn=2.0.0`;
const TOKEN_PREFIX = "base64url.bearer.phx.";

describe("a socket over WebSocket", () => {
  test("a GET that asks for no upgrade is answered with 400 and told why (wss-1)", async () => {
    const response = await fetch(webSocketUrl());

    expect(response.status).toBe(400);
    expect(await response.text()).toContain("connection header must contain upgrade");
  });

  test("a method other than GET is answered with 400 and no body", async () => {
    const response = await fetch(webSocketUrl(), { method: "POST", body: "{}" });

    expect([response.status, await response.text()]).toStrictEqual([400, ""]);
  });

  test("a GET that asks for no upgrade still asks the connect handler", async () => {
    const response = await fetch(`${webSocketUrl()}&reject=true`);

    expect(response.status).toBe(403);
  });

  test("an unsupported WebSocket version is answered with 400", async () => {
    const headers = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": "x".repeat(22) + "==" };
    const refused = new Promise<number | undefined>((resolve, reject) => {
      const outgoing = httpRequest(webSocketUrl(), { headers: { ...headers, "sec-websocket-version": "12" } });
      outgoing.on("response", (response) => {
        text(response).then(() => resolve(response.statusCode), reject);
      });
      outgoing.on("error", reject);
      outgoing.end();
    });

    expect(await within(refused, "the refusal")).toBe(400);
  });

  test.each([
    { origin: "https://example.com", status: 101 },
    { origin: "http://example.com:8080", status: 101 },
    { origin: "https://sub.example.com", status: 403 },
    { origin: "https://notexample.com", status: 403 },
    { origin: "null", status: 403 },
    { origin: "file://", status: 403 },
  ])("the origin $origin is answered with $status (wss-2)", async ({ origin, status }) => {
    expect(await handshakeStatus(webSocketUrl(), { origin })).toBe(status);
  });

  test.each([
    { subprotocols: [], status: 101, echoed: undefined },
    { subprotocols: ["phoenix"], status: 101, echoed: "phoenix" },
    { subprotocols: ["mqtt", "phoenix"], status: 101, echoed: "phoenix" },
    { subprotocols: ["mqtt"], status: 403, echoed: undefined },
  ])("subprotocols $subprotocols are answered with $status (wss-3)", async ({ subprotocols, status, echoed }) => {
    expect(await handshakeStatus(webSocketUrl(), { subprotocols })).toBe(status);
    if (status !== 101) return;
    using client = await connect(webSocketUrl(), { subprotocols });
    expect(client.headers["sec-websocket-protocol"]).toBe(echoed);
  });

  test("a ping is answered by a pong with the same payload, and disturbs nothing (wss-5, wss-9)", async () => {
    using client = await connectPhoenix(`${server.url}/ws`);
    const ponged = new Promise<string>((resolve) => {
      client.link.webSocket.on("pong", (payload) => resolve(payload.toString("utf8")));
    });

    client.link.webSocket.ping("panda");

    expect(await within(ponged, "the pong")).toBe("panda");
    expect(await client.silence()).toBe("silence");
  });

  test("a mount's path may be anywhere, and other paths are not found (wss-7)", async () => {
    expect(await handshakeStatus(`${server.url}/ws/admin/websocket?vsn=2.0.0`)).toBe(101);
    expect(await handshakeStatus(`${server.url}/ws/elsewhere/websocket?vsn=2.0.0`)).toBe(404);
    expect((await fetch(`${server.url}/ws`)).status).toBe(404);
  });

  test("variables of the path become parameters (wss-8)", async () => {
    using client = await connectPhoenix(`${server.url}/ws/tenants/bamboo%20grove`, { query: "a%5Bb%5D=1" });
    client.send("1", "1", "room:a", "phx_join", {});
    await client.take(3);

    const reply = await client.ask("1", "2", "room:a", "request", {});

    expect(reply).toMatchObject(
      ok("1", "2", "room:a", { params: { vsn: "2.0.0", tenant: "bamboo grove", a: { b: "1" } } }),
    );
  });
});

describe("which pages may connect", () => {
  const LIST = ["https://example.com", "//another.com:888", "//*.other.com"];

  test.each<{ policy: OriginPolicy; origin: string | undefined; status: number }>([
    { policy: LIST, origin: "https://example.com", status: 101 },
    { policy: LIST, origin: "https://example.com:443", status: 101 },
    { policy: LIST, origin: "http://example.com", status: 403 },
    { policy: LIST, origin: "https://example.com:8443", status: 403 },
    { policy: LIST, origin: "http://another.com:888", status: 101 },
    { policy: LIST, origin: "https://another.com:888", status: 101 },
    { policy: LIST, origin: "https://another.com", status: 403 },
    { policy: LIST, origin: "https://other.com", status: 101 },
    { policy: LIST, origin: "http://deep.er.other.com:1234", status: 101 },
    { policy: LIST, origin: "https://prefix-other.com", status: 403 },
    { policy: LIST, origin: "https://other.com.evil.example", status: 403 },
    { policy: LIST, origin: "null", status: 403 },
    { policy: LIST, origin: undefined, status: 101 },
    { policy: "any", origin: "https://anywhere.example", status: 101 },
    { policy: "any", origin: "null", status: 101 },
    { policy: "same_host", origin: "https://example.com", status: 403 },
    { policy: ({ hostname }) => hostname === "chosen.example", origin: "https://chosen.example", status: 101 },
    { policy: ({ hostname }) => hostname === "chosen.example", origin: "https://other.example", status: 403 },
  ])("$origin under $policy: $status", async ({ policy, origin, status }) => {
    await using small = await startSmallServer({ channels: [] }, [phoenixAt("/socket", { origins: policy })]);
    const url = `${small.url}/socket/websocket?vsn=2.0.0`;

    expect(await handshakeStatus(url, origin === undefined ? {} : { origin })).toBe(status);
  });

  test("the page of the host itself passes by default", async () => {
    await using small = await startSmallServer({ channels: [] });

    expect(await handshakeStatus(`${small.url}/socket/websocket?vsn=2.0.0`, { origin: small.url })).toBe(101);
  });
});

describe("odd addresses", () => {
  test.each([
    { query: "vsn=2.0.0&a=%zz", status: 400 },
    { query: `vsn=2.0.0&a=${"x".repeat(5_000)}`, status: 414 },
    { query: "vsn[]=2.0.0", status: 403 },
    { query: "vsn=2.0.0&vsn=9.9.9", status: 403 },
    { query: "vsn=9.9.9&vsn=2.0.0", status: 101 },
    { query: "vsn=2.0.0&&=&a", status: 101 },
  ])("$query is answered with $status", async ({ query, status }) => {
    expect(await handshakeStatus(`${server.url}/ws/websocket?${query}`)).toBe(status);
  });

  test("no upgrade leads to a long-poll address", async () => {
    expect(await handshakeStatus(`${server.url}/ws/longpoll?vsn=2.0.0`)).toBe(404);
  });
});

describe("the token of a socket", () => {
  test("a token beside phoenix is taken, wherever it stands, and is not echoed", async () => {
    const token = TOKEN_PREFIX + Buffer.from("1234+/?panda").toString("base64").replaceAll("=", "");
    for (const subprotocols of [
      ["phoenix", token],
      [token, "phoenix"],
    ]) {
      using client = await connect(webSocketUrl(), { subprotocols });
      expect(client.headers["sec-websocket-protocol"]).toBe("phoenix");
    }
  });

  test("garbage instead of a token is refused with 403", async () => {
    expect(await connectRefused(webSocketUrl(), { subprotocols: ["phoenix", `${TOKEN_PREFIX}!!!`] })).toStrictEqual({
      status: 403,
      body: "",
    });
  });
});

describe("a socket over long poll", () => {
  test("an allowed origin is given a session, another one 403 (lps-1)", async () => {
    const friend = new LongPollClient(`${server.url}/ws`, { headers: { origin: "https://example.com" } });
    const stranger = new LongPollClient(`${server.url}/ws`, { headers: { origin: "https://notallowed.com" } });

    expect((await friend.poll()).status).toBe(410);
    expect(await stranger.poll()).toStrictEqual({ status: 403 });
  });

  test("variables of the path become parameters (lps-3)", async () => {
    const client = await openSession(`${server.url}/ws/tenants/bamboo`);
    await client.post(["1", "1", "room:a", "phx_join", {}]);
    await client.take(3);
    await client.post(["1", "2", "room:a", "request", {}]);

    expect(await client.next()).toMatchObject(ok("1", "2", "room:a", { params: { tenant: "bamboo" } }));
  });

  test("the session's token is taken from a header (lps-4)", async () => {
    const { token } = await openSession(`${server.url}/ws`);

    const posted = await postWith({ "x-phoenix-longpoll-token": token }, "");

    expect(posted).toStrictEqual({ status: 200 });
  });

  test("the header wins over a token in the query (lps-5)", async () => {
    const { token } = await openSession(`${server.url}/ws`);

    const posted = await postWith({ "x-phoenix-longpoll-token": token }, "&token=bogus");

    expect(posted).toStrictEqual({ status: 200 });
  });

  test("answers are never stored (lps-6)", async () => {
    const response = await fetch(`${server.url}/ws/longpoll?vsn=2.0.0`);

    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
  });

  test("a push of the server arrives in the poll (lps-7)", async () => {
    const client = await openSession(`${server.url}/ws`);
    await client.post(["1", "1", "room:async", "phx_join", {}]);
    await client.take(3);

    server.server.broadcast("room:async", "ping", { at: 1 });

    expect(await client.next()).toStrictEqual([null, null, "room:async", "ping", { at: 1 }]);
  });
});

async function postWith(headers: Readonly<Record<string, string>>, query: string): Promise<unknown> {
  const body = '[null,"1","phoenix","heartbeat",{}]';
  const response = await fetch(`${server.url}/ws/longpoll?vsn=2.0.0${query}`, { method: "POST", headers, body });
  return response.json();
}

async function handshakeStatus(url: string, options: Parameters<typeof connect>[1] = {}): Promise<number | undefined> {
  try {
    using _client = await connect(url, options);
    return 101;
  } catch {
    // The handshake was refused; ask again for the status.
    return (await connectRefused(url, options)).status;
  }
}
