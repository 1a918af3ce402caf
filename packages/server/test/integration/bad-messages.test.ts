import { accept, defineChannel, refuse, reply } from "@hutong/server";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { RawClient } from "./raw-client.ts";
import {
  deferred,
  expectCableAlive,
  join,
  SECRET,
  startServer,
  subscribe,
  type TestServer,
  type TestServerOptions,
  UNHURRIED,
  withBystander,
} from "./support.ts";

const MAX_DEPTH = 32;
/** What a Phoenix client hears of a topic that it is not joined to, and may not know whether it exists. */
const UNMATCHED = { status: "error", response: { reason: "unmatched topic" } };

function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

/** Shows that the frame closes a joined Phoenix connection, which telemetry reports as one malformed frame. */
async function expectMalformed(frame: string | Uint8Array, { vsn = "2.0.0", code = 1011 } = {}): Promise<void> {
  await using server = await startServer();
  await withBystander(server, async () => {
    const client = await server.phoenix(vsn);

    if (typeof frame === "string") client.send(frame);
    else client.sendBytes(frame);

    expect(await client.closeCode()).toBe(code);
    client.destroy();
    await server.reported("connection_closed");
  });
  expect(server.reports()).toMatchObject([{ kind: "malformed_frame" }, { kind: "connection_closed" }]);
}

/** Shows that an Action Cable connection passes the frame over, reports it once, and is answered afterwards. */
async function expectPassedOver(frame: string | Uint8Array): Promise<void> {
  await using server = await startServer();
  await withBystander(server, async () => {
    const client = await server.cable();
    const identifier = await subscribe(client, "1");

    if (typeof frame === "string") client.send(frame);
    else client.sendBytes(frame);

    await expectCableAlive(client, identifier);
  });
  expect(server.reports()).toMatchObject([{ kind: "malformed_frame" }]);
}

/** Runs with a Phoenix client that is joined to room:1 while nothing is reported. */
async function withJoined(run: (client: RawClient, server: TestServer) => Promise<void>): Promise<void> {
  await using server = await startServer();
  await withBystander(server, async () => {
    const client = await server.phoenix();
    await join(client, "room:1");
    await run(client, server);
  });
  expect(server.reports()).toEqual([]);
}

function replyTo(ref: unknown, response: unknown): unknown {
  return ["1", ref, "room:1", "phx_reply", { status: "ok", response }];
}

