import type { Listener } from "@hutong/server/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFixture } from "../fixture/fixture.ts";
import { LongPollClient } from "./support/long-poll-client.ts";
import { connectPhoenix, error, ok, type PhoenixClient } from "./support/phoenix-client.ts";
import { connect, connectRefused } from "./support/web-socket-client.ts";

// What Phoenix does beyond its own suites and the golden exchanges: how channels
// end, what waits for what, and what becomes of odd input.

let fixture: Listener;
beforeAll(async () => {
  fixture = await startFixture({ port: 0 });
});
afterAll(() => fixture.close());

const open = (query = "", path = "/socket") => connectPhoenix(`${fixture.url}${path}`, { query });

/** A client with one channel, joined with ref and join ref 1. */
async function openJoined(topic: string, params: object = {}): Promise<PhoenixClient> {
  const client = await open();
  expect(await client.ask("1", "1", topic, "phx_join", params)).toMatchObject([
    "1",
    "1",
    topic,
    "phx_reply",
    { status: "ok" },
  ]);
  return client;
}

const closed = (topic: string) => ["1", "1", topic, "phx_close", {}];
const crashed = (topic: string) => ["1", "1", topic, "phx_error", { reason: "channel_crash" }];

describe("joins", () => {
  test.each(["room:", "room:a:b", "exact", "room:A-z_0.9"])("the topic %s has a channel", async (topic) => {
    using client = await open();

    expect(await client.ask("1", "1", topic, "phx_join", {})).toStrictEqual(ok("1", "1", topic));
  });

  test.each(["roo", "rooms", "exact:1", "phoenix", "Room:a", "all ", ""])("the topic %j has none", async (topic) => {
    using client = await open();

    expect(await client.ask("1", "1", topic, "phx_join", {})).toStrictEqual(error(null, "1", topic, "unmatched topic"));
  });

  test("a join is answered with the channel's reply, whatever JSON it is", async () => {
    using client = await open();

    expect(await client.ask("1", "1", "room:a", "phx_join", { reply: [1, null, "二"] })).toStrictEqual(
      ok("1", "1", "room:a", [1, null, "二"]),
    );
  });

  test("messages that come before the join is answered wait for it, in order", async () => {
    using client = await open();

    client.send("1", "1", "room:slow", "phx_join", { ms: 50 });
    client.send("1", "2", "room:slow", "echo", { n: 2 });
    client.send("1", "3", "room:slow", "phx_leave", {});

    expect(await client.take(4)).toStrictEqual([
      ok("1", "1", "room:slow"),
      ok("1", "2", "room:slow", { n: 2 }),
      ok("1", "3", "room:slow"),
      closed("room:slow"),
    ]);
  });

  test("a slow join holds up no other topic", async () => {
    using client = await open();

    client.send("1", "1", "room:slow", "phx_join", { ms: 100 });
    client.send("2", "2", "room:a", "phx_join", {});

    expect(await client.take(2)).toStrictEqual([ok("2", "2", "room:a"), ok("1", "1", "room:slow")]);
  });

  test("a refused join may be tried again, with the same refs or others", async () => {
    using client = await open();

    const first = await client.ask("1", "1", "room:deny", "phx_join", {});
    const second = await client.ask("1", "1", "room:deny", "phx_join", {});

    expect(first).toStrictEqual(error("1", "1", "room:deny", "unauthorized"));
    expect(second).toStrictEqual(first);
  });

  test("a leave and a new join sent together are answered in order", async () => {
    using client = await openJoined("room:a");

    client.send("1", "2", "room:a", "phx_leave", {});
    client.send("3", "3", "room:a", "phx_join", {});

    expect(await client.take(3)).toStrictEqual([ok("1", "2", "room:a"), closed("room:a"), ok("3", "3", "room:a")]);
  });

  test("a join that replaces another before that was answered is answered, and the other is closed", async () => {
    using client = await open();

    client.send("1", "1", "room:slow", "phx_join", { ms: 60_000 });
    client.send("2", "2", "room:slow", "phx_join", { ms: 1 });

    expect(await client.take(2)).toStrictEqual([ok("2", "2", "room:slow"), closed("room:slow")]);
    expect(await client.ask("2", "3", "room:slow", "echo", {})).toStrictEqual(ok("2", "3", "room:slow"));
  });
});

