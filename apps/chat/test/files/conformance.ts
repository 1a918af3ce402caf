import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { type FileStore, FileStoreError } from "../../src/files/file-store.ts";

/** A store for one test, and what it keeps. */
export interface FileStoreBench extends AsyncDisposable {
  readonly store: FileStore;
  /** How many files or objects there are, drafts included. */
  count(): Promise<number>;
}

const KEY = "0123456789abcdef0123456789abcdef";
const MIB = 1_048_576;

/** What every `FileStore` promises, whatever it stands on. */
export function fileStoreConformance(name: string, open: () => Promise<FileStoreBench>): void {
  describe(`${name} is a FileStore`, () => {
    test("gives back what it was given", async () => {
      await using bench = await open();
      const content = randomBytes(5 * MIB);

      await bench.store.put(KEY, Readable.from(chunksOf(content)), content.length);

      expect((await buffer(await bench.store.open(KEY))).equals(content)).toBe(true);
    });

    test("gives a range with both of its ends", async () => {
      await using bench = await open();
      await put(bench.store, "0123456789");

      expect(await text(await bench.store.open(KEY, { first: 0, last: 0 }))).toBe("0");
      expect(await text(await bench.store.open(KEY, { first: 3, last: 6 }))).toBe("3456");
      expect(await text(await bench.store.open(KEY, { first: 9, last: 9 }))).toBe("9");
    });

    test("has a key from the end of its put to its delete", async () => {
      await using bench = await open();

      const before = await bench.store.exists(KEY);
      await put(bench.store, "content");
      const between = await bench.store.exists(KEY);
      await bench.store.delete(KEY);

      expect([before, between, await bench.store.exists(KEY)]).toEqual([false, true, false]);
      expect(await bench.count()).toBe(0);
    });

    test("says that a missing key is missing, and deletes it without a word", async () => {
      await using bench = await open();

      await bench.store.delete(KEY);

      expect(await codeOf(bench.store.open(KEY))).toBe("missing");
    });

    test("keeps nothing of a content that breaks off", async () => {
      await using bench = await open();

      await expect(bench.store.put(KEY, breakingOff(), 2 * MIB)).rejects.toThrow("broke off");

      expect(await bench.store.exists(KEY)).toBe(false);
      expect(await bench.count()).toBe(0);
    });

    test.each([
      ["shorter", 9],
      ["longer", 11],
    ])("keeps nothing of a content that was said to be %s", async (_word, size) => {
      await using bench = await open();

      await expect(bench.store.put(KEY, Readable.from([Buffer.from("0123456789")]), size)).rejects.toThrow();

      expect(await bench.store.exists(KEY)).toBe(false);
      expect(await bench.count()).toBe(0);
    });

    test("lets a reader stop in the middle", async () => {
      await using bench = await open();
      await put(bench.store, "x".repeat(MIB));
      const stream = await bench.store.open(KEY);
      const ended = new Promise((resolve) => void stream.once("close", resolve));

      stream.destroy();
      await ended;

      expect((await buffer(await bench.store.open(KEY))).length).toBe(MIB);
    });

    test.each(["../../etc/passwd", "", ".", KEY.toUpperCase(), `${KEY}0`, `${KEY.slice(0, 31)}/`])(
      "refuses the key %j, which is none",
      async (key) => {
        await using bench = await open();
        const { store } = bench;

        await expect(store.put(key, Readable.from([Buffer.from("x")]), 1)).rejects.toThrow(TypeError);
        await expect(store.open(key)).rejects.toThrow(TypeError);
        await expect(store.exists(key)).rejects.toThrow(TypeError);
        await expect(store.delete(key)).rejects.toThrow(TypeError);
      },
    );
  });
}

async function put(store: FileStore, content: string): Promise<void> {
  await store.put(KEY, Readable.from([Buffer.from(content)]), content.length);
}

function* chunksOf(content: Buffer): Iterable<Buffer> {
  for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
}

function breakingOff(): Readable {
  return Readable.from(
    (function* () {
      yield Buffer.alloc(MIB);
      throw new Error("the content broke off");
    })(),
  );
}

async function codeOf(opening: Promise<unknown>): Promise<string> {
  const error = await opening.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return error instanceof FileStoreError ? error.code : String(error);
}
