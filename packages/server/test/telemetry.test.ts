import {
  accept,
  createServer,
  defineChannel,
  type HandledResult,
  refuse,
  reply,
  stop,
  type TelemetryEvent,
} from "@hutong/server";
import { connectLoopback, connectLoopbackCable, FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { createGate, startBench } from "./support.ts";

const room = (gate = createGate()) =>
  defineChannel("room:*", {
    cable: { name: "RoomChannel", topic: ({ id }) => `room:${String(id)}` },
    join: () => accept(),
    handle: {
      note: () => {},
      add: () => reply({ id: 7 }),
      no: () => refuse("no"),
      end: () => stop(),
      wait: () => gate.opened,
      throws: () => {
        throw new Error("broken");
      },
      tell: (_payload, channel) => {
        channel.broadcast("told", {});
        channel.broadcastToOthers("told", {});
      },
    },
  });

function handled(events: readonly TelemetryEvent[]): readonly (readonly [string, HandledResult, number])[] {
  return events.flatMap((event) =>
    event.kind === "message_handled" ? [[event.event, event.result, event.durationMs] as const] : [],
  );
}

describe("a handled message", () => {
  test("is reported with what its handler gave", async () => {
    await using bench = await startBench([room()]);
    const client = bench.connect();
    client.join("room:1");
    for (const event of ["note", "add", "no", "end"]) client.push("room:1", event);
    await bench.clock.settle();

    expect(handled(bench.recorder.events)).toEqual([
      ["note", "nothing", 0],
      ["add", "reply", 0],
      ["no", "refuse", 0],
      ["end", "stop", 0],
    ]);
  });

  test("is measured from its turn, so that one waits without being slow itself", async () => {
    const gate = createGate();
    await using bench = await startBench([room(gate)]);
    const client = bench.connect();
    client.join("room:1");
    await bench.clock.settle();
    client.push("room:1", "wait");
    client.push("room:1", "add");
    await bench.clock.advance(300);
    gate.open();
    await bench.clock.settle();

    expect(handled(bench.recorder.events)).toEqual([
      ["wait", "nothing", 300],
      ["add", "reply", 0],
    ]);
  });

  test("is none when its handler throws, or there is no handler", async () => {
    await using bench = await startBench([room()]);
    const client = bench.connect();
    client.join("room:1");
    client.push("room:1", "throws");
    client.join("room:2");
    client.push("room:2", "unheard_of");
    await bench.clock.settle();

    expect(handled(bench.recorder.events)).toEqual([]);
    expect(bench.recorder.of("handler_failed")).toHaveLength(1);
  });
});

describe("a broadcast", () => {
  test("is reported with the number of channels it was meant for", async () => {
    await using bench = await startBench([room()]);
    const [first, second] = [bench.connect(), bench.connect()];
    first.join("room:1");
    second.join("room:1");
    first.push("room:1", "tell");
    await bench.clock.settle();
    bench.server.broadcast("room:nobody", "told", {});

    expect(bench.recorder.of("broadcast_dispatched")).toEqual([
      { kind: "broadcast_dispatched", topic: "room:1", event: "told", subscriberCount: 2 },
      { kind: "broadcast_dispatched", topic: "room:1", event: "told", subscriberCount: 1 },
    ]);
  });
});

describe("a drain", () => {
  test("is reported when it starts, and when it is over with its time", async () => {
    await using bench = await startBench([room()], { limits: { drainMs: 1_000 } });
    bench.connect();
    bench.connect();

    const drained = bench.server.drain();
    await bench.clock.advance(1_000);
    await drained;

    expect(bench.recorder.of("drain_started")).toEqual([{ kind: "drain_started", connectionCount: 2 }]);
    expect(bench.recorder.of("drain_finished")).toEqual([{ kind: "drain_finished", durationMs: 500 }]);
  });
});

describe("a server without a listener", () => {
  test("fans out and handles all the same", async () => {
    const clock = new FakeClock();
    await using server = createServer({ channels: [room()], clock });
    await server.start();
    const client = connectLoopback(server);
    client.join("room:1");
    client.push("room:1", "tell");
    await clock.settle();

    expect(client.take().map(([, , , event]) => event)).toEqual(["phx_reply", "told"]);
  });
});

describe("the reports of connections", () => {
  test("say what went over each link, and which topics it is on", async () => {
    await using bench = await startBench([room()]);
    const client = bench.connect();
    connectLoopbackCable(bench.server);
    client.join("room:1");
    client.join("room:2");
    await bench.clock.advance(40);

    const reports = [...bench.server.connections()];

    expect(reports).toMatchObject([
      {
        transport: "loopback",
        wireProtocol: "phoenix-2",
        socketId: undefined,
        state: "open",
        ageMs: 40,
        bufferedAmount: 0,
        topics: ["room:1", "room:2"],
        traffic: { framesIn: 2, framesOut: 2 },
      },
      { wireProtocol: "actioncable-v1-json", topics: [], traffic: { framesIn: 0, framesOut: 1, bytesOut: 18 } },
    ]);
  });

  test("leave their counts with the server when the connection goes", async () => {
    await using bench = await startBench([room()]);
    const client = bench.connect();
    client.send('[null,"1","phoenix","heartbeat",{}]');
    await bench.clock.settle();
    const before = bench.server.traffic();
    client.close(1001, "");

    expect([...bench.server.connections()]).toEqual([]);
    expect(before).toMatchObject({ framesIn: 1, framesOut: 1, bytesIn: 35 });
    expect(bench.server.traffic()).toEqual(before);
  });
});

describe("a trace", () => {
  test("sees every frame of its connection in both directions, malformed ones and the farewell too", async () => {
    await using bench = await startBench([room()]);
    const client = connectLoopbackCable(bench.server);
    const [report] = bench.server.connections();
    const seen: (readonly [string, unknown])[] = [];
    bench.server.trace(report?.id ?? "", (direction, frame) => seen.push([direction, frame]));

    client.send("no frame");
    await bench.server.close();

    expect(seen).toEqual([
      ["in", "no frame"],
      ["out", '{"type":"disconnect","reason":"server_restart","reconnect":true}'],
    ]);
  });

  test("sees nothing of other connections, and nothing after its end", async () => {
    await using bench = await startBench([room()]);
    const [client, other] = [bench.connect(), bench.connect()];
    const [report] = bench.server.connections();
    let count = 0;
    const end = bench.server.trace(report?.id ?? "", () => count++);

    other.join("room:1");
    client.join("room:1");
    await bench.clock.settle();
    end?.();
    client.push("room:1", "add");
    await bench.clock.settle();

    expect(count).toBe(2);
  });

  test("makes room for a newer one, whose end the older one's end is not", async () => {
    await using bench = await startBench([room()]);
    const client = bench.connect();
    const [report] = bench.server.connections();
    const seen: string[] = [];
    const endOlder = bench.server.trace(report?.id ?? "", () => seen.push("older"));
    bench.server.trace(report?.id ?? "", () => seen.push("newer"));

    endOlder?.();
    client.push("room:1", "add");

    expect(seen).toEqual(["newer", "newer"]);
  });

  test("of a connection that is not there is none", async () => {
    await using bench = await startBench([room()]);

    expect(bench.server.trace("nobody", () => {})).toBe(undefined);
  });
});
