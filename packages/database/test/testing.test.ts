import { existsSync } from "node:fs";
import { dirname } from "node:path";
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

describe.each(testEngines())("databases of tests on $name", (engine) => {
  test("whoever takes one after another finds its tables empty", async () => {
    for (const id of ["first", "second"]) {
      await using temporary = await engine.create(NOTES);
      await using database = await openDatabase<Tables>(temporary.url);

      await database.write((transaction) => transaction.insertInto("notes").values({ id }).execute());

      expect(await database.read.selectFrom("notes").selectAll().execute()).toEqual([{ id }]);
    }
  });

  test("two at a time are two", async () => {
    await using one = await engine.create(NOTES);
    await using other = await engine.create(NOTES);
    await using oneDatabase = await openDatabase<Tables>(one.url);
    await using otherDatabase = await openDatabase<Tables>(other.url);

    await oneDatabase.write((transaction) => transaction.insertInto("notes").values({ id: "a" }).execute());

    expect(await otherDatabase.read.selectFrom("notes").selectAll().execute()).toEqual([]);
  });

  test("other steps under the same names make another database", async () => {
    const renamed: readonly Migration[] = [
      {
        name: "0001_notes",
        async up(database) {
          await sql`create table letters (id text not null primary key)`.execute(database);
        },
      },
    ];
    await using before = await engine.create(NOTES);
    await using after = await engine.create(renamed);
    await using database = await openDatabase<Record<string, never>>(after.url);

    const tables = (await database.read.introspection.getTables()).map(({ name }) => name);

    expect(before.url).not.toBe(after.url);
    expect(tables).toContain("letters");
    expect(tables).not.toContain("notes");
  });
});

test("suites run on PostgreSQL where the environment names a server, and on SQLite anyway", () => {
  const url = "postgres://hutong@127.0.0.1:5432/postgres";

  expect(testEngines({}).map(({ name }) => name)).toEqual(["SQLite"]);
  expect(testEngines({ HUTONG_TEST_POSTGRES_URL: url }).map(({ name }) => name)).toEqual(["SQLite", "PostgreSQL"]);
});

test("the file of a test goes with the test", async () => {
  const [engine] = testEngines({});
  const temporary = await engine?.create(NOTES);
  const path = temporary?.url.slice("sqlite:".length) ?? "";
  expect(existsSync(path)).toBe(true);

  await temporary?.[Symbol.asyncDispose]();

  expect(existsSync(dirname(path))).toBe(false);
});