describe("the end of a channel", () => {
  test.each([
    { how: "normal", frames: [closed("room:a")] },
    { how: "shutdown", frames: [closed("room:a")] },
    { how: "shutdown_tuple", frames: [closed("room:a")] },
    { how: "reply", frames: [ok("1", "2", "room:a", { bye: 1 }), closed("room:a")] },
    { how: "abnormal", frames: [crashed("room:a")] },
    { how: "abnormal_reply", frames: [ok("1", "2", "room:a", { bye: 1 }), crashed("room:a")] },
  ])("stop $how", async ({ how, frames }) => {
    using client = await openJoined("room:a");

    client.send("1", "2", "room:a", "stop", { how });

    expect(await client.take(frames.length)).toStrictEqual(frames);
    expect(await client.ask("1", "3", "room:a", "echo", {})).toStrictEqual(
      error(null, "3", "room:a", "unmatched topic"),
    );
  });

  test.each(["boom", "badreturn", "no_such_event", "constructor", "__proto__"])(
    "%s crashes its channel, gets no reply, and leaves the others alone",
    async (event) => {
      using client = await openJoined("room:a");
      await client.ask("2", "2", "room:b", "phx_join", {});

      expect(await client.ask("1", "3", "room:a", event, {})).toStrictEqual(crashed("room:a"));
      expect(await client.ask("2", "4", "room:b", "echo", {})).toStrictEqual(ok("2", "4", "room:b"));
      expect(await client.ask("5", "5", "room:a", "phx_join", {})).toStrictEqual(ok("5", "5", "room:a"));
    },
  );

  test("what a channel pushes at its end comes after phx_close", async () => {
    using client = await openJoined("room:bye");

    client.send("1", "2", "room:bye", "phx_leave", {});

    expect(await client.take(3)).toStrictEqual([
      ok("1", "2", "room:bye"),
      closed("room:bye"),
      ["1", null, "room:bye", "you_left", { reason: "left" }],
    ]);
  });

  test("a channel that a newer join replaces pushes nothing at its end", async () => {
    using client = await openJoined("room:bye");

    client.send("2", "2", "room:bye", "phx_join", {});

    expect(await client.take(2)).toStrictEqual([ok("2", "2", "room:bye"), closed("room:bye")]);
    expect(await client.silence()).toBe("silence");
  });

  test("a leave with a stale join ref is dropped", async () => {
    using client = await openJoined("room:a");

    client.send("stale", "2", "room:a", "phx_leave", {});

    expect(await client.ask("1", "3", "room:a", "echo", {})).toStrictEqual(ok("1", "3", "room:a"));
  });
});

