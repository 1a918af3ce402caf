import { describe, expect, test } from "vitest";
import { EncodedFrame } from "../../src/encoded-frame.ts";
import { CABLE, HUTONG, Owner, PHOENIX } from "./support.ts";

const LEVELS = { resumeQueuedBytes: 10, softQueuedBytes: 20, lagQueuedBytes: 40 };
const JOIN = '["1","1","room:1","phx_join",{}]';
const HELLO = { kind: "push", key: "room:1", joinRef: "1", event: "hello", payload: {} } as const;
const HELLO_FRAME = '["1",null,"room:1","hello",{}]';

describe("states", () => {
  test("a new connection is opening and reads nothing", () => {
    const owner = new Owner();
    const { connection, transport } = owner.connect(PHOENIX);

    transport.receive(JOIN);

    expect(connection.state).toBe("opening");
    expect(owner.messages).toEqual([]);
  });

  test("opening reads what came early, in order", () => {
    const owner = new Owner();
    const { connection, transport } = owner.connect(PHOENIX);
    transport.receive(JOIN);
    transport.receive('["1","2","room:1","phx_leave",{}]');

    connection.open();

    expect(connection.state).toBe("open");
    expect(owner.messages.map(({ kind }) => kind)).toEqual(["join", "leave"]);
  });

  test("opening begins with what the grammar has every client say", () => {
    const owner = new Owner();
    const leave = { kind: "leave", key: "room:1", joinRef: null, ref: null } as const;
    const { connection, transport } = owner.connect({ ...PHOENIX, opening: [leave] });
    transport.receive(JOIN);

    connection.open();

    expect(owner.messages.map(({ kind }) => kind)).toEqual(["leave", "join"]);
  });

  test("a close waits in closing until the link is gone", () => {
    const owner = new Owner();
    const { connection, transport } = owner.connect(PHOENIX, { answersClose: false });
    connection.open();

    connection.close("drained");
    const before = connection.state;
    transport.end(1012, "drained");

    expect([before, connection.state]).toEqual(["closing", "closed"]);
  });

  test("the owner hears of the end once", () => {
    const owner = new Owner();
    const { connection, transport } = owner.connect(PHOENIX, { answersClose: false });
    connection.open();

    connection.close("drained");
    connection.terminate();
    transport.end();
    connection.closed(1006);

    expect(owner.closed).toEqual([connection]);
  });

  test("opening twice is refused", () => {
    const { connection } = new Owner().connect(PHOENIX);
    connection.open();

    expect(() => connection.open()).toThrow("a connection is opened once");
  });

  test("what arrives while closing is ignored", () => {
    const owner = new Owner();
    const { connection, transport } = owner.connect(PHOENIX, { answersClose: false });
    connection.open();
    connection.close("drained");

    transport.receive(JOIN);

    expect(owner.messages).toEqual([]);
  });

  test("terminate drops the link of an open connection, and does nothing later", () => {
    const { connection, transport } = new Owner().connect(PHOENIX);
    connection.open();

    connection.terminate();

    expect([transport.isTerminated, connection.state]).toEqual([true, "closed"]);
    expect(() => connection.terminate()).not.toThrow();
  });
});

describe("sending", () => {
  test("messages and frames of one tick leave together, in order", async () => {
    const owner = new Owner();
    const { connection, transport } = owner.connect(PHOENIX);
    connection.open();

    connection.send(HELLO);
    connection.sendFrame(new EncodedFrame("shared"));
    connection.send({ ...HELLO, event: "bye" });
    await owner.clock.settle();

    expect(transport.sent).toEqual([HELLO_FRAME, "shared", '["1",null,"room:1","bye",{}]']);
    expect(transport.batches).toHaveLength(1);
  });

  test("a grammar that greets does so first", async () => {
    const owner = new Owner();
    const { connection, transport } = owner.connect(CABLE);

    connection.open();
    await owner.clock.settle();

    expect(transport.sent).toEqual(['{"type":"welcome"}']);
  });

  test("a message that the grammar has no frame for is dropped", async () => {
    const owner = new Owner();
    const { connection, transport } = owner.connect(PHOENIX);
    connection.open();

    connection.send({ kind: "ping", atMs: 0 });
    await owner.clock.settle();

    expect(transport.sent).toEqual([]);
  });

  test("a message that cannot be encoded is the sender's error", () => {
    const { connection } = new Owner().connect(PHOENIX);
    connection.open();

    expect(() => connection.send({ ...HELLO, payload: { n: 1n } })).toThrow(TypeError);
  });

  test("nothing is sent before the connection opens or after it closes", async () => {
    const owner = new Owner();
    const { connection, transport } = owner.connect(PHOENIX, { answersClose: false });

    connection.send(HELLO);
    connection.open();
    connection.close("drained");
    connection.send(HELLO);
    await owner.clock.settle();

    expect(transport.sent).toEqual([]);
  });

  test("bufferedAmount counts what waits for the tick and in the transport", () => {
    const { connection, transport } = new Owner().connect(PHOENIX);
    connection.open();
    transport.extraBufferedAmount = 1_000;

    connection.sendFrame(new EncodedFrame("four"));

    expect(connection.bufferedAmount).toBe(1_004);
  });

  test("a heartbeat is answered here", async () => {
    const owner = new Owner();
    const { connection, transport } = owner.connect(PHOENIX);
    connection.open();

    transport.receive('[null,"7","phoenix","heartbeat",{}]');
    await owner.clock.settle();

    expect(transport.sent).toEqual(['[null,"7","phoenix","phx_reply",{"status":"ok","response":{}}]']);
    expect(owner.messages).toEqual([]);
  });
});

