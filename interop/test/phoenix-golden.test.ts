import type { Listener } from "@hutong/server/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFixture } from "../fixture/fixture.ts";
import { LongPollClient, openSession } from "./support/long-poll-client.ts";
import { connect } from "./support/web-socket-client.ts";

/** One step of an exchange: what the client sends and every frame that answers it, in order. */
interface Step {
  readonly client: unknown;
  readonly server: readonly unknown[];
}

/** An exchange that is not what Phoenix answers, on purpose. Nothing else differs. */
interface Difference {
  readonly exchange: string;
  readonly reason: string;
  /** Shows what Hutong does instead. */
  readonly show: () => Promise<void>;
}

const OK = { response: {}, status: "ok" };
const UNMATCHED = { response: { reason: "unmatched topic" }, status: "error" };
const CRASH = { reason: "channel_crash" };

const V2: Readonly<Record<string, readonly Step[]>> = {
  "join, heartbeat, replies, broadcast, leave": [
    { client: ["1", "1", "room:a", "phx_join", {}], server: [["1", "1", "room:a", "phx_reply", OK]] },
    { client: [null, "2", "phoenix", "heartbeat", {}], server: [[null, "2", "phoenix", "phx_reply", OK]] },
    {
      client: ["1", "3", "room:a", "echo", { x: 1 }],
      server: [["1", "3", "room:a", "phx_reply", { response: { x: 1 }, status: "ok" }]],
    },
    {
      client: ["1", "4", "room:a", "new_msg_ack", { b: 1 }],
      server: [
        [null, null, "room:a", "new_msg", { b: 1 }],
        ["1", "4", "room:a", "phx_reply", OK],
      ],
    },
    {
      client: ["1", "6", "room:a", "custom_status", {}],
      server: [["1", "6", "room:a", "phx_reply", { response: { a: 1 }, status: "weird" }]],
    },
    {
      client: ["1", "9", "room:a", "intercepted", { z: 1 }],
      server: [["1", null, "room:a", "intercepted", { for: null, z: 1 }]],
    },
    {
      client: ["1", "10", "room:a", "phx_leave", {}],
      server: [
        ["1", "10", "room:a", "phx_reply", OK],
        ["1", "1", "room:a", "phx_close", {}],
      ],
    },
    { client: ["1", "11", "room:a", "echo", {}], server: [[null, "11", "room:a", "phx_reply", UNMATCHED]] },
    { client: ["1", "12", "room:a", "phx_leave", {}], server: [["1", "12", "room:a", "phx_reply", OK]] },
  ],
  "joins that are refused": [
    {
      client: ["2", "2", "room:deny", "phx_join", {}],
      server: [["2", "2", "room:deny", "phx_reply", { response: { reason: "unauthorized" }, status: "error" }]],
    },
    {
      client: ["3", "3", "room:crash", "phx_join", {}],
      server: [["3", "3", "room:crash", "phx_reply", { response: { reason: "join crashed" }, status: "error" }]],
    },
    { client: ["4", "4", "nope", "phx_join", {}], server: [[null, "4", "nope", "phx_reply", UNMATCHED]] },
    { client: [null, 7, "phoenix", "other", {}], server: [[null, 7, "phoenix", "phx_reply", UNMATCHED]] },
  ],
  "refs that are numbers": [
    { client: [1, 1, "room:a", "phx_join", {}], server: [[1, 1, "room:a", "phx_reply", OK]] },
    { client: ["1", "3", "room:a", "echo", {}], server: [] },
    {
      client: [null, 4, "room:a", "echo", [1, 2]],
      server: [[1, 4, "room:a", "phx_reply", { response: [1, 2], status: "ok" }]],
    },
  ],
  "a join without a join ref": [
    { client: [null, "1", "room:b", "phx_join", {}], server: [[null, "1", "room:b", "phx_reply", OK]] },
    {
      client: [null, "2", "room:b", "echo", { a: 1 }],
      server: [["1", "2", "room:b", "phx_reply", { response: { a: 1 }, status: "ok" }]],
    },
    { client: ["1", "3", "room:b", "echo", { a: 2 }], server: [] },
    { client: [null, "5", "room:b", "no_such_event", {}], server: [[null, null, "room:b", "phx_error", CRASH]] },
  ],
  "a handler that throws": [
    { client: ["1", "1", "room:a", "phx_join", {}], server: [["1", "1", "room:a", "phx_reply", OK]] },
    { client: ["1", "2", "room:a", "boom", {}], server: [["1", "1", "room:a", "phx_error", CRASH]] },
  ],
  "a handler that ends its channel with a reply": [
    { client: ["1", "1", "room:a", "phx_join", {}], server: [["1", "1", "room:a", "phx_reply", OK]] },
    {
      client: ["1", "2", "room:a", "stop", { how: "reply" }],
      server: [
        ["1", "2", "room:a", "phx_reply", { response: { bye: 1 }, status: "ok" }],
        ["1", "1", "room:a", "phx_close", {}],
      ],
    },
  ],
  "a duplicate join": [
    {
      client: ["1", "1", "room:greet", "phx_join", {}],
      server: [
        ["1", "1", "room:greet", "phx_reply", OK],
        ["1", null, "room:greet", "greeting", { hi: true }],
      ],
    },
    {
      client: ["2", "2", "room:greet", "phx_join", {}],
      server: [
        ["2", "2", "room:greet", "phx_reply", OK],
        ["1", "1", "room:greet", "phx_close", {}],
        ["2", null, "room:greet", "greeting", { hi: true }],
      ],
    },
    { client: ["1", "3", "room:greet", "echo", {}], server: [] },
  ],
};

