import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import {
  type Database,
  DatabaseError,
  isUniqueViolation,
  migrate,
  type Migration,
  migrationState,
  openDatabase,
} from "../src/index.ts";
import { testEngines } from "../src/testing.ts";

interface Tables {
  readonly rooms: { readonly name: string; readonly visits: number };
}

const FIRST: Migration = {
  name: "0001_rooms",
  async up(database) {
    await database.schema
      .createTable("rooms")
      .addColumn("name", "text", (column) => column.primaryKey())
      .addColumn("visits", "bigint", (column) => column.notNull())
      .execute();
  },
};

describe.each(testEngines())("a database on $name", (engine) => {
  async function withDatabase(work: (database: Database<Tables>, url: string) => Promise<void>): Promise<void> {
    await using temporary = await engine.create();
    await using database = await openDatabase<Tables>(temporary.url);
    await migrate(database, [FIRST]);
    await work(database, temporary.url);
  }

  test("gives large counters back as numbers", () =>
    withDatabase(async (database) => {
      const visits = 1_763_640_000_000;
      await database.write((transaction) =>
        transaction.insertInto("rooms").values({ name: "lobby", visits }).execute(),
      );
      const rows = await database.read.selectFrom("rooms").selectAll().execute();
      expect(rows).toEqual([{ name: "lobby", visits: 1_763_640_000_000 }]);
    }));

  test("undoes a transaction whose work rejects", () =>
    withDatabase(async (database) => {
      const failure = database.write(async (transaction) => {
        await transaction.insertInto("rooms").values({ name: "lobby", visits: 1 }).execute();
        throw new Error("changed my mind");
      });
      await expect(failure).rejects.toThrow("changed my mind");
      expect(await database.read.selectFrom("rooms").selectAll().execute()).toEqual([]);
    }));

  test("keeps concurrent transactions apart", () =>
    withDatabase(async (database) => {
      await database.write((transaction) =>
        transaction.insertInto("rooms").values({ name: "lobby", visits: 0 }).execute(),
      );
      const visit = (): Promise<unknown> =>
        database.write((transaction) =>
          transaction
            .updateTable("rooms")
            .set({ visits: sql`visits + 1` })
            .where("name", "=", "lobby")
            .execute(),
        );
      await Promise.all(Array.from({ length: 50 }, visit));
      expect(await database.read.selectFrom("rooms").select("visits").execute()).toEqual([{ visits: 50 }]);
    }));

  test("tells a broken unique key from other failures", () =>
    withDatabase(async (database) => {
      const insert = (): Promise<unknown> =>
        database.write((transaction) => transaction.insertInto("rooms").values({ name: "lobby", visits: 1 }).execute());
      await insert();
      const error: unknown = await insert().catch((reason: unknown) => reason);
      expect(isUniqueViolation(error)).toBe(true);
      const other: unknown = await database.read
        .selectFrom("rooms")
        .select(sql`nowhere`.as("x"))
        .execute()
        .catch((reason: unknown) => reason);
      expect(other).toBeInstanceOf(Error);
      expect(isUniqueViolation(other)).toBe(false);
    }));

  test("applies each migration once, also when two programs start together", async () => {
    await using temporary = await engine.create();
    await using one = await openDatabase<Tables>(temporary.url);
    await using other = await openDatabase<Tables>(temporary.url);
    expect(await migrationState(one, [FIRST])).toEqual({ pending: ["0001_rooms"], unknown: [] });
    const applied = await Promise.all([migrate(one, [FIRST]), migrate(other, [FIRST])]);
    expect(applied.flat()).toEqual(["0001_rooms"]);
    expect(await migrationState(one, [FIRST])).toEqual({ pending: [], unknown: [] });
  });

  test("undoes a migration that fails halfway", async () => {
    await using temporary = await engine.create();
    await using database = await openDatabase<Tables>(temporary.url);
    const broken: Migration = {
      name: "0002_broken",
      async up(transaction, kind) {
        await transaction.schema.createTable("halfway").addColumn("id", "text").execute();
        await sql.raw("select nothing from nowhere").execute(transaction);
        expect.unreachable(kind);
      },
    };
    await expect(migrate(database, [FIRST, broken])).rejects.toThrow(DatabaseError);
    const tables = await database.read.introspection.getTables();
    expect(tables.map(({ name }) => name)).not.toContain("halfway");
  });

  test("refuses a database that a newer program has migrated", () =>
    withDatabase(async (database) => {
      await expect(migrate(database, [])).rejects.toThrow(
        "The database has schema steps that this program does not know (0001_rooms); start the version that made them.",
      );
    }));
});

test("SQLite refuses writes through its reader", async () => {
  const [engine] = testEngines();
  await using temporary = await (engine ?? expect.unreachable()).create();
  await using database = await openDatabase<Tables>(temporary.url);
  await migrate(database, [FIRST]);
  await expect(database.read.insertInto("rooms").values({ name: "lobby", visits: 1 }).execute()).rejects.toThrow(
    "readonly",
  );
});

test.each([
  ["mysql://root:secret@127.0.0.1/chat", "this one with mysql"],
  ["chat.db", "this one with nothing known"],
])("refuses the URL %s without repeating it", async (url, reason) => {
  const error: unknown = await openDatabase(url).catch((refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(DatabaseError);
  expect(String(error)).toContain(reason);
  expect(String(error)).not.toContain("secret");
});

test("a PostgreSQL that does not answer is named without its password", async () => {
  const error: unknown = await openDatabase("postgres://hutong:secret@127.0.0.1:1/chat").catch(
    (refusal: unknown) => refusal,
  );
  expect(error).toBeInstanceOf(DatabaseError);
  expect(String(error)).toContain("PostgreSQL at 127.0.0.1:1/chat cannot be used");
  expect(String(error)).not.toContain("secret");
});
