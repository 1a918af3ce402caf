import { phoenix, type WireProtocol } from "@hutong/protocol";
import { accept, createServer, defineChannel, type Server } from "@hutong/server";
import { MemoryBroker, MemoryBrokerHub } from "@hutong/server/plugin";
import {
  connectLoopback,
  connectLoopbackCable,
  FakeClock,
  ScriptedTransport,
  TelemetryRecorder,
} from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { type Bench, startBench } from "./support.ts";

const ROOM = defineChannel("room:*", { join: () => accept() });

async function startTwoNodes(): Promise<readonly [Bench, Bench]> {
  const hub = new MemoryBrokerHub();
  return [
    await startBench([ROOM], { broker: new MemoryBroker(hub) }),
    await startBench([ROOM], { broker: new MemoryBroker(hub) }),
  ];
}

async function settle(...benches: readonly Bench[]): Promise<void> {
  // The nodes have clocks of their own: what one hands to the other may need another turn there.
  for (let turn = 0; turn < 2; turn++) for (const { clock } of benches) await clock.settle();
}

function phoenix2(): WireProtocol {
  const negotiation = phoenix.negotiate({ vsn: "2.0.0", subprotocols: [] });
  if (negotiation.kind === "disagreed") throw new TypeError(negotiation.reason);
  return negotiation.wireProtocol;
}

/** A client whose end of the link the test holds. */
function openScripted(server: Server, transport: ScriptedTransport): ScriptedTransport {
  server.open(server.mount({ grammar: phoenix, path: "/socket" }), transport, phoenix2(), {});
  return transport;
}

