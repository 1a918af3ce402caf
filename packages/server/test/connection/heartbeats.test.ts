import type { WireProtocol } from "@hutong/protocol";
import type { ScriptedTransport } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import type { Connection } from "../../src/connection/connection.ts";
import { Heartbeats } from "../../src/connection/heartbeats.ts";
import type { ConnectionLimits } from "../../src/options.ts";
import { CABLE, HUTONG, Owner } from "./support.ts";

interface Watched {
  readonly owner: Owner;
  readonly heartbeats: Heartbeats;
  readonly add: (wireProtocol: WireProtocol) => {
    readonly connection: Connection;
    readonly transport: ScriptedTransport;
  };
}

function watch(limits: ConnectionLimits = {}, intervalMs = 1_000): Watched {
  const owner = new Owner(limits);
  const heartbeats = new Heartbeats(owner.clock, intervalMs);
  return {
    owner,
    heartbeats,
    add: (wireProtocol) => {
      const client = owner.connect(wireProtocol);
      client.connection.open();
      heartbeats.add(client.connection);
      return client;
    },
  };
}

describe("the timer", () => {
  test("is one for all connections", () => {
    const { owner, add } = watch();

    add(HUTONG);
    add(HUTONG);
    add(HUTONG);

    expect(owner.clock.timerCount).toBe(1);
  });

  test("stops with the last connection", () => {
    const { owner, heartbeats, add } = watch();
    const [first, second] = [add(HUTONG), add(HUTONG)];

    heartbeats.delete(first.connection);
    const countBetween = owner.clock.timerCount;
    heartbeats.delete(second.connection);

    expect([countBetween, owner.clock.timerCount]).toEqual([1, 0]);
  });

  test("starts again with the next connection", () => {
    const { owner, heartbeats, add } = watch();
    heartbeats.delete(add(HUTONG).connection);

    add(HUTONG);

    expect(owner.clock.timerCount).toBe(1);
  });

  test("is not started by removing a stranger", () => {
    const { owner, heartbeats } = watch();

    heartbeats.delete(owner.connect(HUTONG).connection);

    expect(owner.clock.timerCount).toBe(0);
  });
});

describe("silence", () => {
  test("closes a connection after the idle timeout", async () => {
    const { owner, add } = watch({ idleTimeoutMs: 5_000 });
    const { transport } = add(HUTONG);

    await owner.clock.advance(4_999);
    const before = transport.closedWith;
    await owner.clock.advance(1);

    expect(before).toBeUndefined();
    expect(transport.closedWith).toEqual({ code: 4000, reason: "heartbeat_timeout" });
  });

  test("begins anew with every frame, even one outside the grammar of a patient one", async () => {
    const { owner, add } = watch({ idleTimeoutMs: 5_000 });
    const [phoenix, cable] = [add(HUTONG), add(CABLE)];
    await owner.clock.advance(4_000);

    phoenix.transport.receive('[null,"1","phoenix","heartbeat",{}]');
    cable.transport.receive("nonsense");
    await owner.clock.advance(4_000);

    expect([phoenix.transport.closedWith, cable.transport.closedWith]).toEqual([undefined, undefined]);
  });

  test("begins anew with every poll and control frame", async () => {
    const { owner, add } = watch({ idleTimeoutMs: 5_000 });
    const [poll, pong] = [add(HUTONG), add(HUTONG)];
    await owner.clock.advance(4_000);

    poll.transport.alive();
    pong.transport.controlFrame();
    await owner.clock.advance(4_000);

    expect([poll.transport.closedWith, pong.transport.closedWith]).toEqual([undefined, undefined]);
  });

  test("of one connection does not touch the others", async () => {
    const { owner, add } = watch({ idleTimeoutMs: 2_000 });
    const [silent, lively] = [add(HUTONG), add(HUTONG)];
    await owner.clock.advance(1_000);
    lively.transport.alive();

    await owner.clock.advance(1_000);

    expect(silent.connection.state).toBe("closed");
    expect(lively.connection.state).toBe("open");
  });
});

describe("pings", () => {
  test("go to the clients of a grammar whose server pings, with the time", async () => {
    const { owner, add } = watch();
    const [phoenix, cable] = [add(HUTONG), add(CABLE)];

    await owner.clock.advance(2_000);

    expect(phoenix.transport.sent).toEqual([]);
    expect(cable.transport.sent).toEqual([
      '{"type":"welcome"}',
      '{"type":"ping","message":1700000001}',
      '{"type":"ping","message":1700000002}',
    ]);
  });

  test("are one frame for all connections", async () => {
    const { owner, add } = watch();
    const [left, right] = [add(CABLE), add(CABLE)];
    await owner.clock.settle();

    await owner.clock.advance(1_000);

    const [frame] = left.transport.batches[1]?.frames() ?? [];
    expect(frame).toBeDefined();
    expect(right.transport.batches[1]?.frames()[0]).toBe(frame);
  });

  test("ask the link of a client that has been silent for a third of the timeout", async () => {
    const { owner, add } = watch({ idleTimeoutMs: 9_000 });
    const { transport } = add(CABLE);

    await owner.clock.advance(2_000);
    const before = transport.pingCount;
    await owner.clock.advance(1_000);

    expect([before, transport.pingCount]).toEqual([0, 1]);
  });

  test("ask the link of a silent client also in a grammar that has no frame for it", async () => {
    const { owner, add } = watch({ idleTimeoutMs: 9_000 });
    const { transport } = add({ ...CABLE, encode: () => undefined });

    await owner.clock.advance(3_000);

    expect([transport.sent, transport.pingCount]).toEqual([[], 1]);
  });
});

describe("control frames", () => {
  test("close the connection when there are more than allowed between two checks", async () => {
    const { owner, add } = watch({ maxControlFrames: 3 });
    const { transport } = add(HUTONG);

    for (let count = 0; count < 4; count++) transport.controlFrame();
    await owner.clock.advance(1_000);

    expect(transport.closedWith).toEqual({ code: 1008, reason: "policy_violation" });
  });

  test("are counted anew after each check", async () => {
    const { owner, add } = watch({ maxControlFrames: 3 });
    const { transport } = add(HUTONG);

    for (let check = 0; check < 3; check++) {
      for (let count = 0; count < 3; count++) transport.controlFrame();
      await owner.clock.advance(1_000);
    }

    expect(transport.closedWith).toBeUndefined();
  });
});

test("a connection that is closing is left alone", async () => {
  const { owner, heartbeats } = watch({ idleTimeoutMs: 1_000, closeTimeoutMs: 60_000 });
  const { connection, transport } = owner.connect(CABLE, { answersClose: false });
  connection.open();
  heartbeats.add(connection);
  connection.close("drained");

  await owner.clock.advance(3_000);

  expect(transport.sent).toEqual([
    '{"type":"welcome"}',
    '{"type":"disconnect","reason":"server_restart","reconnect":true}',
  ]);
  expect(transport.closedWith).toEqual({ code: 1012, reason: "drained" });
});