describe("messages", () => {
  test.each([null, "text", 0, false, [], [1, [2]], { a: { b: null } }, "熊猫 🐼 \u2028"])(
    "the payload %j is echoed as it is",
    async (payload) => {
      using client = await openJoined("room:a");

      expect(await client.ask("1", "2", "room:a", "echo", payload)).toStrictEqual(ok("1", "2", "room:a", payload));
    },
  );

  test("keys that mean something to JavaScript are data", async () => {
    using client = await openJoined("room:a");
    const payload: unknown = JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"hasOwnProperty":2}');

    client.link.sendText(`["1","2","room:a","echo",${JSON.stringify(payload)}]`);

    expect(JSON.stringify(await client.next())).toContain(
      '{"__proto__":{"polluted":true},"constructor":1,"hasOwnProperty":2}',
    );
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test("elements after the fifth are ignored", async () => {
    using client = await openJoined("room:a");

    client.link.send(["1", "2", "room:a", "echo", { n: 1 }, "more", 7]);

    expect(await client.next()).toStrictEqual(ok("1", "2", "room:a", { n: 1 }));
  });

  test("one channel handles its messages one by one, and holds up no other", async () => {
    using client = await openJoined("room:a");
    await client.ask("2", "2", "room:b", "phx_join", {});

    client.send("1", "3", "room:a", "sleep", { ms: 100 });
    client.send("1", "4", "room:a", "echo", {});
    client.send("2", "5", "room:b", "echo", {});

    expect(await client.take(3)).toStrictEqual([
      ok("2", "5", "room:b"),
      ok("1", "3", "room:a"),
      ok("1", "4", "room:a"),
    ]);
  });

  test("a reply may come later, when others have overtaken it", async () => {
    using client = await openJoined("room:a");

    client.send("1", "2", "room:a", "late", { ms: 50 });
    client.send("1", "3", "room:a", "echo", {});

    expect(await client.take(2)).toStrictEqual([ok("1", "3", "room:a"), ok("1", "2", "room:a", { ms: 50 })]);
  });

  test("an answer that comes after its channel has ended is not sent", async () => {
    using client = await openJoined("room:a");
    client.send("1", "2", "room:a", "late", { ms: 30 });
    client.send("1", "3", "room:a", "phx_leave", {});
    client.send("4", "4", "room:a", "phx_join", {});
    await client.take(3);

    expect(await client.ask("4", "5", "room:a", "late", { ms: 60 })).toStrictEqual(ok("4", "5", "room:a", { ms: 60 }));
  });

  test("whoami knows the parameters and the token", async () => {
    const token = Buffer.from("secret?>").toString("base64").replaceAll("=", "");
    using client = await connectPhoenix(`${fixture.url}/socket`, {
      query: "a=1&l[]=x&l[]=y",
      subprotocols: ["phoenix", `base64url.bearer.phx.${token}`],
    });
    await client.ask("1", "1", "room:a", "phx_join", {});

    expect(await client.ask("1", "2", "room:a", "whoami", {})).toStrictEqual(
      ok("1", "2", "room:a", { auth_token: "secret?>", params: { a: "1", l: ["x", "y"], vsn: "2.0.0" } }),
    );
  });

  test("two tokens are no token", async () => {
    const tokens = ["YQ", "Yg"].map((token) => `base64url.bearer.phx.${token}`);
    using client = await connectPhoenix(`${fixture.url}/socket`, { subprotocols: ["phoenix", ...tokens] });
    await client.ask("1", "1", "room:a", "phx_join", {});

    expect(await client.ask("1", "2", "room:a", "whoami", {})).toMatchObject(
      ok("1", "2", "room:a", { auth_token: null }),
    );
  });

  test("disconnect closes every connection of the id, and no other", async () => {
    using one = await open("user_id=gone");
    using two = await open("user_id=gone");
    using other = await openJoined("room:a");

    await other.ask("1", "2", "room:a", "disconnect", { id: "users:gone" });

    expect([(await one.link.ending()).code, (await two.link.ending()).code]).toStrictEqual([1001, 1001]);
    expect(await other.silence()).toBe("silence");
  });
});

describe("presence", () => {
  test("an entry goes when its channel is untracked, left, crashed or cut off", async () => {
    const topic = "room:presence-ends";
    using watcher = await openJoined(topic);
    for (const end of ["presence_untrack", "phx_leave", "boom", "cut"]) {
      using member = await open();
      member.send("1", "1", topic, "phx_join", { user: end, meta: { on: true } });
      await member.take(3);
      const joined = await watcher.next();
      if (end === "cut") member.link.webSocket.terminate();
      else member.send("1", "2", topic, end, {});

      expect(joined).toMatchObject([null, null, topic, "presence_diff", { joins: { [end]: {} }, leaves: {} }]);
      expect(await watcher.next()).toMatchObject([
        null,
        null,
        topic,
        "presence_diff",
        { joins: {}, leaves: { [end]: {} } },
      ]);
    }
  });

  test("a leaver hears its reply and its close, not its own diff", async () => {
    const topic = "room:presence-leaver";
    using client = await open();
    client.send("1", "1", topic, "phx_join", { user: "u1" });
    await client.take(3);

    client.send("1", "2", topic, "phx_leave", {});

    expect(await client.take(2)).toStrictEqual([ok("1", "2", topic), closed(topic)]);
    expect(await client.silence()).toBe("silence");
  });

  test("one key has one meta per connection, and is there until the last has gone", async () => {
    const topic = "room:presence-twice";
    using one = await open();
    one.send("1", "1", topic, "phx_join", { user: "u1", meta: { n: 1 } });
    await one.take(3);
    using two = await open();
    two.send("1", "1", topic, "phx_join", { user: "u1", meta: { n: 2 } });
    const [, , state] = await two.take(3);

    expect(state).toMatchObject(["1", null, topic, "presence_state", { u1: { metas: [{ n: 1 }, { n: 2 }] } }]);
  });

  test.each(["__proto__", "constructor", "熊猫"])("the key %s is a key like any other", async (user) => {
    const topic = "room:presence-keys";
    using client = await open();

    client.send("1", "1", topic, "phx_join", { user, meta: { n: 1 } });
    const [, diff, state] = await client.take(3);

    const keysOf = (frame: unknown) => Object.keys(Object(frame)[4]);
    expect(keysOf(state)).toStrictEqual([user]);
    expect(Object.keys(Object(diff)[4].joins)).toStrictEqual([user]);
  });

  test("an update without an entry is refused", async () => {
    using client = await openJoined("room:presence-none");

    expect(await client.ask("1", "2", "room:presence-none", "presence_update", {})).toStrictEqual(
      error("1", "2", "room:presence-none", "nopresence"),
    );
  });
});

describe("frames outside the grammar", () => {
  test.each([
    ["an object topic", '["1","1",{},"echo",{}]'],
    ["an object", "{}"],
    ["null", "null"],
    ["nothing", ""],
    ["four elements", '[null,"1","phoenix","heartbeat"]'],
  ])("%s closes with 1011", async (_what, frame) => {
    using client = await openJoined("room:a");

    client.link.sendText(frame);

    expect((await client.link.ending()).code).toBe(1011);
  });

  test.each([
    ["an unknown kind", [9, 1, 1, 6, 4]],
    ["a kind of the server's", [1, 1, 1, 6, 4, ...Buffer.from("12room:aecho")]],
    ["a truncated header", [0, 1, 1]],
    ["truncated fields", [0, 1, 1, 6, 200, ...Buffer.from("12room:aecho")]],
    ["no bytes", []],
  ])("%s in a binary frame closes with 1011", async (_what, bytes) => {
    using client = await openJoined("room:a");

    client.link.sendBytes(Uint8Array.from(bytes));

    expect((await client.link.ending()).code).toBe(1011);
  });

  test.each([
    ["an array", "[]"],
    ["a missing ref", '{"topic":"phoenix","event":"heartbeat","payload":{}}'],
    ["a missing payload", '{"topic":"phoenix","event":"heartbeat","ref":"1"}'],
  ])("%s closes a V1 connection with 1011", async (_what, frame) => {
    using client = await connect(`${fixture.url}/socket/websocket`);

    client.sendText(frame);

    expect((await client.ending()).code).toBe(1011);
  });

  test("V1 reads JSON from a binary frame, too", async () => {
    using client = await connect(`${fixture.url}/socket/websocket`);

    client.sendBytes(Buffer.from('{"topic":"phoenix","event":"heartbeat","payload":{},"ref":"1"}'));

    expect(await client.next()).toMatchObject({ event: "phx_reply", ref: "1" });
  });

  test("an event that is no string crashes its channel only", async () => {
    using client = await openJoined("room:a");

    expect(await client.ask("1", "2", "room:a", 7, {})).toStrictEqual(crashed("room:a"));
    expect(await client.silence()).toBe("silence");
  });

  test("text that is not UTF-8 closes with 1007", async () => {
    using client = await open();

    client.link.webSocket.send(Buffer.from([0xff, 0xfe]), { binary: false });

    expect((await client.link.ending()).code).toBe(1007);
  });
});

describe("binary frames", () => {
  test("an empty join ref is not the current one, so the frame is dropped", async () => {
    using client = await openJoined("room:a");

    client.link.sendBytes(Buffer.from([0, 0, 1, 6, 4, ...Buffer.from("2room:aecho"), 1]));

    expect(await client.silence()).toBe("silence");
  });

  test("one for a topic that is not joined is refused as text", async () => {
    using client = await open();

    client.link.sendBytes(Buffer.from([0, 1, 1, 6, 4, ...Buffer.from("12room:aecho"), 1]));

    expect(await client.next()).toStrictEqual(error(null, "2", "room:a", "unmatched topic"));
  });

  test("a join may be binary", async () => {
    using client = await open();

    client.link.sendBytes(Buffer.from([0, 1, 1, 6, 8, ...Buffer.from("11room:aphx_join"), 1, 2]));

    expect(await client.next()).toStrictEqual(ok("1", "1", "room:a"));
  });

  test("bytes that are echoed come back as bytes, none too", async () => {
    using client = await openJoined("room:a");

    for (const bytes of [[1, 2, 3], []]) {
      client.link.sendBytes(Buffer.from([0, 1, 1, 6, 4, ...Buffer.from("12room:aecho"), ...bytes]));
      expect(await client.next()).toStrictEqual([1, 1, 1, 6, 2, ...Buffer.from("12room:aok"), ...bytes]);
    }
  });
});

describe("connections", () => {
  test.each([
    { path: "/socket", query: "reject=true", refusal: { status: 403, body: "" } },
    { path: "/socket", query: "reject=reason", refusal: { status: 429, body: "Too many requests" } },
    { path: "/short", query: "reject=reason", refusal: { status: 403, body: "" } },
    { path: "/socket", query: "reject=crash", refusal: { status: 500, body: "" } },
  ])("$query at $path is answered with $refusal.status", async ({ path, query, refusal }) => {
    const url = `${fixture.url}${path}/websocket?vsn=2.0.0&${query}`;

    expect(await connectRefused(url)).toStrictEqual(refusal);
  });

  test.each([
    { query: "reject=reason", answer: { status: 403 } },
    { query: "reject=crash", answer: { status: 500 } },
  ])("$query over long poll is answered with $answer.status", async ({ query, answer }) => {
    const client = new LongPollClient(`${fixture.url}/socket`, { query: `vsn=2.0.0&${query}` });

    expect(await client.poll()).toStrictEqual(answer);
  });

  test("a frame beyond the limit closes with 1009", async () => {
    using client = await open("", "/short");
    await client.ask(null, "1", "phoenix", "heartbeat", { filler: "x".repeat(900) });

    client.send(null, "2", "phoenix", "heartbeat", { filler: "x".repeat(1_000) });

    expect((await client.link.ending()).code).toBe(1009);
  });

  test("a server that ends closes its clients with 1012", async () => {
    const ending = await startFixture({ port: 0 });
    using joined = await connectPhoenix(`${ending.url}/socket`);
    await joined.ask("1", "1", "room:a", "phx_join", {});
    using idle = await connectPhoenix(`${ending.url}/socket`);

    await ending.drain();

    expect([(await joined.link.ending()).code, (await idle.link.ending()).code]).toStrictEqual([1012, 1012]);
    expect(joined.link.inbox.pending).toStrictEqual([]);
  });

  test("what one client sends at once is answered in order", async () => {
    using client = await openJoined("room:a");
    const numbers = Array.from({ length: 200 }, (_, index) => index);

    for (const n of numbers) client.send("1", String(n), "room:a", "echo", { n });

    expect(await client.take(200)).toStrictEqual(numbers.map((n) => ok("1", String(n), "room:a", { n })));
  });

  test.each([125, 126, 127, 65_535, 65_536, 65_537, 300_000])("a frame of %i bytes arrives whole", async (length) => {
    using client = await openJoined("room:length");
    const empty = JSON.stringify([null, null, "room:length", "new_msg", { filler: "" }]);
    const filler = "x".repeat(length - empty.length);

    const body = JSON.stringify({ stream: "room:length", data: { filler } });
    await fetch(`${fixture.url}/_broadcast`, { method: "POST", body });

    expect(await client.next()).toStrictEqual([null, null, "room:length", "new_msg", { filler }]);
    expect(await client.silence()).toBe("silence");
  });

  test("a message in fragments, with a ping among them, is one frame", async () => {
    using client = await open();
    const { webSocket } = client.link;

    webSocket.send('[null,"1","pho', { fin: false });
    webSocket.ping();
    webSocket.send('enix","heartbeat",{}]', { fin: true });

    expect(await client.next()).toStrictEqual(ok(null, "1", "phoenix"));
  });
});
