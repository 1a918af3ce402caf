import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectPhoenix, error, ok, VERSIONS } from "./support/phoenix-client.ts";
import { startPortedServer } from "./support/ported-server.ts";
import type { SmallServer } from "./support/small-server.ts";
import { connect, connectRefused } from "./support/web-socket-client.ts";

// The cases of Phoenix's own suite for channels over WebSocket, each named by its
// id. Refs count from 1 and join refs from 11, so that a server that couples the
// two fails. What the originals look up in processes or logs is looked up here in
// frames or telemetry.

let server: SmallServer;
beforeAll(async () => {
  server = await startPortedServer();
});
afterAll(() => server[Symbol.asyncDispose]());

/** What every join of `room:*` is followed by. */
const GREETING_COUNT = 3;

describe.each(VERSIONS)("channels over WebSocket, version %s", (vsn) => {
  const at = (path: string, query = "") => connectPhoenix(`${server.url}${path}`, { vsn, query });
  const joinRef = vsn === "1.0.0" ? null : "11";
  /** The join ref that pushes carry: the join's own ref where the client gave none. */
  const pushRef = vsn === "1.0.0" ? null : "11";

  test("a mount may have several path segments (ws-1)", async () => {
    using client = await at("/ws/admin");

    expect(await client.ask("11", "1", "room:admin", "phx_join", {})).toStrictEqual(
      client.frames(ok("11", "1", "room:admin"))[0],
    );
  });

  test("a client joins, talks, leaves, and is then a stranger (ws-2)", async () => {
    using client = await at("/ws");

    client.send("11", "1", "room:lobby", "phx_join", { user: "panda" });
    expect(await client.take(GREETING_COUNT)).toStrictEqual(
      client.frames(
        ok("11", "1", "room:lobby"),
        [null, null, "room:lobby", "user_entered", { user: "panda" }],
        [pushRef, null, "room:lobby", "joined", { status: "connected" }],
      ),
    );

    client.send("11", "2", "room:lobby", "new_msg", { body: "hi" });
    expect(await client.take(2)).toStrictEqual(
      client.frames(ok("11", "2", "room:lobby"), [
        pushRef,
        null,
        "room:lobby",
        "new_msg",
        { body: "hi", transport: "websocket" },
      ]),
    );

    client.send("11", "3", "room:lobby", "phx_leave", {});
    expect(await client.take(GREETING_COUNT)).toStrictEqual(
      client.frames(
        ok("11", "3", "room:lobby"),
        [joinRef, joinRef, "room:lobby", "phx_close", {}],
        [pushRef, null, "room:lobby", "you_left", { message: "bye!" }],
      ),
    );

    const refused = await client.ask("11", "4", "room:lobby", "new_msg", { body: "again" });
    expect([refused]).toStrictEqual(client.frames(error(null, "4", "room:lobby", "unmatched topic")));
    expect(await client.silence()).toBe("silence");
  });

  test("the 101st join is refused by default (ws-3)", async () => {
    using client = await at("/ws");
    for (let index = 1; index <= 100; index++) {
      client.send("11", String(index), `room:${index}`, "phx_join", {});
      const [joined] = await client.take(GREETING_COUNT);
      expect([joined]).toStrictEqual(client.frames(ok("11", String(index), `room:${index}`)));
    }

    const refused = await client.ask("11", "101", "room:101", "phx_join", {});

    expect([refused]).toStrictEqual(client.frames(error("11", "101", "room:101", "too many channels joined")));
  });

  test("a mount may allow fewer channels (ws-4)", async () => {
    using client = await at("/ws/limited");
    client.send("11", "1", "room:1", "phx_join", {});
    await client.take(GREETING_COUNT);

    const refused = await client.ask("12", "2", "room:2", "phx_join", {});

    expect([refused]).toStrictEqual(client.frames(error("12", "2", "room:2", "too many channels joined")));
  });

  test("x- headers reach the connect handler (ws-5)", async () => {
    const request = await describeRequest(vsn, { "x-application": "Phoenix" });

    expect(request).toMatchObject({ headers: { "x-application": "Phoenix", "x-tenant": null } });
  });

  test("sec-websocket- headers reach the connect handler as they are (ws-6)", async () => {
    const request = await describeRequest(vsn, {});

    expect(request).toMatchObject({
      headers: {
        "sec-websocket-extensions": "permessage-deflate; client_max_window_bits",
        "sec-websocket-version": "13",
      },
    });
  });

  test("trace headers reach the connect handler (ws-7)", async () => {
    const request = await describeRequest(vsn, { traceparent: "00-a1-b2-01", tracestate: "panda=1" });

    expect(request).toMatchObject({ headers: { traceparent: "00-a1-b2-01", tracestate: "panda=1" } });
  });

  test("the peer's address and port reach the connect handler (ws-8)", async () => {
    const request = await describeRequest(vsn, {});

    expect(request).toMatchObject({ remoteAddress: "127.0.0.1", remotePort: expect.any(Number) });
  });

  test("host, path, port, scheme and query reach the connect handler (ws-9)", async () => {
    const request = await describeRequest(vsn, {});

    expect(request).toMatchObject({
      host: "127.0.0.1",
      path: "/ws/connect_info/websocket",
      port: new URL(server.url).port,
      scheme: "http:",
      params: { vsn },
    });
  });

  test("the user agent reaches the connect handler (ws-10)", async () => {
    const request = await describeRequest(vsn, { "user-agent": "panda/1.0" });

    expect(request).toMatchObject({ headers: { "user-agent": "panda/1.0" } });
  });

  test("an opened connection is reported with transport, wire protocol and path (ws-13)", async () => {
    await using reported = await startPortedServer();
    using _client = await connectPhoenix(`${reported.url}/ws`, { vsn, query: "logging=enabled" });

    expect(await reported.nextEvent("connection_opened")).toMatchObject({
      transport: "websocket",
      wireProtocol: vsn === "1.0.0" ? "phoenix-1" : "phoenix-2",
      path: "/ws",
    });
  });

  test("reports of connects, joins and failures carry no parameters and no payloads (ws-15)", async () => {
    await using reported = await startPortedServer();
    using client = await connectPhoenix(`${reported.url}/ws`, { vsn, query: "password=hunter2" });
    client.send("11", "1", "room:secret", "phx_join", { password: "hunter2" });
    await client.take(GREETING_COUNT);
    client.send("11", "2", "room:secret", "boom", { password: "hunter2" });
    await client.next();

    await reported.nextEvent("handler_failed");

    expect(reported.events.map(({ kind }) => kind)).toContain("channel_joined");
    expect(JSON.stringify(reported.events)).not.toContain("hunter2");
  });

  test("a crash is told with phx_error and its reason (ws-16)", async () => {
    using client = await at("/ws");
    client.send("11", "1", "room:crash", "phx_join", {});
    await client.take(GREETING_COUNT);

    const crashed = await client.ask("11", "2", "room:crash", "boom", {});

    expect([crashed]).toStrictEqual(
      client.frames([joinRef, joinRef, "room:crash", "phx_error", { reason: "channel_crash" }]),
    );
  });

  test("channels end when their connection does (ws-17)", async () => {
    await using reported = await startPortedServer();
    using client = await connectPhoenix(`${reported.url}/ws`, { vsn });
    client.send("11", "1", "room:lobby", "phx_join", {});
    await client.take(GREETING_COUNT);

    await client.link.close();

    expect(await reported.nextEvent("channel_ended")).toMatchObject({ topic: "room:lobby", reason: "closed" });
  });

  test("a message for a topic that is not joined is refused, and nothing else happens (ws-18)", async () => {
    using client = await at("/ws");

    const refused = await client.ask("11", "1", "room:lobby", "new_msg", { body: "hi" });

    expect([refused]).toStrictEqual(client.frames(error(null, "1", "room:lobby", "unmatched topic")));
    expect(await client.silence()).toBe("silence");
  });

  test("an origin that is not allowed is refused with 403, an allowed one connects (ws-19)", async () => {
    const url = `${server.url}/ws/websocket?vsn=${vsn}`;

    expect(await connectRefused(url, { origin: "https://notallowed.com" })).toStrictEqual({ status: 403, body: "" });
    using allowed = await connect(url, { origin: "https://example.com" });
    expect(allowed.webSocket.readyState).toBe(1);
  });

  test("a refused connect is answered with 403 (ws-20)", async () => {
    const url = `${server.url}/ws/websocket?vsn=${vsn}&reject=true`;

    expect(await connectRefused(url)).toStrictEqual({ status: 403, body: "" });
  });

  test("a mount chooses its own answer to a refusal with a reason (ws-21)", async () => {
    const url = `${server.url}/ws/websocket?vsn=${vsn}&ratelimit=true`;

    expect(await connectRefused(url)).toStrictEqual({ status: 429, body: "Too many requests" });
  });

  test("disconnecting a socket id closes its connection with 1001 and ends its channels (ws-22)", async () => {
    await using reported = await startPortedServer();
    using client = await connectPhoenix(`${reported.url}/ws`, { vsn, query: "user_id=1001" });
    for (const [ref, topic] of [
      ["1", "room:lobby1"],
      ["2", "room:lobby2"],
    ] as const) {
      client.send("11", ref, topic, "phx_join", {});
      await client.take(GREETING_COUNT);
    }

    reported.server.disconnect("user_sockets:1001");

    expect((await client.link.ending()).code).toBe(1001);
    expect(await reported.nextEvent("channel_ended")).toMatchObject({ topic: "room:lobby1" });
    expect(await reported.nextEvent("channel_ended")).toMatchObject({ topic: "room:lobby2" });
  });

  test("a second join of the same topic is answered like the first (ws-23)", async () => {
    using client = await at("/ws");
    client.send("11", "1", "room:joiner", "phx_join", {});
    const [first] = await client.take(GREETING_COUNT);

    const second = await client.ask("12", "2", "room:joiner", "phx_join", {});

    expect([first, second]).toStrictEqual(client.frames(ok("11", "1", "room:joiner"), ok("12", "2", "room:joiner")));
  });

  test("a client that falls silent is closed (ws-25)", async () => {
    using client = await at("/ws/quick");
    const alive = await client.ask(null, "1", "phoenix", "heartbeat", {});

    const { code } = await client.link.ending();

    expect([alive]).toStrictEqual(client.frames(ok(null, "1", "phoenix")));
    expect(code).toBe(4000);
  });

  test("a join that no channel matches is refused without a join ref, and reported (ws-26)", async () => {
    await using reported = await startPortedServer();
    using client = await connectPhoenix(`${reported.url}/ws`, { vsn });

    const refused = await client.ask("11", "1", "unknown:lobby", "phx_join", {});

    expect([refused]).toStrictEqual(client.frames(error(null, "1", "unknown:lobby", "unmatched topic")));
    expect(await reported.nextEvent("join_refused")).toMatchObject({
      topic: "unknown:lobby",
      reason: "unmatched topic",
    });
  });

  test("a channel's join answers pass through, a crash is named, and a stop closes (ws-27)", async () => {
    using client = await at("/ws");

    const failed = await client.ask("11", "1", "custom:a", "phx_join", { action: "error" });
    const crashed = await client.ask("12", "2", "custom:a", "phx_join", { action: "crash" });
    const joined = await client.ask("11", "3", "custom:a", "phx_join", { action: "ok" });
    const closed = await client.ask("11", "4", "custom:a", "close", {});

    expect([failed, crashed, joined, closed]).toStrictEqual(
      client.frames(
        ["11", "1", "custom:a", "phx_reply", { status: "error", response: { action: "error" } }],
        error("12", "2", "custom:a", "join crashed"),
        ok("11", "3", "custom:a", { action: "ok" }),
        [joinRef, joinRef, "custom:a", "phx_close", {}],
      ),
    );
  });
});

