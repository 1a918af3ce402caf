import { describe, expect, test } from "vitest";

import type { RoomClientOptions, RoomListener, SendResult } from "../../src/clients/room-client.ts";
import { createRoom, type Room } from "../../src/state/room.ts";

/** A client whose server is the test. */
class ScriptedClient {
  readonly options: RoomClientOptions;
  readonly listener: RoomListener;
  readonly sent: string[] = [];
  isClosed = false;
  retryCount = 0;
  nextResult: SendResult = { kind: "failed", reason: "connection_lost" };

  constructor(options: RoomClientOptions, listener: RoomListener) {
    this.options = options;
    this.listener = listener;
  }

  send(body: string): Promise<SendResult> {
    this.sent.push(body);
    return Promise.resolve(this.nextResult);
  }

  retryNow(): void {
    this.retryCount += 1;
  }

  close(): void {
    this.isClosed = true;
  }
}

function setUp() {
  const clients: ScriptedClient[] = [];
  const ticks = new Set<() => void>();
  let nowMs = 1_000;
  const clock = {
    now: () => nowMs,
    after: () => () => {},
    every: (_ms: number, run: () => void) => {
      ticks.add(run);
      return () => void ticks.delete(run);
    },
  };
  const room = createRoom({
    clock,
    load: () =>
      Promise.resolve((options: RoomClientOptions, listener: RoomListener) => {
        const client = new ScriptedClient(options, listener);
        clients.push(client);
        return client;
      }),
  });
  const tickAt = (ms: number): void => {
    nowMs = ms;
    for (const tick of ticks) tick();
  };
  return { room, clients, ticks, tickAt };
}

async function enter(
  room: Room,
  clients: readonly ScriptedClient[],
  changes: Partial<Parameters<Room["open"]>[0]> = {},
): Promise<ScriptedClient> {
  room.open({ room: "lobby", client: "hutong", nickname: "Ada", token: undefined, ...changes });
  await settled();
  const client = clients.at(-1);
  if (client === undefined) throw new Error("the room has made no client");
  return client;
}

/** Lets promises that are resolved already run their reactions. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

const message = { id: "m1", from: "Bo", body: "hi", atMs: 2_000 };

describe("Room", () => {
  test("opening makes a client with the room, the name and the token", async () => {
    const { room, clients } = setUp();

    const client = await enter(room, clients, { room: "secret", token: "t" });

    expect(client.options).toMatchObject({ room: "secret", nickname: "Ada", token: "t" });
    expect(room.state.value).toEqual({ kind: "connecting" });
  });

  test("another client in the same room keeps the messages and closes the first", async () => {
    const { room, clients } = setUp();
    const first = await enter(room, clients);
    first.listener.message(message);

    await enter(room, clients, { client: "phoenix" });

    expect(first.isClosed).toBe(true);
    expect(room.entries.value.map(({ body }) => body)).toEqual(["hi"]);
  });

  test("another room starts without messages", async () => {
    const { room, clients } = setUp();
    const first = await enter(room, clients);
    first.listener.message(message);

    await enter(room, clients, { room: "secret" });

    expect(room.entries.value).toEqual([]);
    expect(room.receivedCount.value).toBe(0);
  });

  test("what an earlier client still says is not heard", async () => {
    const { room, clients } = setUp();
    const first = await enter(room, clients);
    await enter(room, clients, { client: "phoenix" });

    first.listener.state({ kind: "closed", reason: "late" });
    first.listener.message(message);

    expect(room.state.value).toEqual({ kind: "connecting" });
    expect(room.entries.value).toEqual([]);
  });

  test("a client that loads after the visit ended is never made", async () => {
    const { room, clients } = setUp();

    room.open({ room: "lobby", client: "hutong", nickname: "Ada", token: undefined });
    room.leave();
    await settled();

    expect(clients).toEqual([]);
  });

  test("a library that cannot be loaded closes the room with a reason", async () => {
    const clock = { now: () => 0, after: () => () => {}, every: () => () => {} };
    const room = createRoom({ clock, load: () => Promise.reject(new Error("no network")) });

    room.open({ room: "lobby", client: "hutong", nickname: "Ada", token: undefined });
    await settled();

    expect(room.state.value).toEqual({ kind: "closed", reason: "client_failed" });
  });

  test("a client that cannot be made closes the room with a reason", async () => {
    const clock = { now: () => 0, after: () => () => {}, every: () => () => {} };
    const create = (): never => {
      throw new SyntaxError("the subprotocol is invalid");
    };
    const room = createRoom({ clock, load: () => Promise.resolve(create) });

    room.open({ room: "lobby", client: "hutong", nickname: "Ada", token: "not a token" });
    await settled();

    expect(room.state.value).toEqual({ kind: "closed", reason: "client_failed" });
  });

  test("a message that fails can be sent again", async () => {
    const { room, clients } = setUp();
    const client = await enter(room, clients);

    room.send("hello");
    await settled();
    expect(room.entries.value.map(({ delivery }) => delivery)).toEqual(["failed"]);

    client.nextResult = { kind: "sent", id: "m7" };
    room.retry(room.entries.value[0]?.key ?? "");
    await settled();

    expect(client.sent).toEqual(["hello", "hello"]);
    expect(room.entries.value.map(({ id, delivery }) => `${id} ${delivery}`)).toEqual(["m7 sent"]);
  });

  test("messages of others count as received, own ones and repeated ones do not", async () => {
    const { room, clients } = setUp();
    const client = await enter(room, clients);
    client.nextResult = { kind: "sent", id: "m2" };

    room.send("mine");
    client.listener.message({ ...message, id: "m2", from: "Ada", body: "mine" });
    client.listener.message(message);
    client.listener.message(message);
    await settled();

    expect(room.receivedCount.value).toBe(1);
  });

  test("the seconds to the next attempt count down and stop with the wait", async () => {
    const { room, clients, ticks, tickAt } = setUp();
    const client = await enter(room, clients);

    client.listener.state({ kind: "reconnecting", retryAtMs: 4_500 });
    expect(room.secondsToRetry.value).toBe(4);
    tickAt(3_500);
    expect(room.secondsToRetry.value).toBe(1);
    client.listener.state({ kind: "live" });

    expect(room.secondsToRetry.value).toBeUndefined();
    expect(ticks.size).toBe(0);
  });

  test("retrying asks the client while it waits and takes a new one after a refusal", async () => {
    const { room, clients } = setUp();
    const client = await enter(room, clients);

    client.listener.state({ kind: "reconnecting", retryAtMs: undefined });
    room.retryNow();
    expect(client.retryCount).toBe(1);

    client.listener.state({ kind: "refused", reason: "unauthorized" });
    room.retryNow();
    await settled();

    expect(clients).toHaveLength(2);
    expect(client.isClosed).toBe(true);
  });
});
