import { fork } from "node:child_process";
import { once } from "node:events";
import { stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CompiledQuery, Kysely, sql } from "kysely";
import { expect, test } from "vitest";
import { migrate, openDatabase } from "../src/index.ts";
import { SqliteDialect } from "../src/sqlite-dialect.ts";
import { loadSqlite, type SqliteHandle } from "../src/sqlite-module.ts";
import { SQLITE_ENGINE } from "../src/testing.ts";

interface Tables {
  readonly notes: { readonly id: number; readonly text: string };
}

const NOTES = {
  name: "0001_notes",
  up: async (database: Pick<Kysely<unknown>, "schema">) => {
    await database.schema
      .createTable("notes")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("text", "text", (column) => column.notNull())
      .execute();
  },
};

/** A database in memory whose prepared statements are counted. */
async function countedDatabase(): Promise<{ readonly kysely: Kysely<Tables>; readonly prepared: string[] }> {
  const { DatabaseSync } = await loadSqlite();
  const handle = new DatabaseSync(":memory:", { readOnly: false, timeout: 0 });
  const prepared: string[] = [];
  const counted: SqliteHandle = {
    exec: (text) => handle.exec(text),
    close: () => handle.close(),
    prepare(text) {
      prepared.push(text);
      return handle.prepare(text);
    },
  };
  return { kysely: new Kysely<Tables>({ dialect: new SqliteDialect(counted) }), prepared };
}

test("a statement is prepared once, however often it runs", async () => {
  const { kysely, prepared } = await countedDatabase();
  await NOTES.up(kysely);
  for (let id = 1; id <= 3; id++) await kysely.insertInto("notes").values({ id, text: "hi" }).execute();
  expect(prepared.filter((text) => text.startsWith("insert"))).toHaveLength(1);
  expect(await kysely.selectFrom("notes").select("id").orderBy("id").execute()).toEqual([
    { id: 1 },
    { id: 2 },
    { id: 3 },
  ]);
  await kysely.destroy();
});

test("more statements than are kept are prepared anew and answer the same", async () => {
  const { kysely, prepared } = await countedDatabase();
  for (let number = 0; number < 1_001; number++) await sql.raw(`select ${number} as n`).execute(kysely);
  const again = await sql.raw<{ n: number }>("select 0 as n").execute(kysely);
  expect(again.rows).toEqual([{ n: 0 }]);
  expect(prepared.filter((text) => text === "select 0 as n")).toHaveLength(2);
  await kysely.destroy();
});

test("a statement tells how many rows it changed, and gives the rows that it returns", async () => {
  const { kysely } = await countedDatabase();
  await NOTES.up(kysely);
  await kysely
    .insertInto("notes")
    .values([1, 2].map((id) => ({ id, text: "hi" })))
    .execute();
  const { numUpdatedRows } = await kysely.updateTable("notes").set({ text: "ho" }).executeTakeFirstOrThrow();
  const deleted = await kysely.deleteFrom("notes").where("id", "=", 1).returningAll().execute();
  expect(numUpdatedRows).toBe(2n);
  expect(deleted).toEqual([{ id: 1, text: "ho" }]);
  await kysely.destroy();
});

test("values that SQLite does not have end neither the process nor the connection", async () => {
  const { kysely } = await countedDatabase();
  const values = [true, { a: 1 }, [1], new Date(0), Symbol("s"), undefined];
  await Promise.allSettled(values.map((value) => kysely.executeQuery(CompiledQuery.raw("select ? as v", [value]))));
  expect((await kysely.executeQuery(CompiledQuery.raw("select ? as v", ["text"]))).rows).toEqual([{ v: "text" }]);
  await kysely.destroy();
});

test("there is nothing to stream", async () => {
  const { kysely } = await countedDatabase();
  const stream = sql`select 1`.compile(kysely);
  await expect(kysely.getExecutor().stream(stream, 1).next()).rejects.toThrow("there is nothing to stream");
  await kysely.destroy();
});

test("a failed statement inside a transaction leaves the connection to the next one", async () => {
  const { kysely } = await countedDatabase();
  await NOTES.up(kysely);
  const failing = kysely.transaction().execute(async (transaction) => {
    await transaction.insertInto("notes").values({ id: 1, text: "lost" }).execute();
    await sql.raw("select * from nowhere").execute(transaction);
  });
  await expect(failing).rejects.toThrow("no such table");
  await kysely.insertInto("notes").values({ id: 2, text: "kept" }).execute();
  expect(await kysely.selectFrom("notes").selectAll().execute()).toEqual([{ id: 2, text: "kept" }]);
  await kysely.destroy();
});