describe("closing", () => {
  test("what was sent before the close arrives first", () => {
    const { connection, transport } = new Owner().connect(PHOENIX);
    connection.open();

    connection.send(HELLO);
    connection.close("drained");

    expect(transport.sent).toEqual([HELLO_FRAME]);
    expect(transport.closedWith).toEqual({ code: 1012, reason: "drained" });
  });

  test("a close goes out in the words of the grammar", () => {
    const owner = new Owner();
    const [foreign, own, cable] = [owner.connect(PHOENIX), owner.connect(HUTONG), owner.connect(CABLE)];

    for (const { connection } of [foreign, own, cable]) {
      connection.open();
      connection.close("kicked");
    }

    expect(foreign.transport.closedWith).toEqual({ code: 1000, reason: "kicked" });
    expect(own.transport.closedWith).toEqual({ code: 4503, reason: "kicked" });
    expect(cable.transport.closedWith).toEqual({ code: 1000, reason: "kicked" });
    expect(cable.transport.sent).toEqual([
      '{"type":"welcome"}',
      '{"type":"disconnect","reason":"remote","reconnect":false}',
    ]);
  });

  test("the first close wins", () => {
    const { connection, transport } = new Owner().connect(PHOENIX, { answersClose: false });
    connection.open();

    connection.close("drained");
    connection.close("internal");

    expect(transport.closedWith).toEqual({ code: 1012, reason: "drained" });
  });

  test("a close sets no timer", () => {
    const owner = new Owner();
    const { connection } = owner.connect(PHOENIX);
    connection.open();

    connection.close("drained");

    expect(owner.clock.timerCount).toBe(0);
  });

  test("telemetry has the server's own close and how long the connection lasted", async () => {
    const owner = new Owner();
    const { connection } = owner.connect(PHOENIX);
    connection.open();
    await owner.clock.advance(1_500);

    connection.close("drained");

    expect(owner.recorder.events).toEqual([
      { kind: "connection_closed", connectionId: "c1", code: 1012, close: "drained", durationMs: 1_500 },
    ]);
  });

  test("telemetry has the client's code and no close of ours when the client left", () => {
    const owner = new Owner();
    const { connection, transport } = owner.connect(PHOENIX);
    connection.open();

    transport.end(1001, "");

    expect(owner.recorder.events).toEqual([
      { kind: "connection_closed", connectionId: "c1", code: 1001, close: undefined, durationMs: 0 },
    ]);
  });
});

