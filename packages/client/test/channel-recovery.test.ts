import { describe, expect, test } from "vitest";
import type { Channel, ChannelOptions, ChannelState } from "../src/channel.ts";
import { createWorld, type FakeClock, rejection, type ScriptedServer, turn } from "./support.ts";

const FRESH = [false, "fresh", ["e", 7, "m7"]];

interface RecoveryWorld {
  readonly clock: FakeClock;
  readonly server: ScriptedServer;
  readonly channel: Channel;
  readonly heard: unknown[];
  readonly states: ChannelState[];
}

/** A channel whose join is on its way. */
async function createJoining(options: ChannelOptions = {}): Promise<RecoveryWorld> {
  const { clock, server, socket } = createWorld();
  socket.connect();
  await turn();
  const channel = socket.channel("room:a", {}, options);
  const heard: unknown[] = [];
  const states: ChannelState[] = [];
  channel.on("said", (payload) => heard.push(payload));
  channel.onState((state) => states.push(state));
  channel.join().catch(() => undefined);
  return { clock, server, channel, heard, states };
}

function answerJoin(server: ScriptedServer, report: unknown): void {
  const [joinRef, ref] = server.latest.received.findLast((frame) => frame[3] === "phx_join") ?? [];
  server.latest.push(joinRef, ref, "room:a", "phx_reply", { status: "ok", response: {} }, report);
}

function say(server: ScriptedServer, offset: number, event = "said"): void {
  server.latest.push(null, null, "room:a", event, offset, ["e", offset, `m${offset}`, offset - 1]);
}

const joinsOf = (server: ScriptedServer): unknown[][] =>
  server.connections.flatMap(({ received }) => received.filter((frame) => frame[3] === "phx_join"));

/** A promise that the test resolves. */
function createGate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((onResolve) => (resolve = onResolve));
  return { promise, resolve: () => resolve() };
}

