import { accept, createServer, defineChannel, reply } from "@hutong/server";
import { Endpoint, phoenixAt } from "@hutong/server/node";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { PSKCallbackNegotation } from "node:tls";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import { frameOf, OPCODES, type RawClient } from "./raw-client.ts";
import { join, startServer, type TestServer, UNHURRIED, within, withBystander } from "./support.ts";

// Sockets that do not take what they are given, on both ways to write to them.

const FILLER = "0123456789abcdef".repeat(4_096);
/** Enough frames with a filler to fill what the kernel has for a client that does not read. */
const MOST_FRAMES = 1_000;
const MANY_BYTES = 268_435_456;

const flood = defineChannel("flood:*", {
  receives: { more: { payload: z.object({ n: z.number() }) }, burst: { payload: z.object({ count: z.number() }) } },
  join: () => accept(),
  handle: {
    more: ({ n }, channel) => channel.push("more", { n, filler: FILLER }),
    burst: ({ count }, channel) => {
      for (let n = 0; n < count; n++) channel.push("more", { n });
      return reply({ count });
    },
  },
});

function start(directWrites: boolean, maxQueuedBytes = MANY_BYTES): Promise<TestServer> {
  return startServer({
    channels: [flood],
    directWrites,
    limits: { ...UNHURRIED.limits, maxQueuedBytes },
    serverLimits: UNHURRIED.serverLimits,
  });
}

/** Bytes that wait for the client that was connected last. */
function waitingFor(server: TestServer): number {
  return [...server.server.connections()].at(-1)?.bufferedAmount ?? 0;
}

async function handled(server: TestServer, count: number): Promise<void> {
  await server.reported("message_handled", count);
  await new Promise((resolve) => setImmediate(resolve)); // the tick that has handled it writes at its end
}

/** Has frames sent to a client that does not read, until some wait. Gives how many. */
async function fill(server: TestServer, client: RawClient): Promise<number> {
  client.pause();
  for (let n = 0; n < MOST_FRAMES; n++) {
    client.send(["1", null, "flood:1", "more", { n }]);
    await handled(server, n + 1);
    if (waitingFor(server) > 0) return n + 1;
  }
  return expect.unreachable("the kernel took everything");
}

function more(n: number, filler?: string): unknown {
  return ["1", null, "flood:1", "more", filler === undefined ? { n } : { n, filler }];
}

