import { once } from "node:events";
import { deflateRawSync, constants, inflateRawSync } from "node:zlib";
import { accept, defineChannel } from "@hutong/server";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { frameOf, OPCODES, type RawClient, type ServerFrame } from "./raw-client.ts";
import { join, SECRET, startServer, type TestServer, type TestServerOptions, within } from "./support.ts";

const TARGET = `/socket/websocket?vsn=2.0.0&token=${SECRET}`;
const AGREED = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
const RSV1 = 4;
const LONG = "the lanes that join the houses ".repeat(100);

const burst = defineChannel("burst:*", {
  join: () => accept(),
  handle: {
    mixed: (_payload, channel) => {
      for (const n of [1, 2, 3, 4, 5]) channel.broadcast("said", { n, text: n % 2 === 0 ? LONG : "short" });
    },
    sized: (payload, channel) => channel.push("sized", payload),
  },
});

function start(compression?: TestServerOptions["compression"], directWrites = true): Promise<TestServer> {
  return startServer({ channels: [burst], directWrites, ...(compression && { compression }) });
}

const WAYS = [
  ["below the stream", true],
  ["to the stream", false],
] as const;

async function open(server: TestServer, offer: string): Promise<RawClient> {
  return server.open(TARGET, { "sec-websocket-extensions": offer });
}

/** What a server's answer says of extensions. */
async function agreement(server: TestServer, offer: string): Promise<string | undefined> {
  const client = await server.request(TARGET, { "sec-websocket-extensions": offer });
  const { status, head } = await client.answer();
  expect(status).toBe(101);
  return /^sec-websocket-extensions: *(.*)$/im.exec(head)?.[1]?.trim();
}

function textOf({ reserved, payload }: ServerFrame): string {
  if (reserved === 0) return payload.toString("utf8");
  return inflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH }).toString("utf8");
}

/** A client's compressed message. */
function compressedFrame(text: string): Buffer {
  const payload = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
  return frameOf({ payload, reserved: RSV1 });
}

test.each([
  ["permessage-deflate", AGREED],
  ["permessage-deflate; client_max_window_bits", AGREED],
  ["permessage-deflate; client_max_window_bits=10", `${AGREED}; client_max_window_bits=10`],
  ["permessage-deflate;server_no_context_takeover ; client_no_context_takeover", AGREED],
])("the offer %s is answered by %s", async (offer, answer) => {
  await using server = await start({});

  expect((await agreement(server, offer))?.split("; ").toSorted()).toEqual(answer.split("; ").toSorted());
});

test.each([
  ["a window of the server that shared frames may pass", "permessage-deflate; server_max_window_bits=10"],
  ["an unknown parameter", "permessage-deflate; level=9"],
  ["a value out of range", "permessage-deflate; client_max_window_bits=16"],
  ["another extension", "x-webkit-deflate-frame"],
  ["nothing that can be read", "permessage-deflate; =,;"],
])("an offer of %s is left, and the client served without compression", async (_what, offer) => {
  await using server = await start({ thresholdBytes: 1 });
  const client = await open(server, offer);

  await join(client, "burst:1");
  client.send(["1", "2", "burst:1", "sized", { text: LONG }]);
  const frame = await client.frame();

  expect([await agreement(server, offer), frame.reserved]).toEqual([undefined, 0]);
});

test("a mount compresses nothing unless it is told to", async () => {
  await using server = await start();

  expect(await agreement(server, "permessage-deflate")).toBeUndefined();
});

test("only frames from the threshold to the maximum are compressed", async () => {
  await using server = await start({ thresholdBytes: 1_000, maxCompressedBytes: 5_000 });
  const client = await open(server, "permessage-deflate");
  await join(client, "burst:1");
  const overhead = JSON.stringify(["1", null, "burst:1", "sized", { text: "" }]).length;

  const reserved: number[] = [];
  for (const length of [999, 1_000, 5_000, 5_001]) {
    const text = "a".repeat(length - overhead);
    client.send(["1", "2", "burst:1", "sized", { text }]);
    const frame = await client.frame();
    expect(JSON.parse(textOf(frame))).toEqual(["1", null, "burst:1", "sized", { text }]);
    reserved.push(frame.reserved);
  }

  expect(reserved).toEqual([0, RSV1, RSV1, 0]);
});