describe("a channel with history", () => {
  test("asks for nothing first, and says what the server reported", async () => {
    const { channel, server } = await createJoining();
    expect(joinsOf(server)).toEqual([["1", "1", "room:a", "phx_join", {}]]);
    expect(channel.position).toBeUndefined();

    answerJoin(server, FRESH);

    expect(channel.state).toEqual({ kind: "joined", response: {}, recovery: { recovered: false, reason: "fresh" } });
    expect(channel.position).toEqual({ epoch: "e", offset: 7, id: "m7" });
  });

  test("comes back with the place of the last message that it delivered", async () => {
    const { channel, clock, heard, server } = await createJoining();
    answerJoin(server, FRESH);
    say(server, 8);
    say(server, 9, "hutong_skip");
    say(server, 9);
    server.latest.end();
    await clock.advance(250);

    expect(joinsOf(server)[1]).toEqual(["2", "2", "room:a", "phx_join", {}, ["e", 9, "m9"]]);
    answerJoin(server, [true, "ok", ["e", 9, "m9"]]);
    say(server, 10);

    expect(heard).toEqual([8, 10]);
    expect(channel.state).toMatchObject({ recovery: { recovered: true, reason: "ok" } });
  });

  test("takes a stamp that cannot be read for none", async () => {
    const { channel, heard, server } = await createJoining();
    answerJoin(server, FRESH);

    server.latest.push(null, null, "room:a", "said", "live");
    server.latest.push(null, null, "room:a", "said", "odd", ["e", 8]);
    server.latest.push(null, null, "room:a", "hutong_skip", {}, "odd");

    expect(heard).toEqual(["live", "odd"]);
    expect(channel.position).toMatchObject({ offset: 7 });
  });

  test("joins again at once after a gap; what was sent rejects, and the rest of the old join is dropped", async () => {
    const { channel, heard, server, states } = await createJoining();
    answerJoin(server, FRESH);
    const pushed = rejection(channel.push("a"));
    say(server, 9);
    say(server, 8);

    expect(await pushed).toMatchObject({ code: "connection_lost", retryable: true });
    expect(joinsOf(server)[1]).toEqual(["3", "3", "room:a", "phx_join", {}, ["e", 7, "m7"]]);
    answerJoin(server, [true, "ok", ["e", 7, "m7"]]);
    say(server, 8);
    say(server, 9);

    expect(heard).toEqual([8, 9]);
    expect(states.map(({ kind }) => kind)).toEqual(["joining", "joined", "joining", "joined"]);
  });

  test("waits before it joins again when a join changed nothing", async () => {
    const { channel, clock, server } = await createJoining();
    answerJoin(server, FRESH);
    say(server, 9);
    answerJoin(server, [true, "ok", ["e", 7, "m7"]]);
    say(server, 9);

    expect(channel.state).toMatchObject({ kind: "waiting", error: { code: "connection_lost" } });
    expect(joinsOf(server)).toHaveLength(2);
    await clock.advance(1_000);
    expect(joinsOf(server)).toHaveLength(3);
  });

  test("joins again after a message of another history, and tells what came of it", async () => {
    const { channel, server } = await createJoining();
    answerJoin(server, FRESH);

    server.latest.push(null, null, "room:a", "said", 1, ["other", 1, "x1", 0]);
    answerJoin(server, [false, "epoch", ["other", 1, "x1"]]);

    expect(channel.state).toMatchObject({ kind: "joined", recovery: { recovered: false, reason: "epoch" } });
    expect(channel.position).toEqual({ epoch: "other", offset: 1, id: "x1" });
  });

  test("forgets its position when the topic keeps no history any more", async () => {
    const { channel, clock, server } = await createJoining();
    answerJoin(server, FRESH);
    server.latest.end();
    await clock.advance(250);
    answerJoin(server, [false, "disabled", ["", 0, ""]]);

    expect(channel.position).toBeUndefined();
    server.latest.end();
    await clock.advance(500);
    expect(joinsOf(server)[2]).toHaveLength(5);
  });

  test("goes on from where the application's data stands", async () => {
    const { channel, heard, server } = await createJoining({
      position: { epoch: "e", offset: 5, id: "m5" },
      snapshot: () => {
        throw new Error("not needed");
      },
    });
    expect(joinsOf(server)[0]).toEqual(["1", "1", "room:a", "phx_join", {}, ["e", 5, "m5"]]);

    answerJoin(server, [true, "ok", ["e", 5, "m5"]]);
    say(server, 6);
    await turn();

    expect(heard).toEqual([6]);
    expect(channel.state).toMatchObject({ recovery: { recovered: true }, snapshot: undefined });
  });
});

