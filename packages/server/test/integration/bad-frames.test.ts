import { subscribe as listenOnDiagnostics, unsubscribe as stopListening } from "node:diagnostics_channel";
import { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { closePayload, frameOf, OPCODES, type RawClient } from "./raw-client.ts";
import { expectCableAlive, join, SECRET, startServer, subscribe, type TestServer, withBystander } from "./support.ts";

const { continuation, close, ping, pong } = OPCODES;
const CONTROL_OPCODES_WITHOUT_MEANING = [11, 12, 13, 14, 15];
const DATA_OPCODES_WITHOUT_MEANING = [3, 4, 5, 6, 7];
/** "é" without its second byte. */
const HALF_A_CHARACTER = Uint8Array.of(0x22, 0xc3);
const MAX_FRAME_BYTES = 65_536;

/** Shows that the bytes close a joined connection with this code, which telemetry reports once. */
async function expectClose(server: TestServer, code: number, bytes: Uint8Array): Promise<void> {
  await withBystander(server, async () => {
    const client = await server.phoenix();
    await join(client, "room:1");

    client.write(bytes);

    expect(await client.closeCode()).toBe(code);
    await client.ended();
    client.end();
    await server.reported("connection_closed");
  });
  expect(server.reports()).toMatchObject([{ kind: "connection_closed", code }]);
}

/** A frame that asks room:1 to echo a payload of which the whole frame takes so many bytes. */
function echoOfSize(frameBytes: number): string {
  const empty = JSON.stringify(["1", "2", "room:1", "echo", ""]);
  return JSON.stringify(["1", "2", "room:1", "echo", "x".repeat(frameBytes - empty.length)]);
}

/** The server's ends of the TCP connections that are opened while it is in use. */
class ServerSockets implements Disposable {
  readonly #byRemotePort = new Map<number, Socket>();
  readonly #note = (message: unknown): void => {
    if (typeof message !== "object" || message === null || !("socket" in message)) return;
    const { socket } = message;
    if (socket instanceof Socket) this.#byRemotePort.set(socket.remotePort ?? 0, socket);
  };

  constructor() {
    listenOnDiagnostics("net.server.socket", this.#note);
  }

  /** Bytes that the process holds for a client because the kernel does not take them. */
  queuedBytes(client: RawClient): number {
    const socket = this.#byRemotePort.get(client.localPort);
    if (socket === undefined) throw new Error("the server has accepted no such client");
    return socket.writableLength;
  }

  [Symbol.dispose](): void {
    stopListening("net.server.socket", this.#note);
  }
}

describe("a frame outside RFC 6455", () => {
  test("B1 an unmasked frame closes with 1002", async () => {
    await using server = await startServer();
    await expectClose(server, 1002, frameOf({ payload: "[]", isMasked: false }));
  });

  test.each([
    ["text that is not UTF-8", frameOf({ payload: Uint8Array.of(0x22, 0xff, 0x22) })],
    ["text that ends inside a character", frameOf({ payload: HALF_A_CHARACTER })],
    [
      "text whose next fragment does not finish the character",
      Buffer.concat([
        frameOf({ payload: HALF_A_CHARACTER, isFinal: false }),
        frameOf({ opcode: continuation, payload: '"' }),
      ]),
    ],
    ["an encoded surrogate", frameOf({ payload: Uint8Array.of(0xed, 0xa0, 0x80) })],
    ["a close reason that is not UTF-8", frameOf({ opcode: close, payload: closePayload(1000, Uint8Array.of(0xff)) })],
  ])("B2 %s closes with 1007", async (_name, bytes) => {
    await using server = await startServer();
    await expectClose(server, 1007, bytes);
  });

  test("B2 a character that is split between two fragments arrives whole", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");
      const bytes = Buffer.from(JSON.stringify(["1", "2", "room:1", "echo", { text: "胡同" }]));
      const middle = bytes.indexOf("胡") + 1;

      client.write(frameOf({ payload: bytes.subarray(0, middle), isFinal: false }));
      client.write(frameOf({ opcode: continuation, payload: bytes.subarray(middle) }));

      const answer = ["1", "2", "room:1", "phx_reply", { status: "ok", response: { text: "胡同" } }];
      expect(await client.message()).toEqual(answer);
    });
    expect(server.reports()).toEqual([]);
  });

  test.each([...DATA_OPCODES_WITHOUT_MEANING, ...CONTROL_OPCODES_WITHOUT_MEANING])(
    "B3 opcode %i closes with 1002",
    async (opcode) => {
      await using server = await startServer();
      await expectClose(server, 1002, frameOf({ opcode, payload: "[]" }));
    },
  );

  test.each([4, 2, 1])("B3 reserved bits %i without an extension close with 1002", async (reserved) => {
    await using server = await startServer();
    await expectClose(server, 1002, frameOf({ payload: "[]", reserved }));
  });

  test.each([
    ["a fragmented ping", frameOf({ opcode: ping, isFinal: false })],
    ["a fragmented close", frameOf({ opcode: close, payload: closePayload(1000), isFinal: false })],
    ["a ping of 126 bytes", frameOf({ opcode: ping, payload: Buffer.alloc(126) })],
    ["a close of 126 bytes", frameOf({ opcode: close, payload: closePayload(1000, "x".repeat(124)) })],
    ["a continuation of nothing", frameOf({ opcode: continuation, payload: "[]" })],
    [
      "a message inside a fragmented one",
      Buffer.concat([frameOf({ payload: "[", isFinal: false }), frameOf({ payload: "[]" })]),
    ],
  ])("B4 %s closes with 1002", async (_name, bytes) => {
    await using server = await startServer();
    await expectClose(server, 1002, bytes);
  });

  test.each([
    ["one byte", Uint8Array.of(3)],
    ["code 999", closePayload(999)],
    ["code 1004", closePayload(1004)],
    ["code 1005", closePayload(1005)],
    ["code 1006", closePayload(1006)],
    ["code 1015", closePayload(1015)],
    ["code 5000", closePayload(5000)],
  ])("B5 a close with %s closes with 1002", async (_name, payload) => {
    await using server = await startServer();
    await expectClose(server, 1002, frameOf({ opcode: close, payload }));
  });

  test.each([
    ["2^63", 2n ** 63n],
    ["2^64 - 1", 2n ** 64n - 1n],
    ["2^53 + 1", 2n ** 53n + 1n],
  ])("B6 a frame that declares %s bytes closes with 1009", async (_name, declaredLength) => {
    await using server = await startServer();
    await expectClose(server, 1009, frameOf({ declaredLength }));
  });

  test("B1 a client that keeps its side open after a bad frame is dropped within the close timeout", async () => {
    await using server = await startServer({ limits: { closeTimeoutMs: 200 } });
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");

      client.write(frameOf({ payload: "[]", isMasked: false }));

      // The raw client never answers a close and never ends its side.
      await server.reported("connection_closed");
      expect(server.server.stats().channels).toBe(1);
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", code: 1002 }]);
  });
});