describe("channels over WebSocket, whatever the version", () => {
  test("a version that is not served is refused with 403 and reported (ws-24)", async () => {
    await using reported = await startPortedServer();

    const refusal = await connectRefused(`${reported.url}/ws/websocket?vsn=123.1.1`);

    expect(refusal).toStrictEqual({ status: 403, body: "" });
    expect(await reported.nextEvent("connection_refused")).toMatchObject({ why: "version", status: 403, path: "/ws" });
  });

  test.each(["2.1.0", "1.1.0", "3.0.0", "2", "2.0", "abc", ""])("version %j is refused with 403", async (vsn) => {
    expect(await connectRefused(`${server.url}/ws/websocket?vsn=${vsn}`)).toStrictEqual({ status: 403, body: "" });
  });

  test("a client without a version is served V1", async () => {
    using client = await connect(`${server.url}/ws/websocket`);

    const joined = await client.ask({ topic: "room:a", event: "phx_join", payload: {}, ref: "1" });

    expect(joined).toStrictEqual({
      topic: "room:a",
      event: "phx_reply",
      payload: { status: "ok", response: {} },
      ref: "1",
    });
  });

  test("bytes go both ways with their refs (ws-28)", async () => {
    using client = await connectPhoenix(`${server.url}/ws`);
    client.send("11", "1", "room:lobby", "phx_join", {});
    await client.take(GREETING_COUNT);

    client.link.sendBytes(Buffer.from([0, 2, 1, 10, 12, ...Buffer.from("112room:lobbybinary_event"), 1, 2]));

    expect(await client.take(2)).toStrictEqual([
      [0, 2, 10, 12, ...Buffer.from("11room:lobbybinary_event"), 0, 1],
      [1, 2, 1, 10, 2, ...Buffer.from("112room:lobbyok"), 1, 2, 3, 4],
    ]);
  });
});

/** What the connect handler was told of a handshake with these headers. */
async function describeRequest(
  vsn: (typeof VERSIONS)[number],
  headers: Readonly<Record<string, string>>,
): Promise<unknown> {
  using client = await connectPhoenix(`${server.url}/ws/connect_info`, { vsn, headers });
  client.send("11", "1", "room:info", "phx_join", {});
  await client.take(GREETING_COUNT);
  const reply: unknown = await client.ask("11", "2", "room:info", "request", {});
  const payload: unknown = Array.isArray(reply) ? reply[4] : Object(reply).payload;
  return Object(payload).response;
}