describe("broadcast", () => {
  test("reaches the channels of a topic from outside", async () => {
    await using bench = await startBench([ROOM]);
    const [ann, bob] = [bench.connect(), bench.connect()];
    ann.join("room:1");
    bob.join("room:2");
    await bench.clock.settle();
    ann.take();
    bob.take();

    bench.server.broadcast("room:1", "news", { n: 1 });
    await bench.clock.settle();

    expect(ann.take()).toEqual([[null, null, "room:1", "news", { n: 1 }]]);
    expect(bob.take()).toEqual([]);
  });

  test("on several topics reaches the channels of each, in the order of the list, and writes the payload once", async () => {
    const [left, right] = await startTwoNodes();
    const [ann, bob, far] = [left.connect(), left.connect(), right.connect()];
    for (const topic of ["room:1", "room:2"]) ann.join(topic);
    bob.join("room:2");
    far.join("room:3");
    await settle(left, right);
    for (const client of [ann, bob, far]) client.take();
    let writes = 0;

    left.server.broadcast(["room:2", "room:1", "room:3"], "news", { n: { toJSON: () => ++writes } });
    await settle(left, right);

    expect(ann.take()).toEqual([
      [null, null, "room:2", "news", { n: 1 }],
      [null, null, "room:1", "news", { n: 1 }],
    ]);
    expect(bob.take()).toEqual([[null, null, "room:2", "news", { n: 1 }]]);
    expect(far.take()).toEqual([[null, null, "room:3", "news", { n: 1 }]]);
  });

  test("a malformed topic among several is refused before anybody hears", async () => {
    await using bench = await startBench([ROOM]);
    const ann = bench.connect();
    ann.join("room:1");
    await bench.clock.settle();
    ann.take();

    expect(() => bench.server.broadcast(["room:1", "not a topic"], "news", {})).toThrow(TypeError);
    await bench.clock.settle();

    expect(ann.take()).toEqual([]);
  });

  test("reaches the channels of every node, in the order of the calls", async () => {
    const [left, right] = await startTwoNodes();
    const client = right.connect();
    client.join("room:1");
    await settle(left, right);
    client.take();

    for (const n of [1, 2, 3]) left.server.broadcast("room:1", "count", { n });
    await settle(left, right);

    expect(client.take().map(([, , , , payload]) => payload)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    await left.server.close();
    await right.server.close();
  });

  test("of bytes reaches another node as bytes", async () => {
    const [left, right] = await startTwoNodes();
    const client = right.connect();
    client.join("room:1");
    await settle(left, right);
    client.take();

    left.server.broadcast("room:1", "bytes", Uint8Array.of(10, 0, 255));
    await settle(left, right);

    expect(client.take()).toEqual([[null, null, "room:1", "bytes", Uint8Array.of(10, 0, 255)]]);
    await left.server.close();
    await right.server.close();
  });

  test("without a payload says the same on every node", async () => {
    const [left, right] = await startTwoNodes();
    const clients = [left.connect(), right.connect()];
    for (const client of clients) client.join("room:1");
    await settle(left, right);
    for (const client of clients) client.take();

    left.server.broadcast("room:1", "closing", undefined);
    await settle(left, right);

    for (const client of clients) expect(client.take()).toEqual([[null, null, "room:1", "closing", {}]]);
    await left.server.close();
    await right.server.close();
  });

  test.each(["", "room *", "$control", "room:*"])("to %j is refused", async (topic) => {
    await using bench = await startBench([ROOM]);

    expect(() => bench.server.broadcast(topic, "news", {})).toThrow(TypeError);
  });
});

describe("disconnect", () => {
  test("closes every connection of that id, and no other", async () => {
    await using bench = await startBench([ROOM]);
    const [tab1, tab2, other, nameless] = [
      bench.connect({ admission: { id: "users:1" } }),
      bench.connect({ admission: { id: "users:1" } }),
      bench.connect({ admission: { id: "users:2" } }),
      bench.connect(),
    ];

    bench.server.disconnect("users:1");

    expect([tab1.closedWith, tab2.closedWith]).toEqual([
      { code: 1001, reason: "going_away" },
      { code: 1001, reason: "going_away" },
    ]);
    expect([other.closedWith, nameless.closedWith]).toEqual([undefined, undefined]);
    expect(bench.server.stats().connections).toBe(2);
  });

  test("reaches the connections of other nodes", async () => {
    const [left, right] = await startTwoNodes();
    const client = right.connect({ admission: { id: "users:1" } });

    left.server.disconnect("users:1");
    await settle(left, right);

    expect(client.closedWith).toEqual({ code: 1001, reason: "going_away" });
    await left.server.close();
    await right.server.close();
  });

  test("without reconnect tells the client to stay away, on every node", async () => {
    const [left, right] = await startTwoNodes();
    const admission = { id: "users:1" };
    const foreign = left.connect({ admission });
    const own = right.connect({ admission, vsn: "2.0.0+hutong.1" });

    left.server.disconnect("users:1", { reconnect: false });
    await settle(left, right);

    expect(foreign.closedWith).toEqual({ code: 1000, reason: "kicked" });
    expect(own.closedWith).toEqual({ code: 4503, reason: "kicked" });
    await left.server.close();
    await right.server.close();
  });

  test("of an id that nobody has does nothing", async () => {
    await using bench = await startBench([ROOM]);
    const client = bench.connect({ admission: { id: "users:1" } });

    bench.server.disconnect("users:2");
    bench.server.disconnect("");

    expect(client.closedWith).toBeUndefined();
  });

  test("says good-bye in the words of Action Cable", async () => {
    await using bench = await startBench([ROOM]);
    const client = connectLoopbackCable(bench.server, { admission: { id: "users:1" } });
    await bench.clock.settle();
    client.take();

    bench.server.disconnect("users:1", { reconnect: false });

    expect(client.take()).toEqual([{ type: "disconnect", reason: "remote", reconnect: false }]);
    expect(client.closedWith).toEqual({ code: 1000, reason: "kicked" });
  });
});

describe("revoke", () => {
  test("closes the connections of the token on every node, and no other", async () => {
    const [left, right] = await startTwoNodes();
    const here = left.connect({ admission: { tokenId: "t1" } });
    const there = right.connect({ admission: { tokenId: "t1" }, vsn: "2.0.0+hutong.1" });
    const others = [right.connect({ admission: { tokenId: "t2" } }), right.connect()];

    left.server.revoke("t1");
    await settle(left, right);

    expect(here.closedWith).toEqual({ code: 1000, reason: "unauthenticated" });
    expect(there.closedWith).toEqual({ code: 4500, reason: "unauthenticated" });
    expect(others.map(({ closedWith }) => closedWith)).toEqual([undefined, undefined]);
    await left.server.close();
    await right.server.close();
  });

  test("reaches a connection whose handshake was checked before, on every node", async () => {
    const [left, right] = await startTwoNodes();
    left.server.revoke("t1");
    await settle(left, right);

    const late = right.connect({ admission: { tokenId: "t1", expiresAtMs: 0 } });

    expect(late.closedWith?.reason).toBe("unauthenticated");
    expect(right.server.stats().connections).toBe(0);
    await left.server.close();
    await right.server.close();
  });

  test("is forgotten when no handshake can be under way any more", async () => {
    await using bench = await startBench([ROOM]);
    bench.server.revoke("t1");
    await bench.clock.advance(60_000);

    const later = bench.connect({ admission: { tokenId: "t1" } });

    expect(later.closedWith).toBeUndefined();
  });

  test("of a token that nobody has does nothing", async () => {
    await using bench = await startBench([ROOM]);
    const client = bench.connect({ admission: { tokenId: "t1" } });

    for (const tokenId of ["t2", "", "__proto__"]) bench.server.revoke(tokenId);

    expect(client.closedWith).toBeUndefined();
  });
});

describe("a token that expires", () => {
  test("closes its connection within a second, on one timer for all", async () => {
    await using bench = await startBench([ROOM]);
    const now = bench.clock.now();
    const idleTimers = bench.clock.timerCount;
    const clients = [10_000, 20_000, 30_000].map((afterMs) =>
      bench.connect({ admission: { expiresAtMs: now + afterMs }, vsn: "2.0.0+hutong.1" }),
    );
    const heartbeats = clients.length;
    const timers = bench.clock.timerCount;

    await bench.clock.advance(9_500);
    const before = clients.map(({ closedWith }) => closedWith?.code);
    await bench.clock.advance(1_500);

    expect(timers).toBe(idleTimers + heartbeats + 1);
    expect(before).toEqual([undefined, undefined, undefined]);
    expect(clients.map(({ closedWith }) => closedWith?.code)).toEqual([4002, undefined, undefined]);
  });

  test("leaves no timer behind", async () => {
    await using bench = await startBench([ROOM]);
    const client = bench.connect({ admission: { expiresAtMs: bench.clock.now() + 60_000 } });

    client.close();

    expect(bench.clock.timerCount).toBe(0);
  });

  test.each([0, -1, Number.NaN])("at %s closes its connection at once", async (expiresAtMs) => {
    await using bench = await startBench([ROOM]);

    const client = bench.connect({ admission: { expiresAtMs } });

    expect(client.closedWith).toEqual({ code: 4002, reason: "token_expired" });
    expect(bench.clock.timerCount).toBe(0);
  });
});

test("a client that is closed while it is let in is watched no more", async () => {
  await using bench = await startBench([ROOM]);
  const transport = new ScriptedTransport();
  transport.receive("nonsense");
  const admission = { tokenId: "t1", expiresAtMs: bench.clock.now() + 60_000 };

  bench.server.open(bench.server.mount({ grammar: phoenix, path: "/socket" }), transport, phoenix2(), admission);

  expect(transport.closedWith).toEqual({ code: 1011, reason: "protocol_error" });
  expect(bench.clock.timerCount).toBe(0);
});

describe("stats", () => {
  test("count connections, channels, topics and subscriptions", async () => {
    await using bench = await startBench([ROOM]);
    const [ann, bob] = [bench.connect(), bench.connect()];
    for (const topic of ["room:1", "room:2"]) ann.join(topic);
    bob.join("room:1");
    await bench.clock.settle();
    const before = bench.server.stats();

    ann.close();

    expect(before).toEqual({ connections: 2, channels: 3, topics: 2, subscriptions: 3 });
    expect(bench.server.stats()).toEqual({ connections: 1, channels: 1, topics: 1, subscriptions: 1 });
  });
});

describe("room for connections", () => {
  test("is there while the server runs and is not full", async () => {
    const server = createServer({ channels: [ROOM], limits: { maxConnections: 1 }, clock: new FakeClock() });
    const idle = server.hasRoom;
    await server.start();
    const running = server.hasRoom;
    const client = connectLoopback(server);
    const full = server.hasRoom;

    client.close();
    const again = server.hasRoom;
    await server.close();

    expect([idle, running, full, again, server.hasRoom]).toEqual([false, true, false, true, false]);
  });

  test("that ran out during the handshake closes the newcomer", async () => {
    await using bench = await startBench([ROOM], { limits: { maxConnections: 1 } });
    const [first, second] = [bench.connect(), bench.connect()];

    expect(first.closedWith).toBeUndefined();
    expect(second.closedWith).toEqual({ code: 1013, reason: "overloaded" });
  });
});

describe("drain", () => {
  test("closes the connections spread over its time, the oldest first", async () => {
    await using bench = await startBench([ROOM], { limits: { drainMs: 1_000 } });
    const clients = [1, 2, 3, 4].map(() => bench.connect());
    const closedCount = (): number => clients.filter(({ closedWith }) => closedWith !== undefined).length;

    const drained = bench.server.drain();
    await bench.clock.settle();
    const counts = [closedCount()];
    for (let step = 0; step < 3; step++) {
      await bench.clock.advance(250);
      counts.push(closedCount());
    }
    await drained;

    expect(counts).toEqual([1, 2, 3, 4]);
    expect(clients[0]?.closedWith).toEqual({ code: 1012, reason: "drained" });
  });

  test("closes each connection at a random moment of its slot", async () => {
    await using bench = await startBench([ROOM], { limits: { drainMs: 1_000 }, random: () => 0.5 });
    const clients = [1, 2].map(() => bench.connect());
    const closedCount = (): number => clients.filter(({ closedWith }) => closedWith !== undefined).length;

    const drained = bench.server.drain();
    const counts = [];
    for (const ms of [249, 1, 499, 1]) {
      await bench.clock.advance(ms);
      counts.push(closedCount());
    }
    await drained;

    expect(counts).toEqual([0, 1, 1, 2]);
  });

  test("whose clients leave by themselves leaves no timer behind", async () => {
    await using bench = await startBench([ROOM]);
    const clients = [1, 2, 3].map(() => bench.connect());

    const drained = bench.server.drain();
    for (const client of clients) client.close();
    await drained;

    expect(bench.clock.timerCount).toBe(0);
  });

  test("admits nobody any more", async () => {
    await using bench = await startBench([ROOM]);
    bench.connect();
    bench.connect();

    const drained = bench.server.drain();

    expect([bench.server.state, bench.server.hasRoom]).toEqual(["draining", false]);
    await bench.clock.advance(1_000);
    await drained;
    expect(bench.server.state).toBe("closed");
  });

  test("closes a connection whose handshake outlived it", async () => {
    await using bench = await startBench([ROOM]);
    openScripted(bench.server, new ScriptedTransport({ answersClose: false }));
    const drained = bench.server.drain();

    const late = bench.connect();

    expect(late.closedWith).toEqual({ code: 1012, reason: "drained" });
    await bench.clock.advance(10_000);
    await drained;
  });

  test("drops a connection that does not answer, and then is done", async () => {
    await using bench = await startBench([ROOM]);
    const transport = openScripted(bench.server, new ScriptedTransport({ answersClose: false }));

    const drained = bench.server.drain();
    await bench.clock.advance(8_000);
    await drained;

    expect(transport.closedWith).toEqual({ code: 1012, reason: "drained" });
    expect(transport.isTerminated).toBe(true);
  });

  test("runs the channels' terminate", async () => {
    const reasons: string[] = [];
    const room = defineChannel("room:*", {
      join: () => accept(),
      terminate: (_channel, reason) => void reasons.push(reason),
    });
    await using bench = await startBench([room]);
    bench.connect().join("room:1");
    await bench.clock.settle();

    await bench.server.drain();

    expect(reasons).toEqual(["closed"]);
  });

  test("without connections is done at once", async () => {
    await using bench = await startBench([ROOM]);

    await bench.server.drain();

    expect(bench.server.state).toBe("closed");
  });
});

describe("close", () => {
  test("closes every connection at once", async () => {
    await using bench = await startBench([ROOM]);
    const clients = [1, 2, 3].map(() => bench.connect());

    await bench.server.close();

    expect(clients.map(({ closedWith }) => closedWith?.code)).toEqual([1012, 1012, 1012]);
    expect(bench.server.stats()).toEqual({ connections: 0, channels: 0, topics: 0, subscriptions: 0 });
  });

  test("leaves no timer behind", async () => {
    const bench = await startBench([
      defineChannel("room:*", { join: () => accept(), timers: [{ everyMs: 5, run: () => {} }] }),
    ]);
    bench.connect().join("room:1");
    await bench.clock.settle();

    await bench.server.close();

    expect(bench.clock.timerCount).toBe(0);
  });

  test("is idempotent and shares its promise", async () => {
    await using bench = await startBench([ROOM]);

    const [first, second] = [bench.server.close(), bench.server.close()];
    await first;

    expect(second).toBe(first);
    expect(bench.server.drain()).toBe(first);
  });

  test("closes the broker", async () => {
    const hub = new MemoryBrokerHub();
    const broker = new MemoryBroker(hub);
    const bench = await startBench([ROOM], { broker });

    await bench.server.close();

    await expect(broker.subscribe("room:1")).rejects.toThrow("the broker is closed");
  });

  test("of a server that was never started resolves", async () => {
    const server = createServer({ channels: [ROOM] });

    await server.close();

    expect(server.state).toBe("closed");
  });
});

describe("telemetry", () => {
  test("tells of a connection from its opening to its close", async () => {
    await using bench = await startBench([ROOM]);
    const client = bench.connect();
    await bench.clock.advance(1_200);

    client.close(1001, "");

    const [opened, closed] = bench.recorder.events;
    expect(opened).toMatchObject({
      kind: "connection_opened",
      transport: "loopback",
      wireProtocol: "phoenix-2",
      path: "/loopback",
    });
    expect(closed).toMatchObject({ kind: "connection_closed", code: 1001, close: undefined, durationMs: 1_200 });
  });

  test("names every connection of a node differently", async () => {
    await using bench = await startBench([ROOM]);
    bench.connect();
    bench.connect();

    const ids = bench.recorder.of("connection_opened").map(({ connectionId }) => connectionId);

    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id.startsWith(bench.server.nodeId)).toBe(true);
  });
});

describe("createServer", () => {
  test("refuses limits out of range", () => {
    expect(() => createServer({ channels: [], limits: { drainMs: 0, joinTimeoutMs: -1 } })).toThrow(
      "joinTimeoutMs is -1, drainMs is 0",
    );
  });

  test("does no I/O and starts no timer", () => {
    const clock = new FakeClock();
    const recorder = new TelemetryRecorder();

    const server = createServer({ channels: [ROOM], clock, telemetry: recorder.telemetry });

    expect([server.state, clock.timerCount, recorder.events]).toEqual(["idle", 0, []]);
  });

  test("gives nodes ids of their own", () => {
    expect(createServer({ channels: [] }).nodeId).not.toBe(createServer({ channels: [] }).nodeId);
  });
});
