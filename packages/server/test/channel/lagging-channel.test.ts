import {
  actionCable,
  decodeServerFrame,
  encodeClientFrame,
  HUTONG_VSN,
  phoenix,
  type PhoenixMessage,
  readStamp,
  type StreamStamp,
} from "@hutong/protocol";
import { FakeClock, ScriptedTransport } from "@hutong/testing";
import { expect, test } from "vitest";
import { accept, type ConnectionLimits, createServer, defineChannel, type Server } from "../../src/index.ts";

const room = defineChannel("room:*", {
  history: { maxCount: 1_000 },
  join: () => accept(),
  handle: { tell: (payload, channel) => channel.broadcastToOthers("said", payload) },
});

interface Bench {
  readonly clock: FakeClock;
  readonly server: Server;
  readonly transport: ScriptedTransport;
  send(message: Partial<PhoenixMessage>): Promise<void>;
}

/** A client that knows positions, over a transport that the test stalls. */
async function start(limits: ConnectionLimits = {}): Promise<Bench> {
  const clock = new FakeClock();
  const server = createServer({ channels: [room], clock });
  await server.start();
  const transport = new ScriptedTransport();
  const negotiation = phoenix.negotiate({ vsn: HUTONG_VSN, subprotocols: [] });
  if (negotiation.kind === "disagreed") throw new TypeError("the server knows no positions");
  server.open(server.mount({ grammar: phoenix, path: "/socket", limits }), transport, negotiation.wireProtocol, {});
  const send = async (message: Partial<PhoenixMessage>): Promise<void> => {
    const rest = { joinRef: "1", ref: "1", topic: "room:1", event: "phx_join", payload: {} };
    transport.receive(encodeClientFrame({ ...rest, ...message }));
    await clock.settle();
  };
  return { clock, server, transport, send };
}

/** The stamps of what the client was given, in order. */
function stampsIn(transport: ScriptedTransport): readonly StreamStamp[] {
  return transport.sent.flatMap((frame) => readStamp(decodeServerFrame(frame).extension) ?? []);
}

test("a client that lags is not told of its own message before what came earlier", async () => {
  const { clock, server, transport, send } = await start({
    resumeQueuedBytes: 100,
    softQueuedBytes: 200,
    lagQueuedBytes: 400,
  });
  await send({});
  transport.stall();
  for (let count = 0; count < 3; count++) {
    server.broadcast("room:1", "said", { text: ".".repeat(100) });
    await clock.settle();
  }
  await send({ ref: "2", event: "tell", payload: { text: "mine" } });
  for (let count = 0; count < 6; count++) {
    server.broadcast("room:1", "said", { text: ".".repeat(100) });
    await clock.settle();
  }
  transport.resume();
  await clock.settle();

  const stamps = stampsIn(transport);

  expect(stamps.map(({ prev }) => prev)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(stamps.map(({ offset }) => offset)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("a client that missed more than its queue holds is given all of it", async () => {
  const { clock, server, transport, send } = await start();
  for (let count = 0; count < 300; count++) server.broadcast("room:1", "said", { text: ".".repeat(5_000) });
  await send({});
  const report: unknown = decodeServerFrame(transport.sent[0] ?? "").extension;
  const epoch = Array.isArray(report) ? report[2][0] : undefined;
  await send({ joinRef: "2", ref: "2", extension: [epoch, 0, ""] });
  for (let turn = 0; turn < 100; turn++) await clock.settle();

  const stamps = stampsIn(transport);

  expect(transport.closedWith).toBeUndefined();
  expect(stamps.map(({ offset }) => offset)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
});

test("a client whose grammar has no word for it is closed as too slow when the history no longer reaches it", async () => {
  const clock = new FakeClock();
  const short = defineChannel("room:*", {
    history: { maxCount: 2 },
    join: () => accept(),
    cable: { name: "RoomChannel", topic: () => "room:1" },
  });
  const server = createServer({ channels: [short], clock });
  await server.start();
  const transport = new ScriptedTransport();
  const negotiation = actionCable.negotiate({ vsn: undefined, subprotocols: ["actioncable-v1-json"] });
  if (negotiation.kind === "disagreed") throw new TypeError("the server knows no Action Cable");
  const limits = { resumeQueuedBytes: 100, softQueuedBytes: 200, lagQueuedBytes: 400 };
  server.open(server.mount({ grammar: actionCable, path: "/cable", limits }), transport, negotiation.wireProtocol, {});
  transport.receive(JSON.stringify({ command: "subscribe", identifier: '{"channel":"RoomChannel"}' }));
  await clock.settle();

  transport.stall();
  for (let count = 0; count < 12; count++) {
    server.broadcast("room:1", "said", { text: ".".repeat(100) });
    await clock.settle();
  }
  transport.resume();
  await clock.settle();

  expect(transport.closedWith).toEqual({ code: 1000, reason: "slow_consumer" });
  expect(transport.sent.at(-1)).toBe('{"type":"disconnect","reason":"too_slow","reconnect":true}');
});

test.each([10, 11, 12])(
  "of %i broadcasts of a topic that its channel only streams, a client that lags is given the newest",
  async (count) => {
    const clock = new FakeClock();
    const board = defineChannel("board:*", { join: () => accept(), joined: (channel) => channel.stream("room:1") });
    const server = createServer({ channels: [room, board], clock });
    await server.start();
    const transport = new ScriptedTransport();
    const negotiation = phoenix.negotiate({ vsn: HUTONG_VSN, subprotocols: [] });
    if (negotiation.kind === "disagreed") throw new TypeError("the server knows no positions");
    const limits = { resumeQueuedBytes: 100, softQueuedBytes: 200, lagQueuedBytes: 400 };
    server.open(server.mount({ grammar: phoenix, path: "/socket", limits }), transport, negotiation.wireProtocol, {});
    const join = { joinRef: "1", ref: "1", topic: "board:1", event: "phx_join", payload: {} };
    transport.receive(encodeClientFrame(join));
    await clock.settle();

    transport.stall();
    for (let n = 1; n <= count; n++) {
      server.broadcast("room:1", "said", { n, text: ".".repeat(100) });
      await clock.settle();
    }
    transport.resume();
    await clock.settle();

    const payloads = transport.sent.map((frame) => decodeServerFrame(frame).payload);
    expect(payloads.slice(1)).toEqual([1, count].map((n) => ({ n, text: ".".repeat(100) })));
  },
);