const V1: Readonly<Record<string, readonly Step[]>> = {
  "join and crash": [
    {
      client: { topic: "room:a", event: "phx_join", payload: {}, ref: "1" },
      server: [{ event: "phx_reply", payload: OK, ref: "1", topic: "room:a" }],
    },
    {
      client: { topic: "room:a", event: "boom", payload: {}, ref: "4" },
      server: [{ event: "phx_error", payload: CRASH, ref: null, topic: "room:a" }],
    },
  ],
  "join with a join ref, and leave": [
    {
      client: { topic: "room:b", event: "phx_join", payload: {}, ref: "8", join_ref: "7" },
      server: [{ event: "phx_reply", payload: OK, ref: "8", topic: "room:b" }],
    },
    {
      client: { topic: "room:b", event: "phx_leave", payload: {}, ref: "9", join_ref: "7" },
      server: [
        { event: "phx_reply", payload: OK, ref: "9", topic: "room:b" },
        { event: "phx_close", payload: {}, ref: "7", topic: "room:b" },
      ],
    },
  ],
};

/** A heartbeat after the answers of each step; its reply comes next, so nothing unexpected came before it. */
const V2_PROBE: Step = {
  client: [null, "probe", "phoenix", "heartbeat", {}],
  server: [[null, "probe", "phoenix", "phx_reply", OK]],
};
const V1_PROBE: Step = {
  client: { topic: "phoenix", event: "heartbeat", payload: {}, ref: "probe" },
  server: [{ topic: "phoenix", event: "phx_reply", payload: OK, ref: "probe" }],
};

let fixture: Listener;
beforeAll(async () => {
  fixture = await startFixture({ port: 0 });
});
afterAll(() => fixture.close());

describe.each([
  { vsn: "2.0.0", exchanges: V2, probe: V2_PROBE },
  { vsn: "1.0.0", exchanges: V1, probe: V1_PROBE },
])("golden exchanges of Phoenix, version $vsn", ({ vsn, exchanges, probe }) => {
  test.each(Object.entries(exchanges))("%s", async (_name, steps) => {
    using client = await connect(`${fixture.url}/socket/websocket?vsn=${vsn}`);

    for (const step of steps) {
      client.send(step.client);
      expect(await client.take(step.server.length)).toStrictEqual(step.server);

      client.send(probe.client);
      expect(await client.take(1)).toStrictEqual(probe.server);
    }
  });
});