describe("text that is no message", () => {
  test.each([
    ["no JSON", "hello"],
    ["nothing", ""],
    ["a number", "42"],
    ["null", "null"],
    ["an object", "{}"],
    ["four elements", '["1","2","room:1","echo"]'],
    ["trailing bytes", '["1","2","room:1","echo",{}] x'],
    ["a byte-order mark", '\ufeff["1","2","room:1","echo",{}]'],
    ["two messages", '["1","2","room:1","echo",{}]["1","3","room:1","echo",{}]'],
    ["a single quote", "['1','2','room:1','echo',{}]"],
  ])("C1 %s closes a Phoenix connection with 1011", async (_name, frame) => {
    await expectMalformed(frame);
  });

  test("C1 Hutong's own client is told that the protocol was violated", async () => {
    await expectMalformed("hello", { vsn: "2.0.0+hutong.1", code: 1002 });
  });

  test.each([
    ["an array", '["1","2","room:1","echo",{}]'],
    ["no topic", '{"event":"echo","payload":{},"ref":"1"}'],
    ["no payload", '{"topic":"room:1","event":"echo","ref":"1"}'],
  ])("C1 %s closes a Phoenix V1 connection with 1011", async (_name, frame) => {
    await expectMalformed(frame, { vsn: "1.0.0" });
  });

  test.each([
    ["no JSON", "hello"],
    ["nothing", ""],
    ["an array", "[]"],
    ["null", "null"],
    ["an object without a command", "{}"],
    ["an unknown command", '{"command":"whisper","identifier":"{}"}'],
    ["a command named __proto__", '{"command":"__proto__","identifier":"{}"}'],
    ["no identifier", '{"command":"subscribe"}'],
    ["an identifier that is no string", '{"command":"subscribe","identifier":{"channel":"RoomChannel"}}'],
    ["an identifier that is no JSON", '{"command":"subscribe","identifier":"RoomChannel"}'],
    ["an identifier without a channel", '{"command":"subscribe","identifier":"{}"}'],
    ["a channel that is no string", '{"command":"subscribe","identifier":"{\\"channel\\":1}"}'],
    ["data that is an object", '{"command":"message","identifier":"{}","data":{}}'],
    ["data that is no JSON", '{"command":"message","identifier":"{}","data":"hello"}'],
    ["data that is an array", '{"command":"message","identifier":"{}","data":"[]"}'],
    ["an action that is no string", '{"command":"message","identifier":"{}","data":"{\\"action\\":1}"}'],
    ["trailing bytes", '{"command":"subscribe","identifier":"{}"} x'],
  ])("C1 Action Cable passes over %s", async (_name, frame) => {
    await expectPassedOver(frame);
  });

  test("C1 an Action Cable client that keeps on is closed with 1008", async () => {
    await using server = await startServer({ limits: { maxMalformedFrames: 3 } });
    await withBystander(server, async () => {
      const client = await server.cable();

      for (let count = 0; count < 10; count++) client.send("hello");

      expect(await client.message()).toEqual({ type: "disconnect", reason: "policy_violation", reconnect: false });
      expect(await client.closeCode()).toBe(1008);
      client.destroy();
      await server.reported("connection_closed");
    });
    const malformed = { kind: "malformed_frame" };
    const closed = { kind: "connection_closed", close: "policy_violation" };
    expect(server.reports()).toMatchObject([malformed, malformed, malformed, malformed, closed]);
  });

  test("C1 elements beyond the fifth are passed over", async () => {
    await withJoined(async (client) => {
      client.send(["1", "2", "room:1", "echo", { a: 1 }, "sixth", { seventh: 7 }]);
      expect(await client.message()).toEqual(replyTo("2", { a: 1 }));
    });
  });

  test("C1 of duplicate keys the last one counts", async () => {
    await withJoined(async (client) => {
      client.send('["1","2","room:1","echo",{"a":1,"a":2}]');
      expect(await client.message()).toEqual(replyTo("2", { a: 2 }));
    });
  });

  test("C1 a broadcast that one grammar cannot carry reaches the others", async () => {
    const feed = defineChannel("feed:*", {
      cable: {
        name: "FeedChannel",
        topic: ({ id }) => `feed:${String(id)}`,
        message: (_event, payload) => z.object({ body: z.string() }).parse(payload).body,
      },
      join: () => accept(),
      handle: { post: (payload, channel) => channel.broadcast("posted", payload) },
    });
    await using server = await startServer({ channels: [feed] });
    await withBystander(server, async () => {
      const cable = await server.cable();
      const identifier = JSON.stringify({ channel: "FeedChannel", id: 1 });
      cable.send({ command: "subscribe", identifier });
      await cable.message();
      const reader = await server.phoenix();
      await join(reader, "feed:1");
      const attacker = await server.phoenix();
      await join(attacker, "feed:1");

      attacker.send(["1", "2", "feed:1", "post", { body: 7 }]);
      expect(await reader.message()).toEqual([null, null, "feed:1", "posted", { body: 7 }]);
      reader.send(["1", "2", "feed:1", "post", { body: "text" }]);

      expect(await cable.message()).toEqual({ identifier, message: "text" });
    });
    expect(server.reports()).toHaveLength(1);
  });

  test("C1 a malformed frame ends a long-poll session", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const session = await server.longPoll();

      await server.fetch(session, { method: "POST", body: "hello" });
      const posted = await server.fetch(session, { method: "POST", body: "[]" });
      const polled = await server.fetch(session);

      expect(await posted.json()).toEqual({ status: 410 });
      expect(await polled.json()).toMatchObject({ status: 410 });
    });
    expect(server.reports()).toMatchObject([{ kind: "malformed_frame" }, { kind: "connection_closed" }]);
  });

  test("C1 a long-poll body over the limit is refused with 413, and the session lives", async () => {
    await using server = await startServer({ longPoll: { maxBodyBytes: 10_000 } });
    await withBystander(server, async () => {
      const session = await server.longPoll();

      const tooBig = await server.fetch(session, { method: "POST", body: "x".repeat(100_000) });
      const heartbeat = JSON.stringify([null, "1", "phoenix", "heartbeat", {}]);
      const next = await server.fetch(session, { method: "POST", body: heartbeat });

      expect(tooBig.status).toBe(413);
      expect(await next.json()).toEqual({ status: 200 });
    });
    expect(server.reports()).toMatchObject([{ kind: "malformed_frame" }]);
  });

  test("C1 a long-poll frame over the limit ends the session", async () => {
    await using server = await startServer({ limits: { maxFrameBytes: 1_000 } });
    await withBystander(server, async () => {
      const session = await server.longPoll();

      const answer = await server.fetch(session, { method: "POST", body: "x".repeat(1_001) });
      const polled = await server.fetch(session);

      expect(await answer.json()).toEqual({ status: 410 });
      expect(await polled.json()).toMatchObject({ status: 410 });
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", code: 1009 }]);
  });

  test("C1 a long-poll frame is measured in bytes, as a WebSocket's is", async () => {
    await using server = await startServer({ limits: { maxFrameBytes: 1_000 } });
    await withBystander(server, async () => {
      const session = await server.longPoll();
      const frame = JSON.stringify([null, "1", "phoenix", "heartbeat", { text: "胡".repeat(400) }]);

      const answer = await server.fetch(session, { method: "POST", body: frame });
      const polled = await server.fetch(session);

      expect(await answer.json()).toEqual({ status: 410 });
      expect(await polled.json()).toMatchObject({ status: 410 });
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", code: 1009 }]);
  });
});

describe("large values", () => {
  test.each([
    ["10,000 arrays", nested(10_000)],
    ["10,000 objects", `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`],
    ["33 arrays", nested(MAX_DEPTH + 1)],
    ["17 arrays of 17 objects", `${'[{"a":'.repeat(17)}1${"}]".repeat(17)}`],
  ])("C2 a payload of nested %s closes a Phoenix connection", async (_name, payload) => {
    await expectMalformed(`["1","2","room:1","echo",${payload}]`);
  });

  test.each([
    ["the event", `["1","2","room:1",${nested(10_000)},{}]`],
    ["the ref", `["1",${nested(10_000)},"room:1","echo",{}]`],
    ["the topic", `["1","2",${nested(10_000)},"echo",{}]`],
  ])("C2 10,000 arrays as %s close a Phoenix connection", async (_name, frame) => {
    await expectMalformed(frame);
  });

  test("C2 10,000 arrays close a Phoenix V1 connection", async () => {
    const frame = `{"topic":"room:1","event":"echo","ref":"1","payload":${nested(10_000)}}`;
    await expectMalformed(frame, { vsn: "1.0.0" });
  });

  test.each([
    [
      "an identifier",
      JSON.stringify({ command: "subscribe", identifier: `{"channel":"RoomChannel","id":${nested(10_000)}}` }),
    ],
    ["data", JSON.stringify({ command: "message", identifier: "{}", data: `{"a":${nested(10_000)}}` })],
  ])("C2 Action Cable passes over %s of 10,000 nested arrays", async (_name, frame) => {
    await expectPassedOver(frame);
  });

  test("C2 a payload of 32 levels is answered", async () => {
    await withJoined(async (client) => {
      client.send(`["1","2","room:1","echo",${nested(MAX_DEPTH)}]`);
      expect(await client.message()).toEqual(replyTo("2", JSON.parse(nested(MAX_DEPTH))));
    });
  });

  test("C3 a payload of 6,000 keys is answered", async () => {
    const payload = Object.fromEntries(
      Array.from({ length: 6_000 }, (_, index) => [index.toString(36).padStart(4, "k"), 1]),
    );
    await withJoined(async (client) => {
      client.send(["1", "2", "room:1", "echo", payload]);
      expect(await client.message()).toEqual(replyTo("2", payload));
    });
  });

  test("C3 a payload of 12,000 elements closes a Phoenix connection", async () => {
    await expectMalformed(JSON.stringify(["1", "2", "room:1", "echo", Array.from({ length: 12_000 }, () => 1)]));
  });

  test("C3 Action Cable passes over data of 12,000 elements", async () => {
    const data = JSON.stringify({ list: Array.from({ length: 12_000 }, () => 1) });
    await expectPassedOver(JSON.stringify({ command: "message", identifier: "{}", data }));
  });

  test.each([
    ["1e400", "1e400"],
    ["-1e400", "-1e400"],
    ["a number of 60,000 digits", "9".repeat(60_000)],
  ])("C3 %s as a ref closes a Phoenix connection", async (_name, ref) => {
    await expectMalformed(`["1",${ref},"room:1","echo",{}]`);
  });

  test.each(["1e400", "9".repeat(1_000), '"1"', "null", "[1]"])(
    "C3 C6 a schema for a finite number refuses %s with a coded reply",
    async (count) => {
      await using server = await startServer();
      await withBystander(server, async () => {
        const client = await server.phoenix();
        await join(client, "room:1");

        client.send(`["1","2","room:1","counted",{"count":${count}}]`);

        const answer = ["1", "2", "room:1", "phx_reply", { status: "error", response: { reason: "invalid_payload" } }];
        expect(await client.message()).toMatchObject(answer);
      });
      expect(server.reports()).toEqual([
        { kind: "message_refused", topic: "room:1", event: "counted", code: "invalid_payload" },
      ]);
    },
  );

  test.each([
    ["-0", -0],
    ["9007199254740993", 9_007_199_254_740_992],
    ["1e-400", 0],
  ])("C3 the ref %s is echoed as the number that a client parses", async (text, value) => {
    await withJoined(async (client) => {
      client.send(`["1",${text},"room:1","echo",{}]`);
      expect(JSON.stringify(await client.message())).toBe(JSON.stringify(replyTo(value, {})));
    });
  });
});

describe("names that objects have", () => {
  const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"];

  test.each(NAMES)("C4 the topic %s is no one's", async (topic) => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.phoenix();

      client.send(["1", "1", topic, "phx_join", {}]);

      expect(await client.message()).toEqual([null, "1", topic, "phx_reply", UNMATCHED]);
    });
    expect(server.reports()).toEqual([{ kind: "join_refused", topic, reason: "unmatched topic" }]);
  });

  test.each(NAMES)("C4 room:%s is a room like any other", async (name) => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.phoenix();
      const topic = `room:${name}`;
      await join(client, topic);

      client.send(["1", "2", topic, "echo", {}]);

      expect(await client.message()).toEqual(["1", "2", topic, "phx_reply", { status: "ok", response: {} }]);
    });
    expect(server.reports()).toEqual([]);
  });

  test.each(NAMES)("C4 the event %s has no handler", async (event) => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");

      client.send(["1", "2", "room:1", event, {}]);

      expect(await client.message()).toEqual(["1", "1", "room:1", "phx_error", { reason: "channel_crash" }]);
    });
    expect(server.reports()).toEqual([{ kind: "message_refused", topic: "room:1", event, code: "unknown_event" }]);
  });

  test.each(NAMES)("C4 the action %s has no handler, and the subscription lives", async (action) => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.cable();
      const identifier = await subscribe(client, "1");

      client.send({ command: "message", identifier, data: JSON.stringify({ action }) });

      await expectCableAlive(client, identifier);
    });
    expect(server.reports()).toEqual([
      { kind: "message_refused", topic: "room:1", event: action, code: "unknown_event" },
    ]);
  });

  test.each(NAMES)("C4 the channel name %s is rejected", async (channel) => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.cable();
      const identifier = JSON.stringify({ channel });

      client.send({ command: "subscribe", identifier });

      expect(await client.message()).toEqual({ identifier, type: "reject_subscription" });
    });
    expect(server.reports()).toEqual([{ kind: "join_refused", topic: channel, reason: "unmatched topic" }]);
  });

  test("C4 the keys of a payload are data and come back as they were", async () => {
    const payload = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1}';
    await withJoined(async (client) => {
      client.send(`["1","2","room:1","echo",${payload}]`);

      expect(JSON.stringify(await client.message())).toBe(
        `["1","2","room:1","phx_reply",{"status":"ok","response":${payload}}]`,
      );
    });
  });

  test("C4 the keys of join parameters and of an identifier are data", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const phoenix = await server.phoenix();
      phoenix.send('["1","1","room:1","phx_join",{"__proto__":{"polluted":1}}]');
      const cable = await server.cable();
      const identifier = '{"channel":"RoomChannel","id":1,"__proto__":{"id":2}}';
      cable.send({ command: "subscribe", identifier });

      expect(await phoenix.message()).toEqual(replyTo("1", {}));
      expect(await cable.message()).toEqual({ identifier, type: "confirm_subscription" });
    });
    expect(server.events.filter(({ kind }) => kind === "channel_joined")).toMatchObject([
      { topic: "room:bystander" },
      { topic: "room:1" },
      { topic: "room:1" },
    ]);
  });

  test.each(NAMES)("C4 the presence key %s is data", async (key) => {
    await withJoined(async (client) => {
      client.send(["1", "2", "room:1", "track", { key }]);

      const answers = [await client.message(), await client.message()].map((answer) => JSON.stringify(answer));
      const joined = `{"${key}":{"metas":[{"phx_ref":`;
      expect(answers.filter((answer) => answer.includes(joined))).toHaveLength(2);
    });
  });
});

