import { accept, defineChannel, refuse, reply } from "@hutong/server";
import { describe, expect, test } from "vitest";
import { deferred, join, SECRET, startServer, subscribe, UNHURRIED, within, withBystander } from "./support.ts";

const PHOENIX = `/socket/websocket?vsn=2.0.0&token=${SECRET}`;

/** An error reply to the push with this ref, its wait left out of the comparison. */
function limited(ref: string, topic: string): unknown {
  const response = { reason: "rate_limited", retry_after_ms: expect.any(Number) };
  return ["1", ref, topic, "phx_reply", { status: "error", response }];
}

describe("handshakes", () => {
  test("A7 handshakes beyond an address's rate are answered by 429 with Retry-After, and the connected are unaffected", async () => {
    await using server = await startServer({ serverLimits: { handshakeBurst: 5, handshakesPerSecond: 1 } });
    await withBystander(server, async () => {
      // The bystander was the first.
      const statuses: number[] = [];
      let head = "";
      for (let count = 0; count < 20; count++) {
        const answer = await (await server.request(PHOENIX)).answer();
        statuses.push(answer.status);
        if (answer.status === 429) head = answer.head;
      }

      expect(statuses.filter((status) => status === 101).length).toBeLessThanOrEqual(6);
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(14);
      expect(head).toMatch(/\r\nRetry-After: [1-9]\d*(\r\n|$)/);
    });
    expect(server.reports()[0]).toEqual({
      kind: "connection_refused",
      path: "/socket",
      why: "rate_limited",
      status: 429,
    });
  });

  test("A7 long-poll sessions count, polls do not", async () => {
    await using server = await startServer({ serverLimits: { handshakeBurst: 2, handshakesPerSecond: 1 } });
    const session = await server.longPoll();
    await server.longPoll();

    const refused = await server.fetch(`/socket/longpoll?vsn=2.0.0&token=${SECRET}`);
    const polled = await server.fetch(session, {
      method: "POST",
      body: JSON.stringify([null, "1", "phoenix", "heartbeat", {}]),
    });

    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(await polled.json()).toEqual({ status: 200 });
  });

  test("A7 a plain request counts as the handshake that it might have been", async () => {
    await using server = await startServer({ serverLimits: { handshakeBurst: 1, handshakesPerSecond: 1 } });
    await server.fetch(PHOENIX);

    const refused = await server.fetch(PHOENIX);

    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
  });

  test("A7 behind a trusted proxy every client has a rate of its own", async () => {
    const serverLimits = { handshakeBurst: 1, handshakesPerSecond: 1 };
    await using server = await startServer({ serverLimits, trustedProxies: ["127.0.0.1"] });
    const statusFrom = async (address: string): Promise<number> =>
      (await (await server.request(PHOENIX, { "x-forwarded-for": address })).answer()).status;

    const statuses = [];
    for (const address of ["203.0.113.1", "203.0.113.2", "203.0.113.1"]) statuses.push(await statusFrom(address));

    expect(statuses).toEqual([101, 101, 429]);
  });

  test("A7 the addresses of one IPv6 network share a rate", async () => {
    const serverLimits = { handshakeBurst: 1, handshakesPerSecond: 1 };
    await using server = await startServer({ serverLimits, trustedProxies: ["127.0.0.1"] });
    const statusFrom = async (address: string): Promise<number> =>
      (await (await server.request(PHOENIX, { "x-forwarded-for": address })).answer()).status;

    const statuses = [];
    for (const address of ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"])
      statuses.push(await statusFrom(address));

    expect(statuses).toEqual([101, 429, 101]);
  });

  test("A7 a client that makes addresses up has one rate all the same", async () => {
    await using server = await startServer({ serverLimits: { handshakeBurst: 1, handshakesPerSecond: 1 } });
    await server.open(PHOENIX, { "x-forwarded-for": "203.0.113.1" });

    const answer = await (await server.request(PHOENIX, { "x-forwarded-for": "203.0.113.2" })).answer();

    expect(answer.status).toBe(429);
  });
});

describe("requests without an Origin", () => {
  test.each<readonly [string, "any" | "with_token", string, number]>([
    ["pass with a token", "with_token", `?vsn=2.0.0&token=${SECRET}`, 101],
    ["are refused without one where a token is asked for", "with_token", "?vsn=2.0.0", 403],
    ["pass without one by default", "any", "?vsn=2.0.0", 101],
  ])("A3 %s", async (_what, originless, query, status) => {
    await using server = await startServer({ originless, connect: () => ({}) });

    expect((await (await server.request(`/socket/websocket${query}`)).answer()).status).toBe(status);
  });
});

describe("messages", () => {
  test("C16 pushes beyond a connection's rate are refused with the wait, and others are unaffected", async () => {
    await using server = await startServer({ limits: { messageBurst: 3, messagesPerSecond: 1 } });
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");

      for (const ref of ["2", "3", "4", "5"]) client.send(["1", ref, "room:1", "echo", {}]);

      expect(await client.message()).toEqual(["1", "2", "room:1", "phx_reply", { status: "ok", response: {} }]);
      expect(await client.message()).toEqual(["1", "3", "room:1", "phx_reply", { status: "ok", response: {} }]);
      for (const ref of ["4", "5"]) expect(await client.message()).toEqual(limited(ref, "room:1"));
    });
    const report = { kind: "message_refused", topic: "room:1", event: "echo", code: "rate_limited" };
    expect(server.reports()).toEqual([report, report]);
  });

  test("C16 a message after the wait that was named is taken", async () => {
    await using server = await startServer({
      limits: { messageBurst: 1, messagesPerSecond: 20, maxRateRefusals: 100_000 },
    });
    const client = await server.phoenix();
    client.send(["1", "1", "room:1", "phx_join", {}]);
    await client.message();

    // Refused or not, the client goes on at the pace that it is told.
    for (let ref = 2, isTaken = false; !isTaken; ref++) {
      client.send(["1", String(ref), "room:1", "echo", {}]);
      isTaken = JSON.stringify(await client.message()).includes('"ok"');
    }
  });

  test("C16 a message loop ends in a close with 4429", async () => {
    await using server = await startServer({ limits: { messageBurst: 10, messagesPerSecond: 1, maxRateRefusals: 20 } });
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");

      for (let ref = 2; ref <= 1_000; ref++) client.send(["1", String(ref), "room:1", "echo", {}]);

      expect(await client.closeCode()).toBe(4429);
      client.destroy();
      await server.reported("connection_closed");
    });
    expect(server.reports().at(-1)).toEqual({
      kind: "connection_closed",
      code: expect.any(Number),
      close: "rate_limited",
    });
  });

  test("C16 a heartbeat loop ends in a close with 4429, too", async () => {
    await using server = await startServer({ limits: { messageBurst: 10, messagesPerSecond: 1, maxRateRefusals: 20 } });
    await withBystander(server, async () => {
      const client = await server.phoenix();

      for (let ref = 1; ref <= 1_000; ref++) client.send([null, String(ref), "phoenix", "heartbeat", {}]);

      expect(await client.closeCode()).toBe(4429);
    });
  });

  test("C16 an Action Cable message beyond the rate is met by silence and a report", async () => {
    await using server = await startServer({ limits: { messageBurst: 2, messagesPerSecond: 1 } });
    await withBystander(server, async () => {
      const client = await server.cable();
      const identifier = await subscribe(client, "1");

      for (const n of [1, 2])
        client.send({ command: "message", identifier, data: JSON.stringify({ action: "say", n }) });

      expect(await client.message()).toEqual({ identifier, message: { n: 1 } });
      await server.reported("message_refused");
      client.send({ command: "unsubscribe", identifier });
      await within("the end of the subscription", () => server.server.stats().channels === 1);
    });
  });

  test("C16 an Action Cable subscription beyond the rate is left for the client to ask again", async () => {
    await using server = await startServer({ limits: { joinBurst: 1, joinsPerSecond: 20 } });
    const client = await server.cable();
    await subscribe(client, "1");
    const identifier = JSON.stringify({ channel: "RoomChannel", id: "2" });
    client.send({ command: "subscribe", identifier });
    await server.reported("join_refused");

    const asking = setInterval(() => client.send({ command: "subscribe", identifier }), 20);
    const answer = await client.message().finally(() => clearInterval(asking));

    expect(answer).toEqual({ identifier, type: "confirm_subscription" });
  });

  test("C16 joins beyond a connection's rate are refused, leaves are not", async () => {
    await using server = await startServer({ limits: { joinBurst: 2, joinsPerSecond: 1 } });
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");
      client.send(["3", "3", "room:3", "phx_join", {}]);
      client.send(["4", "4", "room:4", "phx_join", {}]);
      client.send(["3", "5", "room:3", "phx_leave", {}]);

      const answers = [await client.message(), await client.message(), await client.message(), await client.message()];
      expect(answers).toEqual([
        [
          "4",
          "4",
          "room:4",
          "phx_reply",
          { status: "error", response: expect.objectContaining({ reason: "rate_limited" }) },
        ],
        ["3", "3", "room:3", "phx_reply", { status: "ok", response: {} }],
        ["3", "5", "room:3", "phx_reply", { status: "ok", response: {} }],
        ["3", "3", "room:3", "phx_close", {}],
      ]);
    });
  });

  test("C16 the connections of one id share a rate, and other ids have their own", async () => {
    await using server = await startServer({
      serverLimits: { userMessageBurst: 4, userMessagesPerSecond: 1 },
      connect: ({ params: { id } }) => (typeof id === "string" ? { id } : {}),
    });
    const open = (id: string) => server.open(`/socket/websocket?vsn=2.0.0&id=${id}`);
    const [phone, tablet, other] = [await open("ann"), await open("ann"), await open("bob")];
    for (const client of [phone, tablet, other]) await join(client, "room:1");

    phone.send(["1", "2", "room:1", "echo", {}]);
    await phone.message();
    tablet.send(["1", "3", "room:1", "echo", {}]);
    await tablet.message();
    phone.send(["1", "4", "room:1", "echo", {}]);
    other.send(["1", "5", "room:1", "echo", {}]);

    expect(await phone.message()).toEqual(limited("4", "room:1"));
    expect(await other.message()).toEqual(["1", "5", "room:1", "phx_reply", { status: "ok", response: {} }]);
  });
});

