import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { testEngines } from "@hutong/database/testing";
import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { type FileStore, FileStoreError } from "../../src/files/file-store.ts";
import { openFileBench } from "./support/file-bench.ts";
import { MULTIPART, part } from "./support/form.ts";
import { canvas } from "./support/pictures.ts";

const KIB = 1_024;

describe.each(testEngines())("uploads on $name", (engine) => {
  test("an upload is answered with what was stored", async () => {
    await using bench = await openFileBench(engine);

    const file = await bench.uploaded("ada", "hello", { name: "你好.txt" });

    expect(file).toEqual({
      id: file.id,
      name: "你好.txt",
      mime: "application/octet-stream",
      size: 5,
      width: 0,
      height: 0,
      hasThumbnail: false,
    });
    expect(await (await bench.get(file.id, { userId: "ada" })).text()).toBe("hello");
    expect(await bench.stored()).toHaveLength(1);
  });

  test("the same content of one owner is stored once, under each of its names", async () => {
    await using bench = await openFileBench(engine);
    const content = randomBytes(10_000);

    const [one, two] = [await bench.uploaded("ada", content, { name: "1" }), await bench.uploaded("ada", content)];

    expect([one.name, two.name]).toEqual(["1", "a file"]);
    expect(one.id).not.toBe(two.id);
    expect(await bench.stored()).toHaveLength(1);
    await bench.uploaded("bo", content);
    expect(await bench.stored()).toHaveLength(2);
  });

  test("whoever has no session uploads nothing, whatever cookie is sent", async () => {
    await using bench = await openFileBench(engine);
    const cookie = bench.files.cookie.headerFor({ sessionId: "session-ada" }).split(";")[0] ?? "";

    const response = await fetch(`${bench.url}/api/files`, {
      method: "POST",
      headers: { cookie },
      body: new FormData(),
    });

    expect(response.status).toBe(401);
    expect((await bench.upload("expired", "x")).reason).toBe("token_expired");
  });

  test("a user who uploads too often or too much at once is told to wait", async () => {
    await using bench = await openFileBench(engine, { options: { uploadsAtOnce: 1 } });
    const slow = bench.begin("ada", MULTIPART);
    slow.write(`${part('name="file"; filename="a"')}some of it`);
    await eventually(async () => expect(await bench.stored()).toHaveLength(1));

    expect((await bench.upload("ada", "x")).reason).toBe("rate_limited");
    expect((await bench.upload("bo", "x")).status).toBe(200);
    slow.drop();
    for (let count = 1; count < 60; count++) await bench.upload("cy", "x");
    expect((await bench.upload("cy", "x")).status).toBe(200);
    expect((await bench.upload("cy", "x")).reason).toBe("rate_limited");
  });

  test("E1: a name never becomes a path", async () => {
    await using bench = await openFileBench(engine);

    const file = await bench.uploaded("ada", "x", { name: "../../../etc/passwd" });

    expect(file.name).toBe("passwd");
    expect(await bench.stored()).toEqual([expect.stringMatching(/\/files\/[0-9a-f]{2}\/[0-9a-f]{32}$/)]);
  });

  test("E5: an upload that is dropped leaves nothing behind", async () => {
    await using bench = await openFileBench(engine);
    const upload = bench.begin("ada", MULTIPART);
    upload.write(part('name="file"; filename="a"'));
    upload.write(Buffer.alloc(100 * KIB));
    await eventually(async () => expect(await bench.stored()).toHaveLength(1));

    upload.drop();

    await eventually(async () => expect(await bench.stored()).toEqual([]));
    expect(await bench.database.read.selectFrom("files").select("id").execute()).toEqual([]);
    expect(bench.failures).toEqual([]);
  });

  test.each([
    ["full", 507, "storage_full"],
    ["unavailable", 503, "unavailable"],
  ] as const)("E5: a store that is %s is told, and nothing is left", async (code, status, reason) => {
    await using bench = await openFileBench(engine, { store: new FailingStore(code) });

    const answer = await bench.upload("ada", await canvas(20, 20).png().toBuffer());

    expect([answer.status, answer.reason]).toEqual([status, reason]);
    expect(await bench.stored()).toEqual([]);
    expect(await bench.database.read.selectFrom("files").select("id").execute()).toEqual([]);
  });

  test("the store keeps exactly what was sent of a file that is no picture", async () => {
    await using bench = await openFileBench(engine);
    const content = randomBytes(300 * KIB);

    await bench.uploaded("ada", content);

    const { storage_key: key } = await bench.database.read
      .selectFrom("files")
      .select("storage_key")
      .executeTakeFirstOrThrow();
    expect((await buffer(await bench.store.open(key))).equals(content)).toBe(true);
  });
});

/** A store whose disk is not there for it. */
class FailingStore implements FileStore {
  readonly #code: "full" | "unavailable";

  constructor(code: "full" | "unavailable") {
    this.#code = code;
  }

  put(_key: string, content: { destroy(): unknown }): Promise<void> {
    content.destroy();
    return this.#fail();
  }

  open(): Promise<never> {
    return this.#fail();
  }

  exists(): Promise<never> {
    return this.#fail();
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }

  #fail(): Promise<never> {
    return Promise.reject(new FileStoreError(this.#code, "no"));
  }
}