describe("unusual text", () => {
  test("C5 a lone surrogate becomes U+FFFD once, wherever it is", async () => {
    await withJoined(async (client) => {
      client.send('["1","\\ud800","room:1","echo",{"\\udc00":"\\ud83d!","ok":"\\ud83d\\ude00"}]');
      expect(await client.message()).toEqual(replyTo("\ufffd", { "\ufffd": "\ufffd!", ok: "😀" }));
    });
  });

  test.each([
    ["NUL", "a\0b"],
    ["bidirectional overrides", "\u202eevil\u2066"],
    ["zero-width characters", "a\u200b\u200d\ufeffb"],
    ["a composed character", "\u00e9"],
    ["a decomposed character", "e\u0301"],
    ["an emoji of several", "👩‍👩‍👧"],
    ["line separators", "\u2028\u2029"],
  ])("C5 %s in a payload is data", async (_name, text) => {
    await withJoined(async (client) => {
      client.send(["1", "2", "room:1", "echo", { text }]);
      expect(await client.message()).toEqual(replyTo("2", { text }));
    });
  });

  test.each([
    ["NUL", "room:a\0b"],
    ["a bidirectional override", "room:\u202eevil"],
    ["a zero-width space", "room:a\u200bb"],
    ["a letter outside ASCII", "room:é"],
    ["a space", "room:a b"],
    ["a line feed", "room:a\nb"],
    ["a carriage return and line feed", "room:a\r\nX: b"],
    ["an asterisk", "room:*"],
    ["a greater-than sign", "room:>"],
    ["a hash", "room:#"],
    ["a dollar sign", "$control"],
    ["a quote", 'room:"'],
    ["256 characters", "room:".padEnd(256, "x")],
    ["nothing", ""],
  ])("C5 C8 a topic with %s is refused, at both mounts", async (_name, topic) => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.phoenix();
      client.send(["1", "1", topic, "phx_join", {}]);
      const answer = [null, "1", topic, "phx_reply", UNMATCHED];
      expect(await client.message()).toEqual(answer);

      const cable = await server.cable();
      const identifier = JSON.stringify({ channel: "RoomChannel", id: `${topic.replace(/^room:/, "")}\0` });
      cable.send({ command: "subscribe", identifier });
      expect(await cable.message()).toEqual({ identifier, type: "reject_subscription" });
    });
    expect(server.reports()).toMatchObject([{ kind: "join_refused" }, { kind: "join_refused" }]);
    expect(server.server.stats().topics).toBe(1);
  });

  test("C5 C8 a topic of 255 characters is joined", async () => {
    await using server = await startServer();
    await withBystander(server, async () => join(await server.phoenix(), "room:".padEnd(255, "x")));
    expect(server.reports()).toEqual([]);
  });
});