describe("presence", () => {
  test("C14 a meta of 1 MB does not reach the others, and only its sender's channel ends", async () => {
    const profile = defineChannel("profile:*", {
      join: () => accept(),
      handle: { set: (payload, channel) => void channel.presence.track("me", { payload }) },
    });
    await using server = await startServer({ channels: [profile], limits: { maxFrameBytes: 2_000_000 } });
    await withBystander(server, async () => {
      const [watcher, client] = [await server.phoenix(), await server.phoenix()];
      await join(watcher, "profile:1");
      await join(client, "profile:1");

      client.send(["1", "2", "profile:1", "set", { text: "x".repeat(1_000_000) }]);

      expect(await client.message()).toEqual(["1", "1", "profile:1", "phx_error", expect.any(Object)]);
      watcher.send(["1", "2", "profile:1", "phx_leave", {}]);
      expect(await watcher.message()).toEqual(["1", "2", "profile:1", "phx_reply", { status: "ok", response: {} }]);
      expect(server.server.presence("profile:1")).toEqual({});
    });
  });

  test("C14 of 10,000 updates five are carried out within 30 s, and the others are refused", async () => {
    const profile = defineChannel("profile:*", {
      join: () => accept(),
      joined: (channel) => void channel.presence.track("me", {}),
      handle: { set: (payload, channel) => void channel.presence.update("me", { payload }) },
    });
    await using server = await startServer({ ...UNHURRIED, channels: [profile] });
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "profile:1");

      for (let ref = 2; ref <= 10_001; ref++) client.send(["1", String(ref), "profile:1", "set", { ref }]);

      let refused = 0;
      while (refused < 9_995) if (JSON.stringify(await client.message()).includes('"rate_limited"')) refused++;
      const [meta] = server.server.presence("profile:1")["me"]?.metas ?? [];
      expect(meta?.["payload"]).toEqual({ ref: 6 });
    });
  });

  test("C15 of 400 joins everyone is told in far fewer diffs", async () => {
    const crowd = defineChannel("crowd:*", {
      join: ({ params }) => accept({ assigns: { name: String(Object(params)["name"]) } }),
      joined: (channel) => {
        channel.presence.track(channel.assigns.name);
        channel.push("presence_state", channel.presence.list());
      },
    });
    await using server = await startServer({ ...UNHURRIED, channels: [crowd] });
    const watcher = await server.phoenix();
    watcher.send(["1", "1", "crowd:1", "phx_join", { name: "watcher" }]);
    const names = new Set<string>();
    let diffs = 0;

    for (let count = 1; count <= 4; count++) {
      const clients = await Promise.all(Array.from({ length: 100 }, () => server.phoenix()));
      for (const [index, client] of clients.entries())
        client.send(["1", "1", "crowd:1", "phx_join", { name: `${count}-${index}` }]);
    }
    while (names.size < 401) {
      const [, , , event, payload] = Object(await watcher.message()) as readonly [
        unknown,
        unknown,
        unknown,
        string,
        object,
      ]; // a Phoenix V2 frame
      if (event !== "presence_diff") continue;
      diffs++;
      for (const name of Object.keys(Object(payload).joins)) names.add(name);
    }

    expect(diffs).toBeLessThan(200);
  });

  test("C15 a crowd above the limit is counted, not listed", async () => {
    const crowd = defineChannel("crowd:*", {
      join: ({ params }) => accept({ assigns: { name: String(Object(params)["name"]) } }),
      joined: (channel) => {
        channel.presence.track(channel.assigns.name);
        channel.push("presence_state", channel.presence.list());
      },
    });
    await using server = await startServer({ channels: [crowd], presence: { maxListed: 10 } });
    const clients = await Promise.all(Array.from({ length: 12 }, () => server.phoenix()));
    for (const [index, client] of clients.entries())
      client.send(["1", "1", "crowd:1", "phx_join", { name: `n${index}` }]);
    const [first] = clients;
    if (first === undefined) throw new TypeError("twelve clients have a first");

    let last: unknown;
    while (JSON.stringify(last) !== '[null,null,"crowd:1","presence_count",{"count":12}]') last = await first.message();

    expect(server.server.presence("crowd:1")).toEqual({});
  });
});