describe("a slow consumer", () => {
  test("is closed when more waits for the tick than may be queued", () => {
    const { connection, transport } = new Owner({ maxQueuedBytes: 10 }).connect(HUTONG);
    connection.open();

    connection.sendFrame(new EncodedFrame("0123456789"));
    const before = connection.state;
    connection.sendFrame(new EncodedFrame("x"));

    expect(before).toBe("open");
    expect(transport.closedWith).toEqual({ code: 4001, reason: "slow_consumer" });
  });

  test("is closed when more waits in the transport than may be queued", async () => {
    const owner = new Owner({ maxQueuedBytes: 10 });
    const { connection, transport } = owner.connect(HUTONG, { answersClose: false });
    connection.open();
    transport.stall();

    for (const text of ["01234", "56789"]) {
      connection.sendFrame(new EncodedFrame(text));
      await owner.clock.settle();
    }
    const before = connection.state;
    connection.sendFrame(new EncodedFrame("x"));
    await owner.clock.settle();

    expect(before).toBe("open");
    expect(transport.closedWith).toEqual({ code: 4001, reason: "slow_consumer" });
  });

  test("has outdated live frames left out, which is reported", async () => {
    const owner = new Owner(LEVELS);
    const { connection, transport } = owner.connect(HUTONG);
    connection.open();
    transport.extraBufferedAmount = 25;

    connection.sendFrame(new EncodedFrame("typing 1", "live"));
    connection.sendFrame(new EncodedFrame("reply"));
    connection.sendFrame(new EncodedFrame("typing 2", "live"));
    await owner.clock.settle();
    transport.extraBufferedAmount = 0;
    connection.writable();

    expect(transport.sent).toEqual(["reply", "typing 2"]);
    expect(owner.recorder.events).toEqual([{ kind: "live_frames_dropped", connectionId: "c1", count: 1 }]);
  });

  test("has recoverable frames handed to the owner, in order", async () => {
    const owner = new Owner(LEVELS);
    const { connection, transport } = owner.connect(HUTONG);
    connection.open();
    transport.extraBufferedAmount = 50;

    for (const text of ["one", "two"]) connection.sendFrame(new EncodedFrame(text, "recoverable"));
    await owner.clock.settle();

    expect(owner.overtaken).toEqual(["one", "two"]);
    expect(owner.recorder.events).toEqual([{ kind: "connection_lagging", connectionId: "c1", count: 2 }]);
  });

  test("lets wait until it has room, or is gone", async () => {
    const owner = new Owner(LEVELS);
    const [reads, goes] = [owner.connect(HUTONG), owner.connect(HUTONG)];
    const log: string[] = [];
    for (const [name, { connection, transport }] of Object.entries({ reads, goes })) {
      connection.open();
      transport.extraBufferedAmount = 50;
      void connection.drained().then(() => log.push(name));
    }
    await owner.clock.settle();
    const before = [...log];

    reads.transport.extraBufferedAmount = 10;
    reads.connection.writable();
    goes.transport.end();
    await owner.clock.settle();

    expect(before).toEqual([]);
    expect(log).toEqual(["reads", "goes"]);
  });

  test("that makes no progress for the stall timeout is closed", async () => {
    const owner = new Owner({ ...LEVELS, stallTimeoutMs: 2_000 });
    const { connection, transport } = owner.connect(HUTONG);
    connection.open();
    transport.extraBufferedAmount = 50;
    connection.sendFrame(new EncodedFrame("held"));
    await owner.clock.advance(1_999);
    connection.checkHeartbeat(undefined);
    const before = connection.state;

    await owner.clock.advance(1);
    connection.checkHeartbeat(undefined);

    expect(before).toBe("open");
    expect(transport.closedWith).toEqual({ code: 4001, reason: "slow_consumer" });
  });

  test("gets nothing more after its close", async () => {
    const owner = new Owner({ maxQueuedBytes: 1 });
    const { connection, transport } = owner.connect(HUTONG, { answersClose: false });
    connection.open();
    connection.sendFrame(new EncodedFrame("too long"));

    connection.sendFrame(new EncodedFrame("more"));
    await owner.clock.settle();

    expect(transport.sent).toEqual(["too long"]);
  });
});

describe("a frame outside the grammar", () => {
  test("closes a Phoenix connection, as Phoenix does", () => {
    const owner = new Owner();
    const { connection, transport } = owner.connect(PHOENIX);
    connection.open();

    transport.receive("nonsense");

    expect(transport.closedWith).toEqual({ code: 1011, reason: "protocol_error" });
    expect(owner.recorder.of("malformed_frame")).toEqual([
      { kind: "malformed_frame", connectionId: "c1", message: "text is not JSON" },
    ]);
  });

  test("closes a connection whose wire protocol fails at it, and nothing else", () => {
    const owner = new Owner();
    const cause = new TypeError("broken");
    const { connection, transport } = owner.connect({
      ...PHOENIX,
      decode: () => {
        throw cause;
      },
    });
    connection.open();

    transport.receive("anything");

    expect(transport.closedWith).toEqual({ code: 1011, reason: "internal" });
    expect(owner.recorder.of("malformed_frame")).toEqual([
      { kind: "malformed_frame", connectionId: "c1", message: "the wire protocol failed to read a frame", cause },
    ]);
  });

  test("is counted and ignored in Action Cable, until there are too many", () => {
    const owner = new Owner({ maxMalformedFrames: 2 });
    const { connection, transport } = owner.connect(CABLE);
    connection.open();

    transport.receive("nonsense");
    transport.receive("nonsense");
    const before = connection.state;
    transport.receive("nonsense");

    expect(before).toBe("open");
    expect(transport.closedWith).toEqual({ code: 1008, reason: "policy_violation" });
    expect(owner.recorder.of("malformed_frame")).toHaveLength(3);
  });

  test("does not hinder the next one in Action Cable", () => {
    const owner = new Owner();
    const { connection, transport } = owner.connect(CABLE);
    connection.open();

    transport.receive("nonsense");
    transport.receive('{"command":"unsubscribe","identifier":"{}"}');

    expect(owner.messages).toEqual([{ kind: "leave", key: "{}", joinRef: null, ref: null }]);
  });
});