describe("refs", () => {
  test.each([
    ["a negative number", -1],
    ["zero", 0],
    ["a number", 7],
    ["the same as text", "7"],
    ["an empty text", ""],
    ["null", null],
    ["a text of 10,000 characters", "r".repeat(10_000)],
    ["__proto__", "__proto__"],
  ])("C6 %s is echoed as it is", async (_name, ref) => {
    await withJoined(async (client) => {
      client.send(["1", ref, "room:1", "echo", {}]);
      expect(await client.message()).toEqual(replyTo(ref, {}));
    });
  });

  test.each(["true", "{}", "[]"])("C6 %s as a ref closes a Phoenix connection", async (ref) => {
    await expectMalformed(`["1",${ref},"room:1","echo",{}]`);
  });

  test.each(["null", "7", "{}"])("C6 %s as a topic closes a Phoenix connection", async (topic) => {
    await expectMalformed(`["1","2",${topic},"echo",{}]`);
  });

  test("C6 a ref that is used twice is answered twice, in order", async () => {
    await withJoined(async (client) => {
      client.send(["1", "2", "room:1", "echo", { first: true }]);
      client.send(["1", "2", "room:1", "echo", { second: true }]);

      expect(await client.message()).toEqual(replyTo("2", { first: true }));
      expect(await client.message()).toEqual(replyTo("2", { second: true }));
    });
  });

  test("C6 a join ref of another type is another join's", async () => {
    await withJoined(async (client) => {
      client.send([1, "2", "room:1", "echo", { stale: true }]);
      client.send(["1", "3", "room:1", "echo", { current: true }]);

      expect(await client.message()).toEqual(replyTo("3", { current: true }));
    });
  });

  test("C6 a join ref that does not fit into an answer of bytes does no harm", async () => {
    const bytes = defineChannel("bytes:*", { join: () => accept({ response: Uint8Array.of(1, 2, 3) }) });
    await using server = await startServer({ channels: [bytes] });
    await withBystander(server, async () => {
      const client = await server.phoenix();

      client.send(["j".repeat(300), "1", "bytes:1", "phx_join", {}]);
      client.send([null, "2", "phoenix", "heartbeat", {}]);

      const answers = [await client.message(), await client.message()];
      expect(answers).toContainEqual([null, "2", "phoenix", "phx_reply", { status: "ok", response: {} }]);
      expect(answers).toContainEqual([
        "j".repeat(300),
        "1",
        "bytes:1",
        "phx_reply",
        { status: "error", response: { reason: "join crashed" } },
      ]);
    });
    expect(server.reports()).toMatchObject([{ kind: "join_failed", topic: "bytes:1" }]);
  });

  test("C6 a ref that does not fit into an answer of bytes ends the channel only", async () => {
    const bytes = defineChannel("bytes:*", {
      join: () => accept(),
      handle: { photo: () => reply(Uint8Array.of(1, 2, 3)) },
    });
    await using server = await startServer({ channels: [bytes] });
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "bytes:1");

      client.send(["1", "r".repeat(256), "bytes:1", "photo", {}]);
      client.send([null, "2", "phoenix", "heartbeat", {}]);

      expect(await client.message()).toEqual(["1", "1", "bytes:1", "phx_error", { reason: "channel_crash" }]);
      expect(await client.message()).toEqual([null, "2", "phoenix", "phx_reply", { status: "ok", response: {} }]);
    });
    expect(server.reports()).toMatchObject([{ kind: "handler_failed", topic: "bytes:1", event: "photo" }]);
  });

  test("C6 a ref of 255 bytes in a binary frame comes back", async () => {
    await withJoined(async (client) => {
      const fields = Buffer.from(`1${"r".repeat(255)}room:1echo`);

      client.sendBytes(Buffer.concat([Uint8Array.of(0, 1, 255, 6, 4), fields, Uint8Array.of(9)]));

      const { payload } = await client.frame();
      const answer = Buffer.from(`1${"r".repeat(255)}room:1ok`);
      expect(payload).toEqual(Buffer.concat([Uint8Array.of(1, 1, 255, 6, 2), answer, Uint8Array.of(9)]));
    });
  });
});