describe("tokens", () => {
  test("C9 a connection whose token expires is closed with 4002", async () => {
    await using server = await startServer({ connect: () => ({ expiresAtMs: Date.now() + 50 }) });
    await withBystander(server, async () => {
      const client = await server.open("/socket/websocket?vsn=2.0.0%2Bhutong.1");

      expect(await client.closeCode()).toBe(4002);
    });
  });

  test("C9 a revoked token closes its connections with 4500, also one whose handshake is under way", async () => {
    const gate = deferred();
    const server = await startServer({
      connect: async ({ params, token }) => {
        if (params["slow"] === "yes") await gate.promise;
        return token === undefined ? refuse("unauthorized") : { tokenId: token };
      },
    });
    await using _closing = server;
    const target = "/socket/websocket?vsn=2.0.0%2Bhutong.1";
    const [revoked, other] = [await server.open(`${target}&token=t1`), await server.open(`${target}&token=t2`)];
    const pending = await server.request(`${target}&token=t1&slow=yes`);
    await pending.flush("");

    server.server.revoke("t1");
    gate.resolve();

    expect(await revoked.closeCode()).toBe(4500);
    expect((await pending.answer()).status).toBe(101);
    expect(await pending.closeCode()).toBe(4500);
    await join(other, "room:1");
  });
});

