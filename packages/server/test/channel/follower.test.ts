import { FakeClock } from "@hutong/testing";
import type { RecoverRequest, StreamPosition } from "@hutong/protocol";
import { describe, expect, test } from "vitest";
import { Follower } from "../../src/channel/follower.ts";
import type { HistoryQuery, HistorySlice, HistoryStore } from "../../src/history/history-store.ts";
import { MemoryHistoryStore } from "../../src/history/memory-history-store.ts";
import type { Broadcast } from "../../src/pubsub/envelope.ts";

const RETENTION = { maxCount: 1_000, maxAgeMs: 3_600_000 };

/** A store whose reads wait until the test lets them go. */
class SlowStore implements HistoryStore {
  readonly memory = new MemoryHistoryStore({ clock: new FakeClock() });
  readonly waiting: (() => void)[] = [];

  append(...parameters: Parameters<MemoryHistoryStore["append"]>) {
    return this.memory.append(...parameters);
  }

  async read(topic: string, query: HistoryQuery): Promise<HistorySlice> {
    const slice = this.memory.read(topic, query);
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    return slice;
  }

  async release(): Promise<void> {
    this.waiting.shift()?.();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }

  close(): Promise<void> {
    return this.memory.close();
  }
}

function start(store: HistoryStore | undefined = new MemoryHistoryStore({ clock: new FakeClock() })) {
  const given: unknown[] = [];
  const room = { isFull: false, waiters: [] as (() => void)[] };
  const follower = new Follower({
    topic: "room:1",
    store,
    maxBacklog: 6,
    deliver: ({ payload }) => given.push(payload),
    hasRoom: () => !room.isFull,
    drained: () => (room.isFull ? new Promise((resolve) => room.waiters.push(resolve)) : Promise.resolve()),
  });
  let count = 0;
  const publish = async (times = 1): Promise<void> => {
    for (let n = 0; n < times; n++) {
      count++;
      const broadcast: Broadcast = { topic: "room:1", event: "said", payload: count };
      const stamp = await store?.append("room:1", { id: `id-${count}`, event: "said", payload: count }, RETENTION);
      const stamped = stamp === undefined ? broadcast : { ...broadcast, stamp };
      if (!follower.isLive) follower.hold(stamped);
      else {
        if (stamp !== undefined) follower.passed(stamp);
        given.push(count);
      }
    }
  };
  const empty = async (): Promise<void> => {
    room.isFull = false;
    for (const resolve of room.waiters.splice(0)) resolve();
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return { follower, given, publish, room, empty, store };
}

const after = (position: StreamPosition): RecoverRequest => ({ kind: "position", position });

describe("without history", () => {
  test("what came before the join was answered is given afterwards, in order", async () => {
    const { follower, given, publish } = start(undefined);
    const withoutStore = new Follower({
      topic: "room:1",
      store: undefined,
      maxBacklog: 4,
      deliver: ({ payload }) => given.push(payload),
      hasRoom: () => true,
      drained: () => Promise.resolve(),
    });
    withoutStore.hold({ topic: "room:1", event: "said", payload: "early" });

    const result = await withoutStore.follow();

    expect(result).toBe("live");
    expect(given).toEqual(["early"]);
    expect(withoutStore.isLive).toBe(true);
    await publish();
    expect(follower.isLive).toBe(false);
  });

  test("a request for history hears that there is none", async () => {
    const follower = new Follower({
      topic: "room:1",
      store: undefined,
      maxBacklog: 4,
      deliver: () => {},
      hasRoom: () => true,
      drained: () => Promise.resolve(),
    });

    const report = await follower.prepare({ kind: "last", count: 3 });

    expect(report).toEqual({ recovered: false, reason: "disabled", position: { epoch: "", offset: 0, id: "" } });
    expect(await follower.prepare(undefined)).toBeUndefined();
  });
});

describe("a join", () => {
  test("without a position starts at the newest message", async () => {
    const { follower, given, publish } = start();
    await publish(2);
    given.length = 0;

    const report = await follower.prepare(undefined);
    await follower.follow();
    await publish();

    expect(report).toMatchObject({ recovered: false, reason: "fresh", position: { offset: 2, id: "id-2" } });
    expect(given).toEqual([3]);
  });

  test("with a position is given what it missed, then what came meanwhile, once", async () => {
    const store = new SlowStore();
    const { follower, given, publish } = start(store);
    await publish(3);
    const { top } = store.memory.read("room:1", { kind: "last", limit: 0 });
    const left = { ...top, offset: 1, id: "id-1" };

    const preparing = follower.prepare(after(left));
    await publish(2);
    await store.release();
    const report = await preparing;
    const following = follower.follow();
    await store.release();

    expect(report).toEqual({ recovered: true, reason: "ok", position: left });
    expect(await following).toBe("live");
    expect(given).toEqual([2, 3, 4, 5]);
  });

  test("reads again when more came meanwhile than may wait", async () => {
    const store = new SlowStore();
    const { follower, given, publish } = start(store);
    await publish(1);
    const { top } = store.memory.read("room:1", { kind: "last", limit: 0 });

    const preparing = follower.prepare(after(top));
    await publish(9);
    await store.release();
    await preparing;
    const following = follower.follow();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    await store.release();

    expect(await following).toBe("live");
    expect(given).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test("of another epoch starts at the newest message and says so", async () => {
    const { follower, given, publish } = start();
    await publish(2);

    const report = await follower.prepare(after({ epoch: "other", offset: 1, id: "id-1" }));
    await follower.follow();

    expect(report).toMatchObject({ recovered: false, reason: "epoch", position: { offset: 2 } });
    expect(given).toEqual([]);
  });

  test("that asks for the latest is given them, and where they begin", async () => {
    const { follower, given, publish } = start();
    await publish(5);

    const report = await follower.prepare({ kind: "last", count: 2 });
    await follower.follow();

    expect(report).toMatchObject({ recovered: false, reason: "partial", position: { offset: 3, id: "" } });
    expect(given).toEqual([4, 5]);
  });

  test("that misses more than a page is given the next one when the client has room", async () => {
    const { follower, given, publish, room, empty, store } = start();
    await publish(600);
    const slice = await store?.read("room:1", { kind: "last", limit: 0 });
    const epoch = slice?.top.epoch ?? "";

    await follower.prepare(after({ epoch, offset: 0, id: "" }));
    room.isFull = true;
    const following = follower.follow();
    // A page may be larger than the client's queue: it is left off where there is no more room.
    expect(given).toEqual([1]);
    await empty();

    expect(await following).toBe("live");
    expect(given).toEqual(Array.from({ length: 600 }, (_, index) => index + 1));
  });
});

describe("a client that lags", () => {
  test("is given everything from the history once it has room, in order, once", async () => {
    const { follower, given, publish, room, empty } = start();
    await follower.prepare(undefined);
    await follower.follow();
    await publish(3);
    given.length = 1; // the queue left out what followed the first message

    room.isFull = true;
    const following = follower.lag(1);
    await publish(2);
    expect(given).toEqual([1]);
    await empty();

    expect(await following).toBe("live");
    expect(given).toEqual([1, 2, 3, 4, 5]);
  });

  test("is given again what was left out while the history was being read", async () => {
    const store = new SlowStore();
    const { follower, given, publish } = start(store);
    await publish(4);
    given.length = 0;
    const { top } = store.memory.read("room:1", { kind: "last", limit: 0 });
    const preparing = follower.prepare(after({ ...top, offset: 1, id: "id-1" }));
    await publish(9); // more than may wait, so that the store is read a second time
    await store.release();
    await preparing;
    const following = follower.follow();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    given.length = 2; // the queue left out what followed the third message

    const isBehind = await follower.lag(3);
    await store.release();
    await store.release();

    expect(isBehind).toBe("ended");
    expect(await following).toBe("live");
    expect(given).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  });

  test("is lost when the history no longer reaches it", async () => {
    const clock = new FakeClock();
    const store = new MemoryHistoryStore({ clock });
    const { follower, room, empty } = start(store);
    const append = (n: number) =>
      store.append("room:1", { id: `x-${n}`, event: "said", payload: n }, { maxCount: 2, maxAgeMs: 9_000 });
    await follower.prepare(undefined);
    await follower.follow();
    follower.passed(append(1));

    room.isFull = true;
    const following = follower.lag(0);
    for (let n = 2; n < 9; n++) append(n);
    await empty();

    expect(await following).toBe("lost");
  });

  test("that is gone is not given anything", async () => {
    const { follower, given, publish, room, empty } = start();
    await follower.prepare(undefined);
    await follower.follow();
    await publish(1);

    room.isFull = true;
    const following = follower.lag(0);
    follower.end();
    await empty();

    expect(await following).toBe("ended");
    expect(given).toEqual([1]);
  });
});

describe("a client that asked for no history", () => {
  test("and reads what waited for its join too slowly is given it again", async () => {
    const { follower, given, publish } = start();
    await publish(3);
    await follower.follow();

    await follower.lag(1);

    expect(given).toEqual([1, 2, 3, 2, 3]);
  });

  test("is given all that waited for its join, even if it is more than may wait", async () => {
    const { follower, given, publish } = start();
    await publish(9);

    const result = await follower.follow();
    await publish(1);

    expect([result, given]).toEqual(["live", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]);
  });
});