describe("messages out of turn", () => {
  test("C7 a push without a join is refused", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.phoenix();

      client.send(["1", "1", "room:1", "echo", {}]);

      expect(await client.message()).toEqual([null, "1", "room:1", "phx_reply", UNMATCHED]);
    });
    expect(server.reports()).toEqual([
      { kind: "message_refused", topic: "room:1", event: "echo", code: "unmatched_topic" },
    ]);
  });

  test("C7 an Action Cable message without a subscription is reported, and the connection lives", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.cable();
      const unknown = JSON.stringify({ channel: "RoomChannel", id: 2 });

      client.send({ command: "message", identifier: unknown, data: '{"action":"say"}' });

      await expectCableAlive(client, await subscribe(client, "1"));
    });
    expect(server.reports()).toMatchObject([{ kind: "message_refused", event: "say", code: "unmatched_topic" }]);
  });

  test("C7 a leave without a join is confirmed", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.phoenix();
      client.send(["1", "2", "room:1", "phx_leave", {}]);
      expect(await client.message()).toEqual(["1", "2", "room:1", "phx_reply", { status: "ok", response: {} }]);
    });
    expect(server.reports()).toEqual([]);
  });

  test("C7 an unsubscribe without a subscription is passed over", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.cable();
      client.send({ command: "unsubscribe", identifier: JSON.stringify({ channel: "RoomChannel", id: 2 }) });
      await expectCableAlive(client, await subscribe(client, "1"));
    });
    expect(server.reports()).toEqual([]);
  });

  test("C7 a second join replaces the first", async () => {
    await withJoined(async (client) => {
      client.send(["2", "2", "room:1", "phx_join", {}]);
      client.send(["1", "3", "room:1", "echo", { stale: true }]);
      client.send(["2", "4", "room:1", "echo", { current: true }]);

      expect(await client.message()).toEqual(["2", "2", "room:1", "phx_reply", { status: "ok", response: {} }]);
      expect(await client.message()).toEqual(["1", "1", "room:1", "phx_close", {}]);
      expect(await client.message()).toEqual([
        "2",
        "4",
        "room:1",
        "phx_reply",
        { status: "ok", response: { current: true } },
      ]);
    });
  });

  test("C7 a second subscription of one identifier is passed over", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.cable();
      const identifier = await subscribe(client, "1");

      client.send({ command: "subscribe", identifier });

      await expectCableAlive(client, identifier);
    });
    expect(server.server.stats()).toMatchObject({ channels: 2, topics: 2 });
  });

  test("C7 joins beyond the limit are refused one by one", async () => {
    await using server = await startServer({ ...UNHURRIED, limits: { ...UNHURRIED.limits, maxChannels: 10 } });
    await withBystander(server, async () => {
      const client = await server.phoenix();
      const reasons: string[] = [];

      for (let count = 1; count <= 10_000; count++) client.send(["1", count, `room:${count}`, "phx_join", {}]);
      while (reasons.length < 10_000) reasons.push(JSON.stringify(await client.message()));

      const refused = reasons.filter((reason) => reason.includes('"too many channels joined"'));
      expect(refused).toHaveLength(9_990);
      expect(server.server.stats().channels).toBe(11);
    });
    expect(server.reports()).toHaveLength(9_990);
  });

  test("C7 subscriptions beyond the limit are rejected", async () => {
    await using server = await startServer({ limits: { maxChannels: 2 } });
    await withBystander(server, async () => {
      const client = await server.cable();
      await subscribe(client, "1");
      await subscribe(client, "2");
      const identifier = JSON.stringify({ channel: "RoomChannel", id: "3" });

      client.send({ command: "subscribe", identifier });

      expect(await client.message()).toEqual({ identifier, type: "reject_subscription" });
    });
    expect(server.reports()).toEqual([
      { kind: "join_refused", topic: "RoomChannel", reason: "too many channels joined" },
    ]);
  });

  test("C7 pushes beyond those that may wait are refused one by one, the others are answered in order", async () => {
    const gate = deferred();
    const slow = defineChannel("slow:*", {
      join: () => accept(),
      handle: {
        wait: async (payload) => {
          await gate.promise;
          return reply(payload);
        },
      },
    });
    await using server = await startServer({ channels: [slow], serverLimits: { maxPendingMessages: 5 } });
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "slow:1");

      for (let ref = 1; ref <= 100; ref++) client.send(["1", ref, "slow:1", "wait", {}]);
      for (let ref = 7; ref <= 100; ref++) {
        const refused = { status: "error", response: { reason: "overloaded" } };
        expect(await client.message()).toEqual(["1", ref, "slow:1", "phx_reply", refused]);
      }
      gate.resolve();

      for (let ref = 1; ref <= 6; ref++) {
        const answer = ["1", ref, "slow:1", "phx_reply", { status: "ok", response: {} }];
        expect(await client.message()).toEqual(answer);
      }
    });
    expect(server.reports()).toHaveLength(94);
  });

  test("C7 of 10,000 joins of one topic while the join handler thinks, those beyond its queue are refused", async () => {
    const gate = deferred();
    const pending = defineChannel("pending:*", {
      join: async () => {
        await gate.promise;
        return accept();
      },
    });
    const serverLimits = { ...UNHURRIED.serverLimits, maxPendingMessages: 256 };
    await using server = await startServer({ ...UNHURRIED, channels: [pending], serverLimits });
    await withBystander(server, async () => {
      const client = await server.phoenix();
      const before = process.memoryUsage().heapUsed;

      for (let ref = 1; ref <= 10_000; ref++) client.send([ref, ref, "pending:1", "phx_join", {}]);
      // The first join and 256 that replace it wait for the handler.
      for (let ref = 258; ref <= 10_000; ref++) {
        const refused = { status: "error", response: { reason: "overloaded" } };
        expect(await client.message()).toEqual([ref, ref, "pending:1", "phx_reply", refused]);
      }

      expect(process.memoryUsage().heapUsed - before).toBeLessThan(150_000_000);
      gate.resolve();
      expect(await client.message()).toEqual([257, 257, "pending:1", "phx_reply", { status: "ok", response: {} }]);
      expect(await client.message()).toEqual([1, 1, "pending:1", "phx_close", {}]);
    });
    expect(server.reports()).toHaveLength(9_743);
  });

  test("C8 a room that one may not join and a room that is not there look the same", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      await join(await server.phoenix(), "room:1");
      const client = await server.phoenix();

      client.send(["1", "1", "room:private-of-someone", "phx_join", {}]);
      client.send(["1", "1", "room:private-of-nobody", "phx_join", {}]);

      const answers = [JSON.stringify(await client.message()), JSON.stringify(await client.message())];
      expect(answers[1]).toBe(answers[0]?.replace("someone", "nobody"));
      expect(answers[0]).toContain('"unauthorized"');
    });
    expect(server.reports()).toEqual([
      { kind: "join_refused", topic: "room:private-of-someone", reason: "unauthorized" },
      { kind: "join_refused", topic: "room:private-of-nobody", reason: "unauthorized" },
    ]);
  });

  test("C8 C13 a topic that looks like an expression receives nothing but its own", async () => {
    await withJoined(async (client, server) => {
      const other = await server.phoenix();
      for (const topic of ["room:.+", "room:%", "room:(1|2)"]) await join(other, topic);

      server.server.broadcast("room:1", "tick", { for: "room:1" });
      server.server.broadcast("room:.+", "tick", { for: "room:.+" });

      expect(await client.message()).toEqual([null, null, "room:1", "tick", { for: "room:1" }]);
      expect(await other.message()).toEqual([null, null, "room:.+", "tick", { for: "room:.+" }]);
    });
  });
});

