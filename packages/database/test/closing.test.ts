import { copyFile, readdir, readlink } from "node:fs/promises";
import { type Migration, openDatabase } from "@hutong/database";
import { SQLITE_ENGINE, testEngines } from "@hutong/database/testing";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";

interface Tables {
  readonly notes: { readonly id: string };
}

const NOTES: readonly Migration[] = [
  {
    name: "0001_notes",
    async up(database) {
      await sql`create table notes (id text not null primary key)`.execute(database);
    },
  },
];

describe.each(testEngines())("closing a database on $name", (engine) => {
  test("waits for the transaction that runs, which is committed", async () => {
    await using temporary = await engine.create(NOTES);
    const database = await openDatabase<Tables>(temporary.url);
    let begun = (): void => {};
    let goOn = (): void => {};
    const running = new Promise<void>((resolve) => (begun = resolve));
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    const writing = database.write(async (transaction) => {
      await transaction.insertInto("notes").values({ id: "a" }).execute();
      begun();
      await gate;
      await transaction.insertInto("notes").values({ id: "b" }).execute();
    });
    await running;

    const closing = database.close();
    goOn();
    await Promise.all([writing, closing]);

    await using again = await openDatabase<Tables>(temporary.url);
    const rows = await again.read.selectFrom("notes").select("id").orderBy("id").execute();
    expect(rows).toEqual([{ id: "a" }, { id: "b" }]);
  });

  test("waits for everything that was asked for before, more than there are connections", async () => {
    await using temporary = await engine.create(NOTES);
    const database = await openDatabase<Tables>(temporary.url);

    const writing = Array.from({ length: 15 }, (_, number) =>
      database.write((transaction) =>
        transaction
          .insertInto("notes")
          .values({ id: String(number) })
          .execute(),
      ),
    );
    const reading = database.read.selectFrom("notes").select("id").execute();
    await Promise.all([...writing, reading, database.close()]);

    await using again = await openDatabase<Tables>(temporary.url);
    expect(await again.read.selectFrom("notes").select("id").execute()).toHaveLength(15);
  });

  test("is not held up by work that failed", async () => {
    await using temporary = await engine.create(NOTES);
    const database = await openDatabase<Tables>(temporary.url);

    const writing = database.write(() => Promise.reject(new Error("changed its mind")));
    const closing = database.close();

    await expect(writing).rejects.toThrow("changed its mind");
    await closing;
  });

  test("twice is closing once", async () => {
    await using temporary = await engine.create();
    const database = await openDatabase<Tables>(temporary.url);

    const closing = database.close();

    expect(database.close()).toBe(closing);
    await closing;
  });

  test("refuses what comes after it", async () => {
    await using temporary = await engine.create(NOTES);
    const database = await openDatabase<Tables>(temporary.url);
    await database.close();

    const late = database.write((transaction) => transaction.insertInto("notes").values({ id: "a" }).execute());

    await expect(late).rejects.toThrow("destroyed");
    await expect(database.read.selectFrom("notes").select("id").execute()).rejects.toThrow("destroyed");
  });
});

test.skipIf(process.platform !== "linux")("a file is let go when its database was never used", async () => {
  await using temporary = await SQLITE_ENGINE.create();
  const path = temporary.url.slice("sqlite:".length);
  const database = await openDatabase<Tables>(temporary.url);
  expect(await openFilesAt(path)).not.toEqual([]);

  await database.close();

  expect(await openFilesAt(path)).toEqual([]);
});

test("the file of a closed database holds everything, without the log beside it", async () => {
  await using temporary = await SQLITE_ENGINE.create(NOTES);
  const path = temporary.url.slice("sqlite:".length);
  {
    await using database = await openDatabase<Tables>(temporary.url);
    await database.write((transaction) => transaction.insertInto("notes").values({ id: "a" }).execute());
  }

  await copyFile(path, `${path}.copy`);

  await using copy = await openDatabase<Tables>(`${temporary.url}.copy`);
  expect(await copy.read.selectFrom("notes").select("id").execute()).toEqual([{ id: "a" }]);
});

describe.each(testEngines().filter(({ name }) => name === "PostgreSQL"))("on $name", (engine) => {
  test("the connection of a database that was never used is closed with it", async () => {
    await using temporary = await engine.create();
    await using watcher = await openDatabase<Tables>(temporary.url);
    const others = async (): Promise<number> => {
      const { rows } = await sql`select pid from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.execute(watcher.read);
      return rows.length;
    };
    const database = await openDatabase<Tables>(temporary.url);
    expect(await others()).toBe(1);

    await database.close();

    await expect.poll(others).toBe(0);
  });
});

async function openFilesAt(path: string): Promise<readonly string[]> {
  const numbers = await readdir("/proc/self/fd");
  // The one that lists the folder is gone by now.
  const targets = await Promise.all(numbers.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => "")));
  return targets.filter((target) => target.startsWith(path));
}
