import { memoryStorage } from "@hutong/client";
import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";

import type { OutboxEntry } from "../../src/outbox/outbox-entry.ts";
import { OutboxStore, type PendingFiles } from "../../src/outbox/outbox-store.ts";

/** Files are words here. `log` says what was done, in order. */
function createFiles(log: string[] = []): PendingFiles<string> & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    upload: () => Promise.reject(new Error("nothing is uploaded here")),
    put: async (id, file) => {
      // A copy takes its time.
      for (let turns = 0; turns < 5; turns++) await Promise.resolve();
      log.push(`put ${id}`);
      kept.set(id, file);
    },
    get: async (id) => kept.get(id),
    delete: async (id) => {
      log.push(`delete ${id}`);
      kept.delete(id);
    },
  };
}

function entryOf(number: number, change: Partial<OutboxEntry<string>> = {}): OutboxEntry<string> {
  return {
    clientMessageId: `m${number}`,
    conversationId: "c1",
    createdAt: number,
    state: { kind: "waiting" },
    content: { type: "text", body: { text: `text ${number}` } },
    ...change,
  };
}

describe("OutboxStore", () => {
  test("what was on its way waits again in the next run, the oldest first; a refusal stays one", async () => {
    const storage = memoryStorage();
    const store = new OutboxStore(storage, createFiles());
    store.save(entryOf(2, { state: { kind: "sending" } }));
    store.save(entryOf(1, { state: { kind: "refused", code: "muted" } }));
    await eventually(async () => expect(await storage.keys("outbox:")).toHaveLength(2));

    const entries = await new OutboxStore(storage, createFiles()).load();

    expect(entries.map(({ clientMessageId, state }) => [clientMessageId, state])).toEqual([
      ["m1", { kind: "refused", code: "muted" }],
      ["m2", { kind: "waiting" }],
    ]);
  });

  test("a file is kept beside its entry until the entry has content", async () => {
    const storage = memoryStorage();
    const files = createFiles();
    const store = new OutboxStore(storage, files);

    store.save(entryOf(1, { content: undefined, file: "a picture" }));
    await eventually(() => expect([...files.kept]).toEqual([["m1", "a picture"]]));
    expect(await storage.get("outbox:m1")).not.toContain("a picture");
    store.save(entryOf(1, { file: "a picture" }));

    await eventually(() => expect([...files.kept]).toEqual([]));
  });

  test("a message that is taken back while its file is being kept leaves nothing", async () => {
    const storage = memoryStorage();
    const log: string[] = [];
    const files = createFiles(log);
    const store = new OutboxStore(storage, files);

    store.save(entryOf(1, { content: undefined, file: "a picture" }));
    store.delete("m1");
    await eventually(() => expect(log).toEqual(["put m1", "delete m1"]));

    expect([...files.kept, ...(await storage.keys(""))]).toEqual([]);
  });

  test("clearing takes the files along, and nothing of others", async () => {
    const storage = memoryStorage();
    const files = createFiles();
    await storage.set("draft:c1", "half a sen");
    const store = new OutboxStore(storage, files);
    store.save(entryOf(1, { content: undefined, file: "a picture" }));
    store.save(entryOf(2));
    await eventually(() => expect(files.kept.size).toBe(1));

    await store.clear();

    expect([...files.kept, ...(await storage.keys(""))]).toEqual(["draft:c1"]);
  });

  test("a storage that fails loses nothing but the next run", async () => {
    const fail = async (): Promise<never> => Promise.reject(new Error("no room"));
    const store = new OutboxStore({ get: fail, set: fail, delete: fail, keys: fail }, createFiles());

    store.save(entryOf(1));
    store.delete("m1");
    await store.clear();

    expect(await store.load()).toEqual([]);
  });

  test("without files a message that had one comes back without it", async () => {
    const storage = memoryStorage();
    new OutboxStore(storage, createFiles()).save(entryOf(1, { content: undefined, file: "a picture" }));
    await eventually(async () => expect(await storage.keys("outbox:")).toHaveLength(1));

    const entries = await new OutboxStore<string>(storage, undefined).load();

    expect(entries).toMatchObject([{ clientMessageId: "m1", file: undefined }]);
  });
});