test("a transaction that a full disk has undone fails with that reason, and the next one comes through", async () => {
  await using temporary = await SQLITE_ENGINE.create([NOTES]);
  await using database = await openDatabase<Tables>(temporary.url);
  const insert = (id: number, text: string): Promise<unknown> =>
    database.write((transaction) => transaction.insertInto("notes").values({ id, text }).execute());
  await database.write((transaction) => sql`PRAGMA max_page_count = 8`.execute(transaction));

  await expect(insert(1, "x".repeat(100_000))).rejects.toThrow("database or disk is full");

  await insert(2, "short");
  expect(await database.read.selectFrom("notes").select("id").execute()).toEqual([{ id: 2 }]);
});

test("a reader sees what is committed, and nothing of a transaction that runs", async () => {
  await using temporary = await SQLITE_ENGINE.create();
  await using database = await openDatabase<Tables>(temporary.url);
  await migrate(database, [NOTES]);
  const count = async (): Promise<number> => (await database.read.selectFrom("notes").select("id").execute()).length;
  await database.write(async (transaction) => {
    await transaction.insertInto("notes").values({ id: 1, text: "hi" }).execute();
    expect(await count()).toBe(0);
    expect(await transaction.selectFrom("notes").select("id").execute()).toHaveLength(1);
  });
  expect(await count()).toBe(1);
});

test("writers wait their turn in the order of the calls", async () => {
  await using temporary = await SQLITE_ENGINE.create();
  await using database = await openDatabase<Tables>(temporary.url);
  await migrate(database, [NOTES]);
  const order: string[] = [];
  const write = (id: number): Promise<void> =>
    database.write(async (transaction) => {
      order.push(`begin ${id}`);
      await transaction.insertInto("notes").values({ id, text: "hi" }).execute();
      order.push(`end ${id}`);
    });
  await Promise.all([write(1), write(2), write(3)]);
  expect(order).toEqual(["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"]);
});

/** Holds the write lock of a file until it is told to let go. */
const HOLDER = `
import { loadSqlite } from ${JSON.stringify(new URL("../src/sqlite-module.ts", import.meta.url).href)};
const { DatabaseSync } = await loadSqlite();
const database = new DatabaseSync(process.argv[2], { readOnly: false, timeout: 0 });
database.exec("BEGIN IMMEDIATE");
process.send("held");
process.on("message", () => {
  database.exec("COMMIT");
  database.close();
  process.exit(0);
});
`;

test("a writer waits for another process, and the event loop goes on meanwhile", async () => {
  await using temporary = await SQLITE_ENGINE.create();
  await using database = await openDatabase<Tables>(temporary.url);
  await migrate(database, [NOTES]);
  const path = temporary.url.slice("sqlite:".length);
  const program = join(dirname(path), "holder.mts");
  await writeFile(program, HOLDER);
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const holder = fork(program, [path], { cwd: root, execArgv: ["--conditions=source", "--import", "tsx"] });
  try {
    await once(holder, "message");
    let isDone = false;
    const writing = database
      .write((transaction) => transaction.insertInto("notes").values({ id: 1, text: "hi" }).execute())
      .then(() => (isDone = true));
    // Reading needs a turn of the event loop, which a busy wait would not give.
    expect(await database.read.selectFrom("notes").select("id").execute()).toEqual([]);
    expect(isDone).toBe(false);
    holder.send("let go");
    await writing;
    expect(await database.read.selectFrom("notes").select("id").execute()).toEqual([{ id: 1 }]);
  } finally {
    holder.kill("SIGKILL");
  }
});

test("the file outlives the process that wrote it", async () => {
  await using temporary = await SQLITE_ENGINE.create();
  {
    await using database = await openDatabase<Tables>(temporary.url);
    await migrate(database, [NOTES]);
    await database.write((transaction) => transaction.insertInto("notes").values({ id: 7, text: "胡同" }).execute());
  }
  await using again = await openDatabase<Tables>(temporary.url);
  expect(await again.read.selectFrom("notes").selectAll().execute()).toEqual([{ id: 7, text: "胡同" }]);
});

test("a path that cannot be a file is refused with its name", async () => {
  await using temporary = await SQLITE_ENGINE.create();
  await using database = await openDatabase<Tables>(temporary.url);
  const below = `${temporary.url.slice("sqlite:".length)}/chat.db`;
  await migrate(database, [NOTES]);
  await expect(openDatabase(`sqlite:${below}`)).rejects.toThrow(`The database file ${below} cannot be used`);
});

test("a folder that is made for the file is its owner's alone", async () => {
  await using temporary = await SQLITE_ENGINE.create();
  const folder = join(dirname(temporary.url.slice("sqlite:".length)), "made");
  await using database = await openDatabase<Tables>(`sqlite:${join(folder, "chat.db")}`);
  expect(database.kind).toBe("sqlite");
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});
