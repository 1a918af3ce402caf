import { actionCable, type Grammar, phoenix, type ServerMessage, type WireProtocol } from "@hutong/protocol";
import { accept, type Channel, type ChannelDefinition, defineChannel, type Server } from "@hutong/server";
import type { Mount } from "@hutong/server/plugin";
import { ScriptedTransport } from "@hutong/testing";
import { expect, test } from "vitest";
import { startBench } from "./support.ts";

/** A wire protocol that counts what it encodes. */
class CountingWireProtocol implements WireProtocol {
  readonly name: string;
  readonly traits: WireProtocol["traits"];
  readonly encoded: ServerMessage[] = [];
  readonly #inner: WireProtocol;

  constructor(grammar: Grammar) {
    const negotiation = grammar.negotiate({ vsn: "2.0.0", subprotocols: [] });
    if (negotiation.kind === "disagreed") throw new TypeError(negotiation.reason);
    this.#inner = negotiation.wireProtocol;
    this.name = this.#inner.name;
    this.traits = this.#inner.traits;
  }

  decode(frame: string | Uint8Array): ReturnType<WireProtocol["decode"]> {
    return this.#inner.decode(frame);
  }

  encode(message: ServerMessage): ReturnType<WireProtocol["encode"]> {
    this.encoded.push(message);
    return this.#inner.encode(message);
  }

  farewell(close: Parameters<WireProtocol["farewell"]>[0]): ReturnType<WireProtocol["farewell"]> {
    return this.#inner.farewell(close);
  }

  get broadcastCount(): number {
    return this.encoded.filter(({ kind }) => kind === "broadcast").length;
  }
}

function openAt(server: Server, mount: Mount, wireProtocol: WireProtocol): ScriptedTransport {
  const transport = new ScriptedTransport();
  server.open(mount, transport, wireProtocol, {});
  return transport;
}

const JOIN = '["1","1","room:1","phx_join",{}]';
const SUBSCRIBE = JSON.stringify({ command: "subscribe", identifier: '{"channel":"Room"}' });

function rooms(channels: Channel[] = []): readonly ChannelDefinition[] {
  const room = defineChannel("room:*", {
    cable: { name: "Room", topic: () => "room:1" },
    join: () => accept(),
    joined: (channel) => void channels.push(channel),
    intercept: { secret: () => {} },
  });
  return [room];
}

test("a broadcast is encoded once per wire protocol, whatever the number of subscribers", async () => {
  await using bench = await startBench(rooms());
  const [left, right] = [new CountingWireProtocol(phoenix), new CountingWireProtocol(actionCable)];
  const [socket, cable] = [
    bench.server.mount({ grammar: phoenix, path: "/a" }),
    bench.server.mount({ grammar: actionCable, path: "/b" }),
  ];
  for (let count = 0; count < 10; count++) {
    openAt(bench.server, socket, left).receive(JOIN);
    openAt(bench.server, cable, right).receive(SUBSCRIBE);
  }
  await bench.clock.settle();

  bench.server.broadcast("room:1", "said", {});

  expect([left.broadcastCount, right.broadcastCount]).toEqual([1, 1]);
});

test("all subscribers of a wire protocol get the same frame object", async () => {
  await using bench = await startBench(rooms());
  const wireProtocol = new CountingWireProtocol(phoenix);
  const mount = bench.server.mount({ grammar: phoenix, path: "/a" });
  const transports = [1, 2, 3].map(() => openAt(bench.server, mount, wireProtocol));
  for (const transport of transports) transport.receive(JOIN);
  await bench.clock.settle();

  bench.server.broadcast("room:1", "said", {});
  await bench.clock.settle();

  const frames = transports.map((transport) => transport.batches.at(-1)?.frames()[0]);
  expect(frames[0]?.frame).toBe('[null,null,"room:1","said",{}]');
  expect(new Set(frames).size).toBe(1);
});

