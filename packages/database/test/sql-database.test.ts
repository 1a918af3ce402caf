import { type Migration, openDatabase } from "@hutong/database";
import { testEngines } from "@hutong/database/testing";
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

/** As PostgreSQL says that it has ended one of two transactions. */
function deadlock(): Error {
  return Object.assign(new Error("deadlock detected"), { code: "40P01" });
}

describe.each(testEngines())("a transaction on $name", (engine) => {
  test("that was aborted for a deadlock is run again, and leaves one row", async () => {
    await using temporary = await engine.create(NOTES);
    await using database = await openDatabase<Tables>(temporary.url);
    let attempts = 0;

    await database.write(async (transaction) => {
      await transaction.insertInto("notes").values({ id: "a" }).execute();
      if (++attempts < 3) throw deadlock();
    });

    expect(attempts).toBe(3);
    expect(await database.read.selectFrom("notes").selectAll().execute()).toEqual([{ id: "a" }]);
  });

  test("that is aborted a third time fails, and leaves nothing", async () => {
    await using temporary = await engine.create(NOTES);
    await using database = await openDatabase<Tables>(temporary.url);
    let attempts = 0;

    const writing = database.write(async (transaction) => {
      attempts++;
      await transaction.insertInto("notes").values({ id: "a" }).execute();
      throw deadlock();
    });

    await expect(writing).rejects.toThrow("deadlock detected");
    expect(attempts).toBe(3);
    expect(await database.read.selectFrom("notes").selectAll().execute()).toEqual([]);
  });

  test("that fails for another reason is not run again", async () => {
    await using temporary = await engine.create(NOTES);
    await using database = await openDatabase<Tables>(temporary.url);
    let attempts = 0;

    const writing = database.write(() => {
      attempts++;
      return Promise.reject(new Error("changed its mind"));
    });

    await expect(writing).rejects.toThrow("changed its mind");
    expect(attempts).toBe(1);
  });

  test("gives what its work gives", async () => {
    await using temporary = await engine.create(NOTES);
    await using database = await openDatabase<Tables>(temporary.url);

    const id = await database.write(async (transaction) => {
      const { id } = await transaction
        .insertInto("notes")
        .values({ id: "a" })
        .returning("id")
        .executeTakeFirstOrThrow();
      return `note ${id}`;
    });

    expect(id).toBe("note a");
  });

  test("tells how many rows it changed", async () => {
    await using temporary = await engine.create(NOTES);
    await using database = await openDatabase<Tables>(temporary.url);
    await database.write((transaction) =>
      transaction
        .insertInto("notes")
        .values(["a", "b", "c"].map((id) => ({ id })))
        .execute(),
    );

    const { numDeletedRows } = await database.write((transaction) =>
      transaction.deleteFrom("notes").where("id", ">", "a").executeTakeFirstOrThrow(),
    );

    expect(numDeletedRows).toBe(2n);
  });

  test("has nothing to stream", async () => {
    await using temporary = await engine.create(NOTES);
    await using database = await openDatabase<Tables>(temporary.url);

    const reading = database.read.selectFrom("notes").selectAll().stream().next();

    await expect(reading).rejects.toThrow("stream");
  });
});