describe("the size of a message", () => {
  test("B7 a message of the limit is answered, in one frame or in many", async () => {
    await using server = await startServer({ limits: { maxFrameBytes: MAX_FRAME_BYTES } });
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");
      const whole = Buffer.from(echoOfSize(MAX_FRAME_BYTES));

      client.write(frameOf({ payload: whole }));
      const first = await client.message();
      client.write(frameOf({ payload: whole.subarray(0, 1_000), isFinal: false }));
      client.write(frameOf({ opcode: continuation, payload: whole.subarray(1_000) }));

      expect(first).toMatchObject(["1", "2", "room:1", "phx_reply", { status: "ok" }]);
      expect(await client.message()).toEqual(first);
    });
    expect(server.reports()).toEqual([]);
  });

  test("B7 a message of the limit and one byte closes with 1009", async () => {
    await using server = await startServer({ limits: { maxFrameBytes: MAX_FRAME_BYTES } });
    await expectClose(server, 1009, frameOf({ payload: echoOfSize(MAX_FRAME_BYTES + 1) }));
  });

  test("B7 fragments of the limit and one byte together close with 1009", async () => {
    await using server = await startServer({ limits: { maxFrameBytes: MAX_FRAME_BYTES } });
    const whole = Buffer.from(echoOfSize(MAX_FRAME_BYTES + 1));
    const first = frameOf({ payload: whole.subarray(0, MAX_FRAME_BYTES), isFinal: false });
    await expectClose(server, 1009, Buffer.concat([first, frameOf({ opcode: continuation, payload: "]" })]));
  });

  test("B7 a message that only declares the limit and one byte closes with 1009 before it is sent", async () => {
    await using server = await startServer({ limits: { maxFrameBytes: MAX_FRAME_BYTES } });
    await expectClose(server, 1009, frameOf({ declaredLength: BigInt(MAX_FRAME_BYTES + 1) }));
  });

  test("B7 a message over the limit closes an Action Cable connection with 1009", async () => {
    await using server = await startServer({ limits: { maxFrameBytes: 1_000 } });
    await withBystander(server, async () => {
      const client = await server.cable();

      client.send("x".repeat(1_001));

      expect(await client.closeCode()).toBe(1009);
      await client.ended();
      client.end();
      await server.reported("connection_closed");
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", code: 1009 }]);
  });

  test.each([
    ["permessage-deflate"],
    ["permessage-deflate; client_max_window_bits=99"],
    ["permessage-deflate; server_max_window_bits=banana"],
  ])("B8 B9 B15 compression is declined: %s", async (offer) => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.request(`/socket/websocket?vsn=2.0.0&token=${SECRET}`, {
        "sec-websocket-extensions": offer,
      });

      const { status, head } = await client.answer();

      expect(status).toBe(101);
      expect(head.toLowerCase()).not.toContain("sec-websocket-extensions");
      client.write(frameOf({ payload: "compressed", reserved: 4 }));
      expect(await client.closeCode()).toBe(1002);
      client.destroy();
      await server.reported("connection_closed");
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", code: 1002 }]);
  });
});