describe("a snapshot", () => {
  test("is called after the first join, and holds stamped broadcasts back until it is there", async () => {
    const gate = createGate();
    const { channel, heard, server, states } = await createJoining({ snapshot: () => gate.promise });
    answerJoin(server, FRESH);
    say(server, 8);
    server.latest.push(null, null, "room:a", "said", "live");
    await turn();
    expect(heard).toEqual(["live"]);
    expect(channel.state).toMatchObject({ kind: "joined", snapshot: { kind: "loading" } });
    expect(channel.position).toBeUndefined();

    gate.resolve();
    await turn();

    expect(heard).toEqual(["live", 8]);
    expect(states).toMatchObject([
      { kind: "joining" },
      { kind: "joined", recovery: { reason: "fresh" }, snapshot: { kind: "loading" } },
      { kind: "joined", recovery: { reason: "fresh" }, snapshot: { kind: "loaded" } },
    ]);
  });

  test("may say where its data stands", async () => {
    const { channel, heard, server } = await createJoining({
      snapshot: async () => ({ epoch: "e", offset: 9, id: "m9" }),
    });
    answerJoin(server, FRESH);
    for (const offset of [8, 9, 10]) say(server, offset);

    await turn();

    expect(heard).toEqual([10]);
    expect(channel.position).toMatchObject({ offset: 10 });
  });

  test("whose data is older than the join makes the server give what lies between", async () => {
    const { heard, server } = await createJoining({ snapshot: () => ({ epoch: "e", offset: 6, id: "m6" }) });
    answerJoin(server, FRESH);
    await turn();

    expect(joinsOf(server)[1]?.[5]).toEqual(["e", 6, "m6"]);
    answerJoin(server, [true, "ok", ["e", 6, "m6"]]);
    say(server, 7);

    expect(heard).toEqual([7]);
  });

  test("is called again after it failed, and the state tells", async () => {
    let count = 0;
    const { channel, clock, heard, server, states } = await createJoining({
      snapshot: () => {
        count += 1;
        if (count < 3) throw new Error(`no ${count}`);
      },
    });
    answerJoin(server, FRESH);
    say(server, 8);
    await turn();
    expect(channel.state).toMatchObject({
      kind: "joined",
      snapshot: { kind: "waiting", retryAtMs: expect.closeTo(clock.now() + 500, 0), error: { message: "no 1" } },
    });

    await clock.advance(501);
    expect(heard).toEqual([]);
    await clock.advance(1_001);

    expect(count).toBe(3);
    expect(heard).toEqual([8]);
    expect(states.map((state) => (state.kind === "joined" ? state.snapshot?.kind : state.kind))).toEqual([
      "joining",
      "loading",
      "waiting",
      "loading",
      "waiting",
      "loading",
      "loaded",
    ]);
  });

  test("that is under way when the link breaks counts for nothing; the next join starts over, after it", async () => {
    const gates = [createGate(), createGate()];
    let count = 0;
    const { clock, heard, server } = await createJoining({ snapshot: () => gates[count++]?.promise });
    answerJoin(server, FRESH);
    say(server, 8);
    await turn();
    server.latest.end();
    await clock.advance(250);

    expect(joinsOf(server)[1]).toHaveLength(5);
    answerJoin(server, [false, "fresh", ["e", 8, "m8"]]);
    await turn();
    expect(count).toBe(1);
    gates[0]?.resolve();
    await turn();
    expect(count).toBe(2);
    say(server, 9);
    expect(heard).toEqual([]);
    gates[1]?.resolve();
    await turn();

    expect(heard).toEqual([9]);
  });

  test("is called for each join on a topic without history", async () => {
    let count = 0;
    const { channel, clock, heard, server } = await createJoining({ snapshot: () => void (count += 1) });
    server.latest.reply("phx_join");
    await turn();
    server.latest.push(null, null, "room:a", "said", 1);
    server.latest.end();
    await clock.advance(250);
    server.latest.reply("phx_join");
    await turn();

    expect(count).toBe(2);
    expect(heard).toEqual([1]);
    expect(channel.state).toMatchObject({ kind: "joined", recovery: undefined, snapshot: { kind: "loaded" } });
  });

  test("is not called for a channel that is left at once, nor again after one that is left while it waits", async () => {
    let count = 0;
    const fail = (): never => {
      count += 1;
      throw new Error("no");
    };
    const early = await createJoining({ snapshot: fail });
    early.channel.onState(({ kind }) => kind === "joined" && void early.channel.leave());
    answerJoin(early.server, FRESH);
    await turn();
    expect(count).toBe(0);
    const late = await createJoining({ snapshot: fail });
    answerJoin(late.server, FRESH);
    await turn();
    expect(count).toBe(1);

    void late.channel.leave();
    late.server.latest.reply("phx_leave");
    await late.clock.advance(20_000);

    expect(count).toBe(1);
  });

  test("delivers nothing that was held once a handler has left the channel", async () => {
    const { channel, heard, server } = await createJoining({ snapshot: () => undefined });
    channel.on("said", () => void channel.leave());
    answerJoin(server, FRESH);
    say(server, 8);
    say(server, 9);
    await turn();

    expect(heard).toEqual([8]);
  });

  test("leaves the channel alone when a handler left it as soon as the snapshot was there", async () => {
    const { channel, heard, server } = await createJoining({ snapshot: () => undefined });
    channel.onState((state) => {
      if (state.kind === "joined" && state.snapshot?.kind === "loaded") void channel.leave();
    });
    answerJoin(server, FRESH);
    say(server, 8);
    await turn();

    expect(heard).toEqual([]);
    expect(channel.state.kind).toBe("leaving");
  });
});