test("a room's tick is one batch for all", async () => {
  await using bench = await startBench(rooms());
  const wireProtocol = new CountingWireProtocol(phoenix);
  const mount = bench.server.mount({ grammar: phoenix, path: "/a" });
  const transports = [1, 2, 3].map(() => openAt(bench.server, mount, wireProtocol));
  for (const transport of transports) transport.receive(JOIN);
  await bench.clock.settle();

  for (const event of ["one", "two", "three"]) bench.server.broadcast("room:1", event, {});
  await bench.clock.settle();

  const batches = transports.map((transport) => transport.batches.at(-1));
  expect(batches[0]?.count).toBe(3);
  expect(new Set(batches).size).toBe(1);
});

test("subscribers with identifiers of their own get frames of their own", async () => {
  await using bench = await startBench(rooms());
  const wireProtocol = new CountingWireProtocol(actionCable);
  const mount = bench.server.mount({ grammar: actionCable, path: "/b" });
  const transports = ['{"channel":"Room"}', '{"channel":"Room","n":2}', '{"channel":"Room"}'].map((identifier) => {
    const transport = openAt(bench.server, mount, wireProtocol);
    transport.receive(JSON.stringify({ command: "subscribe", identifier }));
    return transport;
  });
  await bench.clock.settle();

  bench.server.broadcast("room:1", "said", "hi");
  await bench.clock.settle();

  expect(wireProtocol.broadcastCount).toBe(2);
  expect(transports.map((transport) => transport.sent.at(-1))).toEqual([
    '{"identifier":"{\\"channel\\":\\"Room\\"}","message":"hi"}',
    '{"identifier":"{\\"channel\\":\\"Room\\",\\"n\\":2}","message":"hi"}',
    '{"identifier":"{\\"channel\\":\\"Room\\"}","message":"hi"}',
  ]);
});

test("a broadcast to others leaves its sender out", async () => {
  const channels: Channel[] = [];
  await using bench = await startBench(rooms(channels));
  const [sender, other] = [bench.connect(), bench.connect()];
  for (const client of [sender, other]) client.join("room:1");
  await bench.clock.settle();
  for (const client of [sender, other]) client.take();

  channels[0]?.broadcastToOthers("said", {});
  await bench.clock.settle();

  expect(sender.take()).toEqual([]);
  expect(other.take()).toHaveLength(1);
});

test("a broadcast that every subscriber intercepts is not encoded", async () => {
  await using bench = await startBench(rooms());
  const wireProtocol = new CountingWireProtocol(phoenix);
  openAt(bench.server, bench.server.mount({ grammar: phoenix, path: "/a" }), wireProtocol).receive(JOIN);
  await bench.clock.settle();

  bench.server.broadcast("room:1", "secret", {});
  await bench.clock.settle();

  expect(wireProtocol.broadcastCount).toBe(0);
});

test("a broadcast to a topic without subscribers is not encoded", async () => {
  await using bench = await startBench(rooms());
  const wireProtocol = new CountingWireProtocol(phoenix);
  openAt(bench.server, bench.server.mount({ grammar: phoenix, path: "/a" }), wireProtocol).receive(JOIN);
  await bench.clock.settle();

  bench.server.broadcast("room:2", "said", {});

  expect(wireProtocol.broadcastCount).toBe(0);
});

test("a slow consumer that is closed in the middle of a broadcast does not keep it from the others", async () => {
  await using bench = await startBench(rooms());
  const wireProtocol = new CountingWireProtocol(phoenix);
  const tight = bench.server.mount({ grammar: phoenix, path: "/a", limits: { maxQueuedBytes: 100 } });
  const wide = bench.server.mount({ grammar: phoenix, path: "/b" });
  const [slow, other] = [openAt(bench.server, tight, wireProtocol), openAt(bench.server, wide, wireProtocol)];
  for (const transport of [slow, other]) transport.receive(JOIN);
  await bench.clock.settle();

  bench.server.broadcast("room:1", "said", "x".repeat(200));
  await bench.clock.settle();

  expect(slow.closedWith).toMatchObject({ reason: "slow_consumer" });
  expect(other.sent.at(-1)).toContain('"said"');
  expect(bench.server.stats()).toMatchObject({ connections: 1, channels: 1 });
});