test.each(WAYS)("plain and compressed frames of one tick arrive in order, written %s", async (_way, directWrites) => {
  await using server = await start({}, directWrites);
  const [compressed, plain] = [await open(server, "permessage-deflate"), await server.open(TARGET)];
  for (const client of [compressed, plain]) await join(client, "burst:1");

  plain.send(["1", "2", "burst:1", "mixed", {}]);
  const frames: { readonly reserved: number; readonly n: number }[][] = [];
  for (const client of [compressed, plain]) {
    const received = [];
    for (let count = 0; count < 5; count++) {
      const frame = await client.frame();
      const [, , , , { n }] = JSON.parse(textOf(frame)) as [null, null, string, string, { n: number }]; // what the channel sends
      received.push({ reserved: frame.reserved, n });
    }
    frames.push(received);
  }

  const expected = [1, 2, 3, 4, 5].map((n) => ({ n, reserved: n % 2 === 0 ? RSV1 : 0 }));
  expect(frames).toEqual([expected, expected.map(({ n }) => ({ n, reserved: 0 }))]);
});

test("a stock client sends and receives compressed messages", async () => {
  await using server = await start({});
  const webSocket = new WebSocket(server.url(TARGET), {
    origin: "http://chat.example",
    perMessageDeflate: { threshold: 0 },
  });
  await once(webSocket, "open");
  const received: unknown[] = [];
  webSocket.on("message", (data: Buffer) => received.push(JSON.parse(data.toString("utf8"))));

  webSocket.send(JSON.stringify(["1", "1", "burst:1", "phx_join", {}]));
  webSocket.send(JSON.stringify(["1", "2", "burst:1", "sized", { text: LONG }]));
  await within("an answer", () => received.length === 2);

  expect([webSocket.extensions, received[1]]).toEqual([
    "permessage-deflate",
    ["1", null, "burst:1", "sized", { text: LONG }],
  ]);
  webSocket.terminate();
});

test("a compressed message is bounded by what comes out of it", async () => {
  await using server = await start({});
  const client = await open(server, "permessage-deflate");
  const bomb = compressedFrame(`["1","1","burst:1","phx_join",{"filler":"${"0".repeat(10_000_000)}"}]`);
  expect(bomb.length).toBeLessThan(20_000);

  client.write(bomb);

  expect(await client.closeCode()).toBe(1009);
  client.destroy();
  await server.reported("connection_closed");
  expect(server.events.filter(({ kind }) => kind === "connection_closed")).toMatchObject([{ code: 1009 }]);
});

test("a compressed message that cannot be read closes with 1007", async () => {
  await using server = await start({});
  const client = await open(server, "permessage-deflate");

  client.write(frameOf({ payload: Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff), reserved: RSV1 }));

  expect(await client.closeCode()).toBe(1007);
  client.destroy();
  await server.reported("connection_closed");
  expect(server.events.filter(({ kind }) => kind === "connection_closed")).toMatchObject([{ code: 1007 }]);
});

test("a compressed message of a client that has not agreed closes with 1002", async () => {
  await using server = await start({});
  const client = await server.open(TARGET);

  client.write(compressedFrame("[]"));

  expect(await client.closeCode()).toBe(1002);
});

test("clients beyond the memory for inflaters are served without compression until there is room", async () => {
  await using server = await start({ maxInflaterBytes: 2 * 65_536 });
  const first = await open(server, "permessage-deflate");
  await open(server, "permessage-deflate");

  expect(await agreement(server, "permessage-deflate")).toBeUndefined();
  expect(server.reports()).toEqual([{ kind: "compression_declined", path: "/socket" }]);

  first.destroy();
  await server.reported("connection_closed");
  expect(await agreement(server, "permessage-deflate")).toBe(AGREED);
});

test("a refused client takes nothing of that memory", async () => {
  await using server = await start({ maxInflaterBytes: 65_536 });

  const refused = await server.request("/socket/websocket?vsn=2.0.0", {
    "sec-websocket-extensions": "permessage-deflate",
  });
  expect((await refused.answer()).status).toBe(403);

  expect(await agreement(server, "permessage-deflate")).toBe(AGREED);
});

test.each(WAYS)("pings are answered between compressed messages, written %s", async (_way, directWrites) => {
  await using server = await start({}, directWrites);
  const client = await open(server, "permessage-deflate");
  await join(client, "burst:1");

  client.write(Buffer.concat([compressedFrame('["1","2","burst:1","sized",{}]'), frameOf({ opcode: OPCODES.ping })]));
  const opcodes = [(await client.frame()).opcode, (await client.frame()).opcode];

  expect(opcodes.toSorted((a, b) => a - b)).toEqual([OPCODES.text, OPCODES.pong]);
});