describe("tokens", () => {
  const LONG = SECRET.repeat(5_000);

  test.each([
    ["in the query", `/socket/websocket?vsn=2.0.0&token=${LONG}`, {}],
    ["in Authorization", "/socket/websocket?vsn=2.0.0", { authorization: `Bearer ${LONG}` }],
    ["in the subprotocols", "/cable", { "sec-websocket-protocol": `anycable-token.${LONG}` }],
  ])("C10 a token of 100 KB %s is refused", async (_name, target, headers) => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.request(target, headers);

      const { status, head, body } = await client.answer();

      expect([414, 431]).toContain(status);
      expect(head + body).not.toContain(SECRET);
      await client.ended();
    });
  });

  test.each([
    ["that is not base64", "phoenix, base64url.bearer.phx.***"],
    ["that is not UTF-8", "phoenix, base64url.bearer.phx._w"],
    ["of one digit", "phoenix, base64url.bearer.phx.A"],
  ])("C10 a subprotocol token %s is refused", async (_name, subprotocols) => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const headers = { "sec-websocket-protocol": subprotocols };
      const client = await server.request("/socket/websocket?vsn=2.0.0", headers);
      expect((await client.answer()).status).toBe(403);
    });
    expect(server.reports()).toEqual([{ kind: "connection_refused", path: "/socket", why: "token", status: 403 }]);
  });

  const FORGED: readonly (readonly [string, string])[] = [
    ["an unsigned JWT", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."],
    ["text outside ASCII", "%E8%83%A1%E5%90%8C"],
    ["__proto__", "__proto__"],
    ["nothing", ""],
  ];

  test.each(FORGED)("C10 a handler that refuses %s closes Phoenix with 403", async (_name, token) => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.request(`/socket/websocket?vsn=2.0.0&token=${token}`);
      expect((await client.answer()).status).toBe(403);
    });
    const refused = { kind: "connection_refused", path: "/socket", why: "connect_refused", status: 403 };
    expect(server.reports()).toEqual([refused]);
  });

  test.each(FORGED)("C10 a handler that refuses %s tells Action Cable so", async (_name, token) => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.open(`/cable?token=${token}`);
      expect(await client.message()).toEqual({ type: "disconnect", reason: "unauthorized", reconnect: false });
      expect(await client.closeCode()).toBe(1000);
      client.destroy();
    });
    const refused = { kind: "connection_refused", path: "/cable", why: "connect_refused", status: 1000 };
    expect(server.reports()).toEqual([refused]);
  });

  test("C7 a command of a refused Action Cable client is not read", async () => {
    const refuses: TestServerOptions = { connect: () => refuse("unauthorized") };
    await using server = await startServer(refuses);
    await withBystander(server, async () => {
      const client = await server.open(`/cable?token=${SECRET}`);
      client.send({ command: "subscribe", identifier: JSON.stringify({ channel: "RoomChannel", id: "1" }) });
      expect(await client.message()).toEqual({ type: "disconnect", reason: "unauthorized", reconnect: false });
      expect(await client.closeCode()).toBe(1000);
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_refused", why: "connect_refused" }]);
    expect(server.events.filter(({ kind }) => kind === "channel_joined")).toMatchObject([{ topic: "room:bystander" }]);
  });
});