describe("many small pieces", () => {
  test("B10 200,000 empty fragments close with 1008", async () => {
    await using server = await startServer();
    const empty = frameOf({ opcode: continuation, isFinal: false });
    const fragments = Buffer.concat(Array.from({ length: 200_000 }, () => empty));
    await expectClose(server, 1008, Buffer.concat([frameOf({ isFinal: false }), fragments]));
  });

  test("B10 a message in segments of one byte is answered", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");

      for (const byte of frameOf({ payload: JSON.stringify(["1", "2", "room:1", "echo", { slow: true }]) })) {
        await client.flush(Uint8Array.of(byte));
      }

      const answer = ["1", "2", "room:1", "phx_reply", { status: "ok", response: { slow: true } }];
      expect(await client.message()).toEqual(answer);
    });
    expect(server.reports()).toEqual([]);
  });
});

describe("control frames", () => {
  test.each([
    ["ping", ping],
    ["pong", pong],
  ])("B11 a %s flood closes with 1008", async (_name, opcode) => {
    await using server = await startServer({ limits: { maxControlFrames: 50 } });
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");
      const flood = Buffer.concat(Array.from({ length: 1_000 }, () => frameOf({ opcode, payload: "flood" })));

      client.write(flood);

      expect(await client.closeCode()).toBe(1008);
      client.destroy();
      await server.reported("connection_closed");
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", close: "policy_violation" }]);
  });

  test("B11 a client that pings and reads no pong is closed while its queue is below the limit", async () => {
    using sockets = new ServerSockets();
    const maxQueuedBytes = 262_144;
    await using server = await startServer({ limits: { maxQueuedBytes, closeTimeoutMs: 200 } });
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");
      client.pause();
      const flood = Buffer.concat(
        Array.from({ length: 500 }, () => frameOf({ opcode: ping, payload: "x".repeat(125) })),
      );
      let most = 0;

      for (let sent = 0; sent < 24_000_000 && server.reports().length === 0; sent += flood.length) {
        await client.flush(flood);
        most = Math.max(most, sockets.queuedBytes(client));
      }

      expect(most).toBeLessThan(2 * maxQueuedBytes);
      client.reset();
      await server.reported("connection_closed");
    });
    expect(server.reports()).toHaveLength(1);
  });
});