describe("golden exchanges of Phoenix, limits and garbage", () => {
  test("the 101st channel is refused", async () => {
    using client = await connect(`${fixture.url}/socket/websocket?vsn=2.0.0`);
    for (let index = 1; index <= 100; index++) {
      const ref = String(index);
      const joined = await client.ask([ref, ref, `room:n${ref}`, "phx_join", {}]);
      expect(joined).toStrictEqual([ref, ref, `room:n${ref}`, "phx_reply", OK]);
    }

    expect(await client.ask(["101", "101", "room:n101", "phx_join", {}])).toStrictEqual([
      "101",
      "101",
      "room:n101",
      "phx_reply",
      { response: { reason: "too many channels joined" }, status: "error" },
    ]);
  });

  test.each(["{nope", '["1","1","room:a","phx_join"]'])("%s closes the connection with 1011", async (frame) => {
    using client = await connect(`${fixture.url}/socket/websocket?vsn=2.0.0`);

    client.sendText(frame);

    expect((await client.ending()).code).toBe(1011);
  });

  test("a binary push is answered by a push, a broadcast and a reply, all binary", async () => {
    using client = await connect(`${fixture.url}/socket/websocket?vsn=2.0.0`);
    await client.ask(["1", "1", "room:a", "phx_join", {}]);

    client.sendBytes(Buffer.from([0, 1, 1, 6, 3, ...Buffer.from("12room:abin"), 9, 8, 7]));

    expect(await client.take(3)).toStrictEqual([
      [0, 1, 6, 8, ...Buffer.from("1room:abin_push"), 9, 8, 7],
      [2, 6, 9, ...Buffer.from("room:abin_bcast"), 9, 8, 7],
      [1, 1, 1, 6, 2, ...Buffer.from("12room:aok"), 9, 8, 7],
    ]);
  });
});

describe("golden exchanges of Phoenix, presence", () => {
  test("a tracked join sends its diff and its state, and an update sends one diff", async () => {
    using client = await connect(`${fixture.url}/socket/websocket?vsn=2.0.0`);
    const topic = "room:presence-golden";
    client.send(["1", "1", topic, "phx_join", { user: "u1", meta: { status: "on" } }]);
    const joined = await client.take(3);
    client.send(["1", "2", topic, "presence_update", { meta: { status: "away" } }]);
    const updated = await client.take(2);

    const refs = new Map<string, string>();
    const on = { phx_ref: "R1", status: "on" };
    const away = { phx_ref: "R2", phx_ref_prev: "R1", status: "away" };
    expect(maskRefs(joined, refs)).toStrictEqual([
      ["1", "1", topic, "phx_reply", { response: { you: "u1" }, status: "ok" }],
      [null, null, topic, "presence_diff", { joins: { u1: { metas: [on] } }, leaves: {} }],
      ["1", null, topic, "presence_state", { u1: { metas: [on] } }],
    ]);
    expect(maskRefs(updated, refs)).toStrictEqual([
      [null, null, topic, "presence_diff", { joins: { u1: { metas: [away] } }, leaves: { u1: { metas: [on] } } }],
      ["1", "2", topic, "phx_reply", { response: { ref: "R2" }, status: "ok" }],
    ]);
  });
});

describe("golden exchanges of Phoenix, long poll", () => {
  test("a session is made, joined, polled and left idle", async () => {
    const client = new LongPollClient(`${fixture.url}/short`);
    const created = await client.poll();
    const posted = await client.post(["1", "1", "room:a", "phx_join", {}]);
    const polled = await client.poll();
    const idle = await client.poll();

    const token = client.token;
    expect(token).toMatch(/^\S{16,}$/);
    expect(created).toStrictEqual({ messages: [], status: 410, token });
    expect(posted).toStrictEqual({ status: 200 });
    expect({ ...polled, messages: polled.messages?.map((text) => JSON.parse(text)) }).toStrictEqual({
      messages: [["1", "1", "room:a", "phx_reply", OK]],
      status: 200,
      token,
    });
    expect(idle).toStrictEqual({ messages: [], status: 204, token });
  });

  test("a dead session is answered with 410, and a GET gives a new token", async () => {
    const client = await openSession(`${fixture.url}/socket`, { query: "vsn=2.0.0&user_id=golden" });
    const { token } = client;
    await fetch(`${fixture.url}/_disconnect`, { method: "POST", body: JSON.stringify({ uid: "users:golden" }) });

    // The first poll hears the farewell (see the differences below); from then on the session is dead.
    await client.poll();
    const posted = await client.post([null, "1", "phoenix", "heartbeat", {}]);
    const polled = await client.poll();

    expect(posted).toStrictEqual({ status: 410 });
    expect(polled).toStrictEqual({ messages: [], status: 410, token: client.token });
    expect(client.token).not.toBe(token);
  });

  test("a refused connect is answered with 403", async () => {
    const client = new LongPollClient(`${fixture.url}/socket`, { query: "vsn=2.0.0&reject=true" });

    expect(await client.poll()).toStrictEqual({ status: 403 });
  });
});