describe("bytes and text", () => {
  test.each([
    ["of an unknown kind", Uint8Array.of(9)],
    ["without a byte", Uint8Array.of()],
    ["shorter than it says", Uint8Array.of(0, 255, 255, 255, 255, 1)],
    ["of the server's kind", Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1)],
  ])("C17 a binary frame %s closes a Phoenix connection with 1011", async (_name, frame) => {
    await expectMalformed(frame);
  });

  test("C17 a binary frame whose topic is not UTF-8 closes a Phoenix connection with 1007", async () => {
    await expectMalformed(Uint8Array.of(0, 0, 0, 1, 0, 0xff), { code: 1007 });
  });

  test("C17 a binary frame that is not UTF-8 closes a Phoenix V1 connection with 1007", async () => {
    await expectMalformed(Uint8Array.of(0xff), { vsn: "1.0.0", code: 1007 });
  });

  test("C17 Action Cable passes over a binary frame", async () => {
    await expectPassedOver(Buffer.from('{"command":"subscribe","identifier":"{}"}'));
  });

  test("C17 bytes where a schema expects JSON are refused with a coded reply", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");

      client.sendBytes(Buffer.concat([Uint8Array.of(0, 1, 1, 6, 7), Buffer.from("12room:1counted"), Uint8Array.of(9)]));

      const answer = ["1", "2", "room:1", "phx_reply", { status: "error", response: { reason: "invalid_payload" } }];
      expect(await client.message()).toMatchObject(answer);
    });
    expect(server.reports()).toMatchObject([{ kind: "message_refused", code: "invalid_payload" }]);
  });

  test("C17 a broadcast of bytes reaches only those who can carry it", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const v2 = await server.phoenix();
      await join(v2, "room:1");
      const v1 = await server.phoenix("1.0.0");
      v1.send({ topic: "room:1", event: "phx_join", payload: {}, ref: "1" });
      await v1.message();
      const cable = await server.cable();
      const identifier = await subscribe(cable, "1");

      server.server.broadcast("room:1", "photo", Uint8Array.of(1, 2, 3));
      server.server.broadcast("room:1", "tick", { text: "next" });

      const frame = Buffer.concat([Uint8Array.of(2, 6, 5), Buffer.from("room:1photo"), Uint8Array.of(1, 2, 3)]);
      expect(await v2.frame()).toEqual({ opcode: 2, reserved: 0, payload: frame });
      expect(await v1.message()).toEqual({ topic: "room:1", event: "tick", payload: { text: "next" }, ref: null });
      expect(await cable.message()).toEqual({ identifier, message: { text: "next" } });
    });
    expect(server.reports()).toEqual([]);
  });
});
