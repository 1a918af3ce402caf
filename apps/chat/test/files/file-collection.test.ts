import { utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { testEngines } from "@hutong/database/testing";
import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { fileReferences } from "../../src/files/file-references.ts";
import { addPeople, DAY_MS, NOW } from "../support/people.ts";
import { type FileBench, openFileBench } from "./support/file-bench.ts";
import { canvas } from "./support/pictures.ts";
import { group, recall, show } from "./support/shown-files.ts";

async function idsOf({ database }: FileBench): Promise<string[]> {
  return (await database.read.selectFrom("files").select("id").orderBy("id").execute()).map(({ id }) => id);
}

describe.each(testEngines())("collection on $name", (engine) => {
  test("a file that nothing shows goes after a day, content and thumbnail with it", async () => {
    await using bench = await openFileBench(engine);
    await bench.uploaded("ada", await canvas(20, 20).png().toBuffer());

    await bench.clock.advance(DAY_MS);
    await bench.files.collection.collect();
    const young = await bench.stored();
    await bench.clock.advance(1);
    await bench.files.collection.collect();

    expect(young).toHaveLength(2);
    expect(await bench.stored()).toEqual([]);
    expect(await idsOf(bench)).toEqual([]);
  });

  test("an end does not wait for the files that are still to be looked at", async () => {
    await using bench = await openFileBench(engine);
    for (const content of ["one", "two", "three"]) await bench.uploaded("ada", content);
    await bench.clock.advance(2 * DAY_MS);

    void bench.files.collection.collect();
    await bench.files.close();

    expect(await idsOf(bench)).toHaveLength(3);
  });

  test("what a message, a profile or a conversation shows stays until it does no longer", async () => {
    await using bench = await openFileBench(engine);
    const { database } = bench;
    await addPeople(database, ["ada"]);
    const id = await group(database, "g", ["ada"]);
    const picture = await canvas(20, 20).png().toBuffer();
    const sent = await bench.uploaded("ada", "x");
    const [face, sign] = [
      await bench.uploaded("ada", picture, { purpose: "profile" }),
      await bench.uploaded("ada", picture, { purpose: "profile" }),
    ];
    const seq = await show(database, id, { from: "ada", fileIds: [sent.id] });
    await database.write((transaction) => transaction.updateTable("users").set({ avatar: face.id }).execute());
    await database.write((transaction) => transaction.updateTable("conversations").set({ avatar: sign.id }).execute());

    await bench.clock.advance(2 * DAY_MS);
    await bench.files.collection.collect();
    const kept = await idsOf(bench);
    await recall(database, id, seq);
    await database.write((transaction) => transaction.updateTable("users").set({ avatar: null }).execute());
    await bench.files.collection.collect();

    expect(kept).toEqual([sent.id, face.id, sign.id].sort());
    expect(await idsOf(bench)).toEqual([sign.id]);
  });

  test("content that files share goes with the last of them", async () => {
    await using bench = await openFileBench(engine);
    await addPeople(bench.database, ["ada"]);
    const id = await group(bench.database, "g", ["ada"]);
    const [one, two] = [await bench.uploaded("ada", "same"), await bench.uploaded("ada", "same")];
    const seq = await show(bench.database, id, { from: "ada", fileIds: [two.id] });
    await bench.clock.advance(2 * DAY_MS);

    await bench.files.collection.collect();

    expect((await bench.get(one.id, { userId: "ada" })).status).toBe(404);
    expect(await (await bench.get(two.id, { userId: "ada" })).text()).toBe("same");
    await recall(bench.database, id, seq);
    await bench.files.collection.collect();
    expect(await bench.stored()).toEqual([]);
  });

  test("a file is kept that is being sent while the collection looks", async () => {
    await using bench = await openFileBench(engine);
    const file = await bench.uploaded("ada", "x");
    await bench.clock.advance(2 * DAY_MS);
    let collected: Promise<void> = Promise.resolve();

    await bench.database.write(async (transaction) => {
      const place = { conversationId: "g", seq: 1, fileIds: [file.id], ownerId: "ada" };
      await fileReferences.referenceFiles(transaction, place);
      collected = bench.files.collection.collect();
      // The collection sees no reference yet, and waits for the file.
      await bench.clock.settle();
    });
    await collected;

    expect(await idsOf(bench)).toEqual([file.id]);
    expect((await bench.get(file.id, { userId: "ada" })).status).toBe(200);
  });

  test("works through more files than it looks at in one statement", async () => {
    await using bench = await openFileBench(engine);
    const row = {
      ...{ owner_id: "ada", sha256: "", size: 1, mime: "text/plain", name: "x", width: 0, height: 0 },
      ...{ thumbnail_key: null, purpose: "message" as const, created_at: NOW },
    };
    const rows = Array.from({ length: 1_001 }, (_, place) => ({
      ...row,
      id: `file-${place}`,
      storage_key: place.toString(16).padStart(32, "0"),
    }));
    await bench.database.write(async (transaction) => {
      for (let from = 0; from < rows.length; from += 500)
        await transaction
          .insertInto("files")
          .values(rows.slice(from, from + 500))
          .execute();
    });
    await bench.clock.advance(2 * DAY_MS);

    await bench.files.collection.collect();

    expect(await idsOf(bench)).toEqual([]);
  });

  test("collects every hour once it was started, and no more when it was closed", async () => {
    await using bench = await openFileBench(engine);
    await bench.uploaded("ada", "x");
    bench.files.start();

    await bench.clock.advance(DAY_MS);
    await bench.files.collection.collect();
    const young = await bench.stored();
    await bench.clock.advance(3_600_000);

    expect(young).toHaveLength(1);
    await eventually(async () => expect(await bench.stored()).toEqual([]));
    await bench.files.close();
    expect(bench.clock.timerCount).toBe(0);
  });

  test("takes away what a crash has left half written", async () => {
    await using bench = await openFileBench(engine);
    await bench.uploaded("ada", "x");
    const [content = ""] = await bench.stored();
    const drafts = `${dirname(dirname(dirname(content)))}/drafts`;
    await writeFile(`${drafts}/old`, "half");
    await writeFile(`${drafts}/new`, "half");
    await utimes(`${drafts}/old`, (NOW - 2 * DAY_MS) / 1_000, (NOW - 2 * DAY_MS) / 1_000);

    await bench.files.collection.collect();

    expect(await bench.stored()).toEqual([content, `${drafts}/new`].sort());
  });
});
