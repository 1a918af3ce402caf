import { type KeyValueStorage, memoryStorage } from "@hutong/client";
import { describe, expect, test } from "vitest";

import { Keeper, type KeeperOptions } from "../src/keeper.ts";
import { LiveHarness, seqsOf } from "./support/live-harness.ts";
import { BO, conversationOf, userOf } from "./support/scripted-server.ts";

function keeperOf(harness: LiveHarness, storage: KeyValueStorage, change: Partial<KeeperOptions> = {}): Keeper {
  return new Keeper({
    storage,
    book: harness.book,
    clock: harness.clock,
    limits: { conversations: 3, logs: 2, messages: 80 },
    position: () => ({ userSeq: 9, since: 5 }),
    hasMore: () => false,
    ...change,
  });
}

/** What the next run begins with. */
async function nextRun(storage: KeyValueStorage) {
  const harness = new LiveHarness();
  const keeper = keeperOf(harness, storage);
  const position = await keeper.restore();
  return { harness, keeper, position };
}

describe("Keeper", () => {
  test("a later run shows the conversations and their newest messages before the server answers", async () => {
    const storage = memoryStorage();
    const before = new LiveHarness();
    before.book.putUsers([userOf(BO), userOf("nobody we know")]);
    before.hold(500);
    await keeperOf(before, storage).write();

    const { harness, keeper, position } = await nextRun(storage);
    const entry = harness.book.entry("c1");
    if (entry === undefined) throw new TypeError("the conversation was not kept");
    await keeper.restoreMessages(entry);

    expect(position).toEqual({ userSeq: 9, since: 5 });
    expect([...harness.book.users.value.keys()]).toEqual([BO]);
    expect(entry.log.ranges).toEqual([{ lo: 421, hi: 500 }]);
    expect(seqsOf(entry)).toHaveLength(80);
  });

  test("what the server brought first is not replaced by what was kept", async () => {
    const storage = memoryStorage();
    const before = new LiveHarness();
    before.hold(2);
    await keeperOf(before, storage).write();
    const harness = new LiveHarness();
    const entry = harness.hold(9);

    await keeperOf(harness, storage).restoreMessages(entry);

    expect(entry.log.ranges).toEqual([{ lo: 1, hi: 9 }]);
  });

  test("changes are collected, and a log that did not change is not written again", async () => {
    const storage = memoryStorage();
    const harness = new LiveHarness();
    harness.hold(3);
    const keeper = keeperOf(harness, storage);

    keeper.touch();
    keeper.touch();
    await harness.clock.advance(500);
    expect(await storage.keys("log:")).toEqual(["log:c1"]);
    await storage.delete("log:c1");
    await keeper.write();

    expect(await storage.keys("")).toEqual(["state"]);
  });

  test("everything is handed to the storage at once, because the run may end in a moment", async () => {
    const harness = new LiveHarness();
    harness.hold(3);
    const keys: string[] = [];
    const set = async (key: string): Promise<void> => void keys.push(key);

    const written = keeperOf(harness, { ...memoryStorage(), set }).write();

    expect(keys).toEqual(["state", "log:c1"]);
    await written;
  });

  test("from a part of the list the next run begins the list anew", async () => {
    const storage = memoryStorage();
    const harness = new LiveHarness();
    harness.hold(1);
    await keeperOf(harness, storage, { hasMore: () => true }).write();

    expect((await nextRun(storage)).position).toEqual({ userSeq: 9, since: 0 });
  });

  test("of more conversations than the limit the first of the list are kept", async () => {
    const storage = memoryStorage();
    const before = new LiveHarness();
    for (const at of [1, 2, 3, 4]) before.book.putConversation(conversationOf({ id: `c${at}`, lastMessageAt: at }));
    await keeperOf(before, storage).write();

    const { harness, position } = await nextRun(storage);

    expect(harness.book.list.value.map(({ id }) => id)).toEqual(["c4", "c3", "c2"]);
    expect(position).toEqual({ userSeq: 9, since: 0 });
  });

  test("logs of conversations that are no longer used go", async () => {
    const storage = memoryStorage();
    const before = new LiveHarness();
    for (const at of [1, 2, 3]) before.book.putConversation(conversationOf({ id: `c${at}`, lastMessageAt: at }));
    await keeperOf(before, storage).write();
    for (const id of ["c1", "c2", "c3", "c9"]) await storage.set(`log:${id}`, "{}");

    await nextRun(storage);

    expect(await storage.keys("log:")).toEqual(["log:c2", "log:c3"]);
  });

  test("a broken text is as good as none", async () => {
    const storage = memoryStorage();
    await storage.set("state", '{"position":{},"conversations":5}');
    await storage.set("log:c1", '{"messages":[],"lo":1}');
    const { harness, keeper, position } = await nextRun(storage);
    const entry = harness.book.putConversation(conversationOf());

    await keeper.restoreMessages(entry);

    expect([position, entry.log.newest]).toEqual([undefined, undefined]);
  });

  test("a storage that fails disturbs nobody", async () => {
    const fail = async (): Promise<never> => Promise.reject(new Error("no room"));
    const harness = new LiveHarness();
    const keeper = keeperOf(harness, { get: fail, set: fail, delete: fail, keys: fail });

    expect(await keeper.restore()).toBe(undefined);
    await keeper.restoreMessages(harness.hold(1));
    await keeper.write();
  });
});