describe.each([
  ["below the stream", true],
  ["to the stream", false],
])("written %s", (_way, directWrites) => {
  test("a client that reads again is given the rest in order", async () => {
    await using server = await start(directWrites);
    const client = await server.phoenix();
    await join(client, "flood:1");

    const count = await fill(server, client);
    client.send(["1", "7", "flood:1", "burst", { count: 50 }]);
    await handled(server, count + 1);
    client.resume();

    for (let n = 0; n < count; n++) expect(await client.message()).toEqual(more(n, FILLER));
    for (let n = 0; n < 50; n++) expect(await client.message()).toEqual(more(n));
    const answer = ["1", "7", "flood:1", "phx_reply", { status: "ok", response: { count: 50 } }];
    expect(await client.message()).toEqual(answer);
    await within("empty queue", () => waitingFor(server) === 0);
  });

  test("a client that reads no more is closed as soon as more waits than the limit", async () => {
    await using server = await start(directWrites, 500_000);
    const client = await server.phoenix();
    await join(client, "flood:1");

    let count = await fill(server, client);
    const waiting: number[] = [];
    while ([...server.server.connections()].at(-1)?.state === "open") {
      waiting.push(waitingFor(server));
      client.send(["1", null, "flood:1", "more", { n: count }]);
      await handled(server, ++count);
    }

    // A frame has 65,594 characters with its words, and the first one, of which a part was written, counts whole.
    expect(waiting.length).toBe(7);
    expect(waiting.at(-1)).toBeLessThanOrEqual(500_000);
    client.destroy();
    await server.reported("connection_closed");
    const closed = server.events.filter(({ kind }) => kind === "connection_closed");
    expect(closed).toMatchObject([{ close: "slow_consumer" }]);
  });

  test("a client that resets the connection while a write waits is gone, and nobody else", async () => {
    await using server = await start(directWrites);
    const client = await server.phoenix();
    await join(client, "flood:1");
    await fill(server, client);

    await withBystander(server, async () => {
      client.reset();
      await server.reported("connection_closed");
    });

    const closed = server.events.filter(({ kind }) => kind === "connection_closed");
    expect(closed).toMatchObject([{ code: 1006, close: undefined }]);
  });

  test("a client that resets the connection just before a write is gone, and nobody else", async () => {
    await using server = await start(directWrites);
    const client = await server.phoenix();
    await join(client, "flood:1");

    await withBystander(server, async () => {
      client.reset();
      for (let n = 0; n < 5; n++) {
        server.server.broadcast("flood:1", "more", { n });
        await Promise.resolve();
      }
      await server.reported("connection_closed");
    });

    const closed = server.events.filter(({ kind }) => kind === "connection_closed");
    expect(closed).toMatchObject([{ code: 1006, close: undefined }]);
  });

  test("everything that was sent comes before a close", async () => {
    await using server = await start(directWrites);
    const client = await server.phoenix();
    await join(client, "flood:1");

    for (let n = 0; n < 20; n++) server.server.broadcast("flood:1", "more", { n });
    server.server.disconnect("tester");

    for (let n = 0; n < 20; n++) expect(await client.message()).toEqual([null, null, "flood:1", "more", { n }]);
    const { opcode } = await client.frame();
    expect(opcode).toBe(OPCODES.close);
  });

  test("everything that waits for a client comes before a close", async () => {
    await using server = await start(directWrites);
    const client = await server.phoenix();
    await join(client, "flood:1");

    const count = await fill(server, client);
    server.server.broadcast("flood:1", "more", { n: -1 });
    server.server.disconnect("tester");
    client.resume();

    for (let n = 0; n < count; n++) expect(await client.message()).toEqual(more(n, FILLER));
    expect(await client.message()).toEqual([null, null, "flood:1", "more", { n: -1 }]);
    const { opcode } = await client.frame();
    expect(opcode).toBe(OPCODES.close);
  });

  test("pushes, replies, and answers to pings and to a close keep their order", async () => {
    await using server = await start(directWrites);
    const client = await server.phoenix();
    await join(client, "flood:1");
    const rounds = Array.from({ length: 20 }, (_, round) => round);

    const frames = rounds.flatMap((round) => [
      frameOf({ payload: JSON.stringify(["1", `r${round}`, "flood:1", "burst", { count: 3 }]) }),
      frameOf({ opcode: OPCODES.ping, payload: `p${round}` }),
    ]);
    client.write(Buffer.concat(frames));
    const pongs: string[] = [];
    const messages: unknown[] = [];
    while (messages.length < 80 || pongs.length < 20) {
      const { opcode, payload } = await client.frame();
      if (opcode === OPCODES.pong) pongs.push(payload.toString());
      else messages.push(JSON.parse(payload.toString()));
    }
    client.write(frameOf({ opcode: OPCODES.close, payload: Buffer.of(0x03, 0xe8) }));

    expect(pongs).toEqual(rounds.map((round) => `p${round}`));
    expect(messages).toEqual(
      rounds.flatMap((round) => [
        more(0),
        more(1),
        more(2),
        ["1", `r${round}`, "flood:1", "phx_reply", { status: "ok", response: { count: 3 } }],
      ]),
    );
    expect(await client.closeCode()).toBe(1000);
  });
});

test("over TLS, frames arrive in order, the large ones among the small", async () => {
  const key = Buffer.from("a key that both ends share");
  const server = createServer({ channels: [flood] });
  const endpoint = new Endpoint(server, [phoenixAt("/socket", { limits: { maxQueuedBytes: MANY_BYTES } })]);
  const ciphers = "PSK-AES128-GCM-SHA256";
  const https = createHttpsServer({ ciphers, maxVersion: "TLSv1.2", pskCallback: () => key });
  https.on("upgrade", (request, socket, head) => endpoint.handleUpgrade(request, socket, head));
  await server.start();
  await new Promise<void>((resolve) => https.listen(0, "127.0.0.1", resolve));
  const { port } = https.address() as AddressInfo; // a TCP server's address is an object
  const options = {
    ciphers,
    maxVersion: "TLSv1.2",
    checkServerIdentity: () => false, // there is no certificate to object to
    pskCallback: (): PSKCallbackNegotation => ({ psk: key, identity: "tester" }),
  } as const;
  const webSocket = new WebSocket(`wss://127.0.0.1:${port}/socket/websocket?vsn=2.0.0`, options);
  const received: unknown[] = [];
  webSocket.on("message", (data: Buffer) => received.push(JSON.parse(data.toString("utf8"))));
  await new Promise((resolve) => webSocket.once("open", resolve));

  webSocket.send(JSON.stringify(["1", "1", "flood:1", "phx_join", {}]));
  for (let n = 0; n < 100; n++) webSocket.send(JSON.stringify(["1", null, "flood:1", "more", { n }]));
  webSocket.send(JSON.stringify(["1", "2", "flood:1", "burst", { count: 1 }]));
  await within("an answer to the last", () => received.length === 103);
  webSocket.close();
  await server.close();
  await new Promise((resolve) => https.close(resolve));

  expect(received.slice(1, 101)).toEqual(Array.from({ length: 100 }, (_, n) => more(n, FILLER)));
  expect(received.slice(101)).toEqual([
    more(0),
    ["1", "2", "flood:1", "phx_reply", { status: "ok", response: { count: 1 } }],
  ]);
});