describe("a drain", () => {
  test("lets a handler that is at work answer, and then closes with 1012", async () => {
    const [begun, gate] = [deferred(), deferred()];
    const slow = defineChannel("slow:*", {
      join: () => accept(),
      handle: {
        work: async () => {
          begun.resolve();
          await gate.promise;
          return reply({ done: true });
        },
      },
    });
    const server = await startServer({ channels: [slow], serverLimits: { drainMs: 1 } });
    await using _closing = server;
    const client = await server.phoenix();
    await join(client, "slow:1");
    client.send(["1", "2", "slow:1", "work", {}]);
    await begun.promise;

    const drained = server.drain();
    await server.reported("drain_started");
    gate.resolve();

    expect(await client.message()).toEqual([
      "1",
      "2",
      "slow:1",
      "phx_reply",
      { status: "ok", response: { done: true } },
    ]);
    expect(await client.closeCode()).toBe(1012);
    client.end();
    await drained;
  });

  test("waits no longer than drainAnswerMs for a handler", async () => {
    const slow = defineChannel("slow:*", {
      join: () => accept(),
      handle: { work: () => new Promise<never>(() => {}) },
    });
    const server = await startServer({ channels: [slow], serverLimits: { drainMs: 1, drainAnswerMs: 50 } });
    await using _closing = server;
    const client = await server.phoenix();
    await join(client, "slow:1");
    client.send(["1", "2", "slow:1", "work", {}]);

    const drained = server.drain();

    expect(await client.closeCode()).toBe(1012);
    client.destroy();
    await drained;
  });

  test("answers a handshake that comes meanwhile by 503, or not at all", async () => {
    const server = await startServer({ serverLimits: { drainMs: 1 } });
    await using _closing = server;
    const early = await server.connect();
    const client = await server.phoenix();
    const drained = server.drain();

    early.write(`GET ${PHOENIX} HTTP/1.1\r\nhost: chat.example\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`);

    const status = await early.answer().then(
      (answer) => answer.status,
      () => 0,
    );
    expect([0, 503]).toContain(status);
    client.destroy();
    await drained;
  });
});