const DIFFERENCES: readonly Difference[] = [
  {
    exchange: "a heartbeat behind a slow join",
    reason: "joins run concurrently, and heartbeats never wait for one",
    async show() {
      using client = await connect(`${fixture.url}/socket/websocket?vsn=2.0.0`);
      client.send(["1", "1", "room:slow", "phx_join", { ms: 200 }]);
      client.send([null, "2", "phoenix", "heartbeat", {}]);

      expect(await client.take(2)).toStrictEqual([
        [null, "2", "phoenix", "phx_reply", OK],
        ["1", "1", "room:slow", "phx_reply", OK],
      ]);
    },
  },
  {
    exchange: "a POST behind a slow handler",
    reason: "a POST is answered when its frames are taken, so none is too slow (408)",
    async show() {
      const client = await openSession(`${fixture.url}/short`);
      await client.post(["1", "1", "room:a", "phx_join", {}]);
      await client.next();

      // Slower than the window, after which Phoenix gives up.
      expect(await client.post(["1", "2", "room:a", "sleep", { ms: 600 }])).toStrictEqual({ status: 200 });
    },
  },
  {
    exchange: "the first poll after a session was closed",
    reason: "a close is told with its code, so that a client knows whether to come back; Phoenix begins a new session",
    async show() {
      const client = await openSession(`${fixture.url}/socket`, { query: "vsn=2.0.0&user_id=farewell" });
      const { token } = client;
      await fetch(`${fixture.url}/_disconnect`, { method: "POST", body: JSON.stringify({ uid: "users:farewell" }) });

      expect(await client.poll()).toStrictEqual({
        messages: [],
        status: 410,
        token,
        code: 1001,
        reason: "going_away",
      });
    },
  },
  {
    exchange: "a topic that is a number",
    reason: "bad input is closed with a code; Phoenix answers that the topic is unmatched",
    async show() {
      using client = await connect(`${fixture.url}/socket/websocket?vsn=2.0.0`);
      client.send(["1", "1", 7, "phx_join", {}]);

      expect((await client.ending()).code).toBe(1011);
    },
  },
  {
    exchange: "a ref that is an object",
    reason: "bad input is closed with a code; Phoenix echoes any JSON",
    async show() {
      using client = await connect(`${fixture.url}/socket/websocket?vsn=2.0.0`);
      client.send([{}, "1", "room:a", "phx_join", {}]);

      expect((await client.ending()).code).toBe(1011);
    },
  },
  {
    exchange: "a topic outside the topics' alphabet",
    reason: "bad input is answered; Phoenix takes any string, which a broker between nodes may not",
    async show() {
      using client = await connect(`${fixture.url}/socket/websocket?vsn=2.0.0`);

      for (const topic of ["room:熊猫", "room:a b", "room:*"]) {
        const refused = await client.ask(["1", "1", topic, "phx_join", {}]);
        expect(refused).toStrictEqual([null, "1", topic, "phx_reply", UNMATCHED]);
      }
    },
  },
  {
    exchange: "a message behind one that crashes its channel",
    reason: "never silence: it is answered as if the channel had not been there; Phoenix may lose it",
    async show() {
      using client = await connect(`${fixture.url}/socket/websocket?vsn=2.0.0`);
      await client.ask(["1", "1", "room:a", "phx_join", {}]);
      client.send(["1", "2", "room:a", "boom", {}]);
      client.send(["1", "3", "room:a", "echo", {}]);

      expect(await client.take(2)).toStrictEqual([
        ["1", "1", "room:a", "phx_error", CRASH],
        [null, "3", "room:a", "phx_reply", UNMATCHED],
      ]);
    },
  },
];

test.each(DIFFERENCES)("on purpose, unlike Phoenix: $exchange ($reason)", ({ show }) => show());

/** Replaces each presence ref by `R1`, `R2`, … in the order in which they appear. */
function maskRefs(frames: unknown, refs: Map<string, string>): unknown {
  return JSON.parse(JSON.stringify(frames), (key, value: unknown) => {
    if (!["phx_ref", "phx_ref_prev", "ref"].includes(key) || typeof value !== "string") return value;
    const masked = refs.get(value) ?? `R${refs.size + 1}`;
    refs.set(value, masked);
    return masked;
  });
}
