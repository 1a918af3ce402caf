import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSession, LongPollClient } from "./support/long-poll-client.ts";
import { startObservedServer } from "./support/observed-server.ts";
import { clientFrame, connectPhoenix, error, ok, serverFrame, VERSIONS } from "./support/phoenix-client.ts";
import { startPortedServer } from "./support/ported-server.ts";
import type { SmallServer } from "./support/small-server.ts";

// The cases of Phoenix's own suite for channels over long poll, each named by its id.

let server: SmallServer;
beforeAll(async () => {
  server = await startPortedServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const JOIN = ["1", "1", "room:lobby", "phx_join", { user: "panda" }] as const;
/** What every join of `room:*` is answered with. */
const GREETING = [
  ok("1", "1", "room:lobby"),
  [null, null, "room:lobby", "user_entered", { user: "panda" }],
  ["1", null, "room:lobby", "joined", { status: "connected" }],
];

const open = (path = "/ws") => openSession(`${server.url}${path}`);

/** A client in the lobby. */
async function openJoined(url: string, query?: string): Promise<LongPollClient> {
  const client = await openSession(url, query === undefined ? {} : { query });
  await client.post(JOIN);
  await client.take(GREETING.length);
  return client;
}

describe("channels over long poll", () => {
  test("a client joins and polls its messages in order, then nothing (lp-1)", async () => {
    const client = await open("/ws/poll");

    const posted = await client.post(JOIN);
    const frames = await client.take(GREETING.length);
    const idle = await client.poll();

    expect(posted).toStrictEqual({ status: 200 });
    expect(frames).toStrictEqual(GREETING);
    expect(idle).toStrictEqual({ status: 204, token: client.token, messages: [] });
  });

  test("the 101st join is refused (lp-2)", async () => {
    const client = await open();
    for (let index = 1; index <= 100; index++) {
      await client.post(["11", String(index), `room:${index}`, "phx_join", {}]);
      expect((await client.take(GREETING.length))[0]).toStrictEqual(ok("11", String(index), `room:${index}`));
    }

    await client.post(["11", "101", "room:101", "phx_join", {}]);

    expect(await client.next()).toStrictEqual(error("11", "101", "room:101", "too many channels joined"));
  });

  test("x- headers reach the connect handler (lp-3)", async () => {
    expect(await describeRequest({ "x-application": "Phoenix" })).toMatchObject({
      headers: { "x-application": "Phoenix" },
    });
  });

  test("trace headers reach the connect handler (lp-4)", async () => {
    expect(await describeRequest({ traceparent: "00-a1-b2-01", tracestate: "panda=1" })).toMatchObject({
      headers: { traceparent: "00-a1-b2-01", tracestate: "panda=1" },
    });
  });

  test("the peer's address and port reach the connect handler (lp-5)", async () => {
    expect(await describeRequest({})).toMatchObject({ remoteAddress: "127.0.0.1", remotePort: expect.any(Number) });
  });

  test("path, query and transport reach the connect handler (lp-6)", async () => {
    expect(await describeRequest({})).toMatchObject({
      path: "/ws/connect_info/longpoll",
      params: { vsn: "2.0.0" },
      transport: "longpoll",
    });
  });

  test("a push is broadcast, and one to a room that is not joined is refused in the poll (lp-7)", async () => {
    const client = await openJoined(`${server.url}/ws`);

    const posted = await client.post(["1", "2", "room:lobby", "new_msg", { body: "hi" }]);
    const answers = await client.take(2);
    const postedElsewhere = await client.post(["2", "3", "room:elsewhere", "new_msg", { body: "hi" }]);
    const refused = await client.next();

    expect([posted, postedElsewhere]).toStrictEqual([{ status: 200 }, { status: 200 }]);
    expect(answers).toStrictEqual([
      ok("1", "2", "room:lobby"),
      ["1", null, "room:lobby", "new_msg", { body: "hi", transport: "longpoll" }],
    ]);
    expect(refused).toStrictEqual(error(null, "3", "room:elsewhere", "unmatched topic"));
  });

  test("a message needs no join ref (lp-8)", async () => {
    const client = await openJoined(`${server.url}/ws`);

    await client.post([null, "2", "room:lobby", "new_msg", { body: "hi" }]);

    expect(await client.next()).toStrictEqual(ok("1", "2", "room:lobby"));
  });

  test("a batch is taken in order, mixes text with bytes, and leaves stale messages out (lp-9)", async () => {
    const client = await openJoined(`${server.url}/ws`);
    const bytes = Buffer.from([0, 1, 1, 10, 3, ...Buffer.from("14room:lobbybin"), 1, 2]).toString("base64");

    const posted = await client.postBody(
      [
        JSON.stringify(["1", "2", "room:lobby", "new_msg", { body: "one" }]),
        JSON.stringify(["stale", "3", "room:lobby", "new_msg", { body: "never" }]),
        "",
        bytes,
        JSON.stringify(["1", "5", "room:lobby", "new_msg", { body: "two" }]),
      ].join("\n"),
      "application/x-ndjson",
    );

    expect(posted).toStrictEqual({ status: 200 });
    expect(await client.take(5)).toStrictEqual([
      ok("1", "2", "room:lobby"),
      ["1", null, "room:lobby", "new_msg", { body: "one", transport: "longpoll" }],
      [null, null, "room:lobby", "bin_ack", {}],
      ok("1", "5", "room:lobby"),
      ["1", null, "room:lobby", "new_msg", { body: "two", transport: "longpoll" }],
    ]);
  });

  test("a session that nobody polls ends with its channels (lp-10)", async () => {
    await using reported = await startPortedServer();
    const client = await openJoined(`${reported.url}/ws/poll`);

    expect(await reported.nextEvent("connection_closed")).toMatchObject({ code: 1001 });
    expect(await reported.nextEvent("channel_ended")).toMatchObject({ topic: "room:lobby" });
    expect(await client.post(JOIN)).toStrictEqual({ status: 410 });
  });

  test("of a batch the first 100 messages are taken (lp-12)", async () => {
    const client = await openJoined(`${server.url}/ws`);
    const pushes = Array.from({ length: 101 }, (_, index) => [null, String(index + 1), "phoenix", "heartbeat", {}]);

    await client.post(...pushes);
    const frames = await client.take(100);
    await client.post([null, "after", "phoenix", "heartbeat", {}]);

    expect(frames.at(-1)).toStrictEqual(ok(null, "100", "phoenix"));
    expect(await client.next()).toStrictEqual(ok(null, "after", "phoenix"));
  });

  test.each(["reject=true", "ratelimit=true"])(
    "a connect that is refused (%s) is answered with 403 (lp-13)",
    async (query) => {
      const client = new LongPollClient(`${server.url}/ws`, { query: `vsn=2.0.0&${query}` });

      expect(await client.poll()).toStrictEqual({ status: 403 });
    },
  );

  test.each(VERSIONS)(
    "an origin that is not allowed is answered with 403, an allowed one with a session, version %s (lp-14)",
    async (vsn) => {
      const query = `vsn=${vsn}`;
      const stranger = new LongPollClient(`${server.url}/ws`, {
        query,
        headers: { origin: "https://notallowed.com" },
      });
      const friend = new LongPollClient(`${server.url}/ws`, { query, headers: { origin: "https://example.com" } });

      expect(await stranger.poll()).toStrictEqual({ status: 403 });
      expect(await friend.poll()).toStrictEqual({ status: 410, token: friend.token, messages: [] });
    },
  );

  test("reports of joins carry no parameters (lp-15)", async () => {
    await using reported = await startPortedServer();
    const client = await openSession(`${reported.url}/ws`, { query: "vsn=2.0.0&password=hunter2" });
    await client.post(["1", "1", "room:lobby", "phx_join", { password: "hunter2" }]);

    await reported.nextEvent("channel_joined");

    expect(JSON.stringify(reported.events)).not.toContain("hunter2");
  });

  test.each(VERSIONS)("a crash arrives in the poll with the join's refs, version %s (lp-16)", async (vsn) => {
    const client = await openSession(`${server.url}/ws`, { query: `vsn=${vsn}` });
    const joinRef = vsn === "1.0.0" ? null : "1";
    await client.postBody(
      JSON.stringify(clientFrame(vsn, ["1", "1", "room:lobby", "phx_join", {}])),
      "application/json",
    );
    await client.take(GREETING.length);

    await client.postBody(JSON.stringify(clientFrame(vsn, ["1", "2", "room:lobby", "boom", {}])), "application/json");

    const crash = { reason: "channel_crash" };
    expect(await client.next()).toStrictEqual(serverFrame(vsn, [joinRef, joinRef, "room:lobby", "phx_error", crash]));
  });

  test("a leave with a stale join ref is ignored, one without a join ref counts (lp-17)", async () => {
    const client = await openJoined(`${server.url}/ws`);

    const stale = await client.post(["stale", "2", "room:lobby", "phx_leave", {}]);
    const left = await client.post([null, "3", "room:lobby", "phx_leave", {}]);

    expect([stale, left]).toStrictEqual([{ status: 200 }, { status: 200 }]);
    expect(await client.take(2)).toStrictEqual([ok("1", "3", "room:lobby"), ["1", "1", "room:lobby", "phx_close", {}]]);
  });

  test("disconnecting a socket id ends the session and its channels (lp-18)", async () => {
    await using reported = await startPortedServer();
    const client = await openJoined(`${reported.url}/ws`, "vsn=2.0.0&user_id=1001");
    const { token } = client;

    reported.server.disconnect("user_sockets:1001");
    const posted = await client.post(JOIN);
    const farewell = await client.poll();
    const created = await client.poll();

    expect(posted).toStrictEqual({ status: 410 });
    expect(farewell.status).toBe(410);
    expect(created).toStrictEqual({ status: 410, messages: [], token: client.token });
    expect(client.token).not.toBe(token);
    expect(await reported.nextEvent("channel_ended")).toMatchObject({ topic: "room:lobby" });
  });

  test("a version that is not served is answered with 403 (lp-19)", async () => {
    await using reported = await startPortedServer();
    const client = new LongPollClient(`${reported.url}/ws`, { query: "vsn=123.1.1" });

    expect(await client.poll()).toStrictEqual({ status: 403 });
    expect(await reported.nextEvent("connection_refused")).toMatchObject({ why: "version", path: "/ws" });
  });

  test.each(["", "text/plain;charset=UTF-8", "application/x-ndjson; charset=utf-8"])(
    "a body of type %j is one frame (lp-20)",
    async (contentType) => {
      const client = await open();

      const posted = await client.postBody(JSON.stringify(JOIN), contentType);

      expect(posted).toStrictEqual({ status: 200 });
      expect(await client.take(GREETING.length)).toStrictEqual(GREETING);
    },
  );
});

describe("long poll as a transport", () => {
  test("a poll waits for its window, however short the idle timeout of WebSockets is", async () => {
    // The mount's idle timeout is 200 ms, its window 10 s.
    const client = await openSession(`${server.url}/ws/quick`);
    const parked = client.poll();
    using silent = await connectPhoenix(`${server.url}/ws/quick`);
    await silent.link.ending();

    await client.post([null, "1", "phoenix", "heartbeat", {}]);

    expect((await parked).status).toBe(200);
  });

  test("a message wakes the poll that waits for it", async () => {
    const client = await openSession(`${server.url}/ws`);
    await client.post(JOIN);
    await client.take(GREETING.length);
    const parked = client.poll();

    server.server.broadcast("room:lobby", "wake", {});

    expect(await parked).toMatchObject({ status: 200, messages: ['[null,null,"room:lobby","wake",{}]'] });
  });

  test("the older of two polls ends with 204, the newer is woken", async () => {
    await using observed = await startObservedServer();
    const client = await openSession(`${observed.url}/socket`);
    await observed.arrived.next();
    const older = client.poll();
    await observed.arrived.next();
    const newer = client.poll();
    await observed.arrived.next();

    await client.post([null, "1", "phoenix", "heartbeat", {}]);

    expect(await older).toStrictEqual({ status: 204, token: client.token, messages: [] });
    expect((await newer).status).toBe(200);
  });

  test("a poll that the client gives up takes nothing with it", async () => {
    await using observed = await startObservedServer();
    const client = await openSession(`${observed.url}/socket`);
    await observed.arrived.next();
    const controller = new AbortController();
    const aborted = fetch(client.address, { signal: controller.signal });
    await observed.arrived.next();
    controller.abort();
    await expect(aborted).rejects.toThrow();
    await observed.abandoned.next();

    await client.post([null, "1", "phoenix", "heartbeat", {}]);

    expect(await client.next()).toStrictEqual(ok(null, "1", "phoenix"));
  });

  test("a poll that waits is answered when its session ends", async () => {
    await using observed = await startObservedServer();
    const client = await openSession(`${observed.url}/socket`);
    await observed.arrived.next();
    const parked = client.poll();
    await observed.arrived.next();

    await client.post({ neither: "an array" });

    expect((await parked).status).toBe(410);
  });

  test("a frame outside the grammar ends the session", async () => {
    const client = await open();

    await client.post({ neither: "an array" });

    expect(await client.post([null, "1", "phoenix", "heartbeat", {}])).toStrictEqual({ status: 410 });
  });

  test("OPTIONS allows pages of other origins, other methods are refused", async () => {
    const url = `${server.url}/ws/longpoll?vsn=2.0.0`;

    const options = await fetch(url, { method: "OPTIONS", headers: { "access-control-request-headers": "x-panda" } });
    const put = await fetch(url, { method: "PUT" });

    expect([options.status, await options.text()]).toStrictEqual([200, ""]);
    expect(Object.fromEntries(options.headers)).toMatchObject({
      "access-control-allow-headers": "x-panda",
      "access-control-allow-methods": "get, post, options",
      "access-control-max-age": "3600",
    });
    expect([put.status, await put.text()]).toStrictEqual([400, ""]);
  });
});

/** What the connect handler was told of a session with these headers. */
async function describeRequest(headers: Readonly<Record<string, string>>): Promise<unknown> {
  const client = await openSession(`${server.url}/ws/connect_info`, { headers });
  await client.post(JOIN);
  await client.take(GREETING.length);
  await client.post(["1", "2", "room:lobby", "request", {}]);
  const reply = await client.next();
  return Array.isArray(reply) ? reply[4].response : reply;
}