describe("a client that stops reading", () => {
  const MAX_QUEUED_BYTES = 262_144;
  const PAYLOAD = { text: "x".repeat(32_000) };

  /** Broadcasts to room:busy, each time when the reader has the one before. */
  async function broadcastWhile(
    server: TestServer,
    reader: RawClient,
    goOn: (count: number) => boolean,
  ): Promise<void> {
    for (let count = 0; goOn(count); count++) {
      server.server.broadcast("room:busy", "tick", PAYLOAD);
      expect(await reader.message()).toEqual([null, null, "room:busy", "tick", PAYLOAD]);
    }
  }

  /** A question whose answer is as large as the payload, which no queue may leave out. */
  const QUESTIONS = {
    phoenix: frameOf({ payload: JSON.stringify(["1", "2", "room:busy", "say", PAYLOAD]) }),
    cable: frameOf({
      payload: JSON.stringify({
        command: "message",
        identifier: '{"channel":"RoomChannel","id":"busy"}',
        data: JSON.stringify({ action: "say", ...PAYLOAD }),
      }),
    }),
  };

  async function joinBusy(server: TestServer, grammar: "phoenix" | "cable"): Promise<RawClient> {
    const client = await server[grammar]();
    if (grammar === "phoenix") await join(client, "room:busy");
    else await subscribe(client, "busy");
    return client;
  }

  test.each(["phoenix", "cable"] as const)(
    "B12 a %s client is closed when it has read nothing for the stall timeout, and others go on",
    async (grammar) => {
      using sockets = new ServerSockets();
      const limits = { maxQueuedBytes: MAX_QUEUED_BYTES, stallTimeoutMs: 300, pingIntervalMs: 50, closeTimeoutMs: 50 };
      await using server = await startServer({ limits });
      await withBystander(server, async () => {
        const reader = await joinBusy(server, "phoenix");
        const client = await joinBusy(server, grammar);
        client.pause();
        let most = 0;

        await broadcastWhile(server, reader, () => {
          most = Math.max(most, sockets.queuedBytes(client));
          return server.reports().every(({ kind }) => kind !== "connection_closed");
        });

        expect(most).toBeGreaterThan(0);
        expect(most).toBeLessThan(MAX_QUEUED_BYTES + 2 * PAYLOAD.text.length);
      });
      expect(server.reports().filter(({ kind }) => kind !== "live_frames_dropped")).toMatchObject([
        { kind: "connection_closed", close: "slow_consumer" },
      ]);
    },
  );

  test("B12 a client that reads again in time has missed live broadcasts and nothing else", async () => {
    await using server = await startServer({ limits: { maxQueuedBytes: MAX_QUEUED_BYTES } });
    await withBystander(server, async () => {
      const reader = await joinBusy(server, "phoenix");
      const client = await joinBusy(server, "phoenix");
      client.pause();
      await broadcastWhile(server, reader, (count) => count < 800);

      client.resume();
      client.send(["1", "2", "room:busy", "echo", { still: "joined" }]);
      let count = 0;
      let last = await client.message();
      for (; JSON.stringify(last) === JSON.stringify([null, null, "room:busy", "tick", PAYLOAD]); count++) {
        last = await client.message();
      }

      expect(last).toEqual(["1", "2", "room:busy", "phx_reply", { status: "ok", response: { still: "joined" } }]);
      expect(count).toBeLessThan(800);
    });
    expect(new Set(server.reports().map(({ kind }) => kind))).toEqual(new Set(["live_frames_dropped"]));
  });

  test("B12 a Phoenix client whose queue passes the limit finds the close code 4001 when it reads again", async () => {
    await using server = await startServer({ limits: { maxQueuedBytes: MAX_QUEUED_BYTES } });
    await withBystander(server, async () => {
      const client = await joinBusy(server, "phoenix");
      client.pause();

      for (let count = 0; count < 800; count++) await client.flush(QUESTIONS.phoenix);
      client.resume();

      expect(await client.closeCode()).toBe(4001);
      client.write(frameOf({ opcode: close, payload: closePayload(4001) }));
      await client.ended();
      client.end();
      await server.reported("connection_closed");
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", code: 4001, close: "slow_consumer" }]);
  });

  test("B12 an Action Cable client whose queue passes the limit is told that it was too slow", async () => {
    await using server = await startServer({ limits: { maxQueuedBytes: MAX_QUEUED_BYTES } });
    await withBystander(server, async () => {
      const client = await joinBusy(server, "cable");
      client.pause();

      for (let count = 0; count < 800; count++) await client.flush(QUESTIONS.cable);
      client.resume();
      let last = await client.message();
      while (JSON.stringify(last).includes('"message"')) last = await client.message();

      expect(last).toEqual({ type: "disconnect", reason: "too_slow", reconnect: true });
      expect(await client.closeCode()).toBe(1000);
      client.destroy();
      await server.reported("connection_closed");
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", close: "slow_consumer" }]);
  });

  test("B12 a client that asks and reads no answer is dropped while its queue is below the limit", async () => {
    using sockets = new ServerSockets();
    await using server = await startServer({ limits: { maxQueuedBytes: MAX_QUEUED_BYTES, closeTimeoutMs: 50 } });
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");
      client.pause();
      const question = frameOf({ payload: JSON.stringify(["1", "2", "room:1", "echo", PAYLOAD]) });
      let most = 0;

      for (let count = 0; server.reports().length === 0 && count < 2_000; count++) {
        await client.flush(question);
        most = Math.max(most, sockets.queuedBytes(client));
      }

      expect(most).toBeGreaterThan(0);
      expect(most).toBeLessThan(2 * MAX_QUEUED_BYTES);
      await server.reported("connection_closed");
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", close: "slow_consumer" }]);
  });

  test("B12 a long-poll session that is not polled keeps what its queue may hold and ends when that is taken", async () => {
    await using server = await startServer({ limits: { maxQueuedBytes: MAX_QUEUED_BYTES } });
    await withBystander(server, async () => {
      const session = await server.longPoll();
      const post = async (message: unknown): Promise<unknown> =>
        (await server.fetch(session, { method: "POST", body: JSON.stringify(message) })).json();
      await post(["1", "1", "room:busy", "phx_join", {}]);

      const answers: unknown[] = [];
      for (let count = 0; count < 10; count++) answers.push(await post(["1", "2", "room:busy", "say", PAYLOAD]));
      const polled: unknown = await (await server.fetch(session)).json();
      const after: unknown = await (await server.fetch(session)).json();

      // The ninth push of 32,000 bytes passes 262,144 bytes.
      expect(answers.slice(7)).toEqual([{ status: 200 }, { status: 200 }, { status: 410 }]);
      expect(polled).toMatchObject({ status: 200, messages: { length: 10 } });
      expect(after).toMatchObject({ status: 410 });
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", close: "slow_consumer" }]);
  });

  test("B12 a burst within one tick closes the client, too", async () => {
    await using server = await startServer({ limits: { maxQueuedBytes: MAX_QUEUED_BYTES } });
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:busy");

      for (let count = 0; count < 20; count++) server.server.broadcast("room:busy", "tick", PAYLOAD);

      expect(await client.closeCode()).toBe(4001);
      client.destroy();
      await server.reported("connection_closed");
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", close: "slow_consumer" }]);
  });
});

describe("a client that is gone without a word", () => {
  const LIMITS = { idleTimeoutMs: 500, closeTimeoutMs: 200 };

  test("B13 a silent Phoenix client is closed after the idle timeout", async () => {
    await using server = await startServer({ limits: LIMITS });
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");

      expect(await client.closeCode()).toBe(4000);
      await client.ended();
      client.end();
      await server.reported("connection_closed");
      expect(server.server.stats()).toMatchObject({ connections: 1, channels: 1, topics: 1 });
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", close: "heartbeat_timeout" }]);
  });

  test("B13 an Action Cable client that answers no ping is closed after the idle timeout", async () => {
    await using server = await startServer({ limits: LIMITS });
    await withBystander(server, async () => {
      const client = await server.cable();

      expect(await client.message()).toEqual({ type: "disconnect", reason: "no_pong", reconnect: true });
      expect(await client.closeCode()).toBe(1000);
      await client.ended();
      client.end();
      await server.reported("connection_closed");
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", close: "heartbeat_timeout" }]);
  });

  test("B13 an Action Cable client that only answers WebSocket pings stays", async () => {
    await using server = await startServer({ limits: { ...LIMITS, idleTimeoutMs: 900 } });
    await withBystander(server, async () => {
      const client = await server.cable();
      const identifier = await subscribe(client, "1");

      // A ping comes after a third of the idle timeout in silence, so four are more than one timeout.
      for (let answered = 0; answered < 4;) {
        const { opcode, payload } = await client.frame();
        if (opcode !== ping) continue;
        client.write(frameOf({ opcode: pong, payload }));
        answered++;
      }

      await expectCableAlive(client, identifier);
    });
    expect(server.reports()).toEqual([]);
  });

  test("B13 a client whose end is gone leaves its channels when its idle timeout is over", async () => {
    await using server = await startServer({ limits: LIMITS });
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");
      client.pause();

      await server.reported("connection_closed");

      expect(server.server.stats()).toMatchObject({ connections: 1, channels: 1, topics: 1 });
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", close: "heartbeat_timeout" }]);
  });
});

describe("the close handshake", () => {
  test("B14 a reset in the middle of the client's close is a close", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");

      await client.flush(frameOf({ opcode: close, payload: closePayload(1000) }));
      client.reset();

      await server.reported("connection_closed");
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed" }]);
  });

  test.each(["phoenix", "cable"] as const)(
    "B14 a reset in the middle of the server's close of %s is a close",
    async (grammar) => {
      await using server = await startServer();
      await withBystander(server, async () => {
        const client = await server[grammar]();

        server.server.disconnect("tester");
        client.reset();

        await server.reported("connection_closed");
      });
      expect(server.reports()).toMatchObject([{ kind: "connection_closed", close: "going_away" }]);
    },
  );

  test.each([
    ["resets in the middle of a frame", (client: RawClient) => client.reset()],
    ["ends its side in the middle of a frame", (client: RawClient) => client.end()],
  ])("B14 a client that %s is gone", async (_name, leave) => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");

      await client.flush(frameOf({ payload: '["1","2","room:1","echo",{}]' }).subarray(0, 12));
      leave(client);

      await server.reported("connection_closed");
    });
    expect(server.reports()).toEqual([{ kind: "connection_closed", code: 1006 }]);
  });

  test("B14 a second close and what follows it are passed over", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");
      const bye = frameOf({ opcode: close, payload: closePayload(1000) });
      const late = frameOf({ payload: JSON.stringify(["1", "2", "room:1", "echo", "late"]) });

      client.write(Buffer.concat([bye, bye, late]));

      const first = await client.frame();
      expect({ opcode: first.opcode, code: first.payload.readUInt16BE() }).toEqual({ opcode: close, code: 1000 });
      await client.ended();
      client.end();
      await server.reported("connection_closed");
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", code: 1000 }]);
  });

  test("B14 what is sent after the server's close is passed over", async () => {
    await using server = await startServer();
    await withBystander(server, async () => {
      const client = await server.phoenix();
      await join(client, "room:1");
      server.server.disconnect("tester");
      expect(await client.closeCode()).toBe(1001);

      client.send("not JSON");
      client.sendBytes(Uint8Array.of(9));
      client.write(frameOf({ opcode: close, payload: closePayload(1001) }));

      await client.ended();
      client.end();
      await server.reported("connection_closed");
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", code: 1001, close: "going_away" }]);
  });

  test("B14 a client that answers no close is dropped after the close timeout", async () => {
    await using server = await startServer({ limits: { closeTimeoutMs: 200 } });
    await withBystander(server, async () => {
      await server.phoenix();

      server.server.disconnect("tester");

      await server.reported("connection_closed");
    });
    expect(server.reports()).toMatchObject([{ kind: "connection_closed", close: "going_away" }]);
  });
});