describe("frames that come too fast", () => {
  const HEARTBEAT = '[null,"1","phoenix","heartbeat",{}]';
  const PUSH = '["1","2","room:1","say",{}]';

  test("are handed on as such, with the wait", () => {
    const owner = new Owner({ messageBurst: 2, messagesPerSecond: 4 });
    const { connection, transport } = owner.connect(PHOENIX);
    connection.open();

    for (let count = 0; count < 3; count++) transport.receive(PUSH);

    expect(owner.messages).toHaveLength(2);
    expect(owner.limited).toEqual([[expect.objectContaining({ kind: "push", ref: "2" }), 250]]);
  });

  test("are taken again after the wait", async () => {
    const owner = new Owner({ messageBurst: 1, messagesPerSecond: 4 });
    const { connection, transport } = owner.connect(PHOENIX);
    connection.open();
    for (let count = 0; count < 2; count++) transport.receive(PUSH);

    await owner.clock.advance(250);
    transport.receive(PUSH);

    expect(owner.messages).toHaveLength(2);
  });

  test("are not answered when they are heartbeats", async () => {
    const owner = new Owner({ messageBurst: 1, messagesPerSecond: 1 });
    const { connection, transport } = owner.connect(PHOENIX);
    connection.open();

    for (let count = 0; count < 2; count++) transport.receive(HEARTBEAT);
    await owner.clock.settle();

    expect(transport.sent).toHaveLength(1);
  });

  test("count though they are malformed", () => {
    const owner = new Owner({ messageBurst: 1, messagesPerSecond: 1 });
    const { connection, transport } = owner.connect(CABLE);
    connection.open();

    transport.receive("no command");
    transport.receive('{"command":"subscribe","identifier":"{\\"channel\\":\\"Room\\"}"}');

    expect([owner.messages.length, owner.limited.length]).toEqual([0, 1]);
  });

  test("close the connection when they go on", () => {
    const owner = new Owner({ messageBurst: 1, messagesPerSecond: 1, maxRateRefusals: 3 });
    const { connection, transport } = owner.connect(PHOENIX);
    connection.open();

    for (let count = 0; count < 10; count++) transport.receive(PUSH);

    expect(owner.limited).toHaveLength(4);
    expect(transport.closedWith).toEqual({ code: 4429, reason: "rate_limited" });
  });

  test("are forgiven with time", async () => {
    const owner = new Owner({ messageBurst: 1, messagesPerSecond: 1, maxRateRefusals: 3 });
    const { connection, transport } = owner.connect(PHOENIX);
    connection.open();

    for (let minute = 0; minute < 5; minute++) {
      for (let count = 0; count < 4; count++) transport.receive(PUSH);
      await owner.clock.advance(60_000);
    }

    expect([owner.limited.length, connection.state]).toEqual([15, "open"]);
  });
});

test.each<readonly [number, boolean]>([
  [1000, false],
  [1001, false],
  [1002, false],
  [1005, false],
  [1006, true],
])("a client that ends with %i is lost: %s", (code, isLost) => {
  const owner = new Owner();
  const { connection, transport } = owner.connect(PHOENIX);
  connection.open();

  transport.end(code, "");

  expect(connection.isLost).toBe(isLost);
});

test.each(["drained", "slow_consumer", "heartbeat_timeout", "token_expired", "rate_limited", "going_away"] as const)(
  "a client that is closed with %s is expected back, whatever code it answers",
  (name) => {
    const owner = new Owner();
    const { connection, transport } = owner.connect(PHOENIX, { answersClose: false });
    connection.open();

    connection.close(name);
    transport.end(1000, "");

    expect(connection.isLost).toBe(true);
  },
);

test.each(["kicked", "unauthenticated", "forbidden", "replaced", "normal"] as const)(
  "a client that is closed with %s is not expected back",
  (name) => {
    const owner = new Owner();
    const { connection, transport } = owner.connect(PHOENIX, { answersClose: false });
    connection.open();

    connection.close(name);
    transport.end(1006, "");

    expect(connection.isLost).toBe(false);
  },
);
