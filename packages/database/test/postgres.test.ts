import { sql, type Transaction } from "kysely";
import { describe, expect, test } from "vitest";
import { migrate, openDatabase } from "../src/index.ts";
import { testEngines } from "../src/testing.ts";

interface Tables {
  readonly accounts: { readonly id: string; readonly balance: number };
}

const ACCOUNTS = {
  name: "0001_accounts",
  up: async (database: Parameters<Parameters<typeof migrate>[1][number]["up"]>[0]) => {
    await sql`create table accounts (id text primary key, balance bigint not null)`.execute(database);
    await sql`insert into accounts values ('a', 100), ('b', 100)`.execute(database);
  },
};

const engines = testEngines().filter(({ name }) => name === "PostgreSQL");
// A file without a test fails.
if (engines.length === 0) test.skip("on PostgreSQL, of which HUTONG_TEST_POSTGRES_URL names none", () => {});

describe.each(engines)("on $name", (engine) => {
  test("transactions that lock each other out both come through, one of them at the second attempt", async () => {
    await using temporary = await engine.create();
    await using database = await openDatabase<Tables>(temporary.url);
    await migrate(database, [ACCOUNTS]);
    let attempts = 0;
    let arrived = 0;
    let meet = (): void => {};
    const met = new Promise<void>((resolve) => (meet = resolve));
    const move = (from: string, to: string): Promise<void> =>
      database.write(async (transaction: Transaction<Tables>) => {
        attempts++;
        await transaction
          .updateTable("accounts")
          .set({ balance: sql`balance - 1` })
          .where("id", "=", from)
          .execute();
        // Each holds its first row before either asks for its second.
        if (++arrived >= 2) meet();
        await met;
        await transaction
          .updateTable("accounts")
          .set({ balance: sql`balance + 1` })
          .where("id", "=", to)
          .execute();
      });
    await Promise.all([move("a", "b"), move("b", "a")]);
    expect(attempts).toBe(3);
    expect(await database.read.selectFrom("accounts").selectAll().orderBy("id").execute()).toEqual([
      { id: "a", balance: 100 },
      { id: "b", balance: 100 },
    ]);
  });

  test("a connection that the server has ended is replaced", async () => {
    await using temporary = await engine.create();
    await using database = await openDatabase<Tables>(temporary.url);
    await migrate(database, [ACCOUNTS]);
    const end = sql`select pg_terminate_backend(pg_backend_pid())`.execute(database.read);
    await expect(end).rejects.toThrow(/terminat/);
    // The pool may not have heard of it yet when the next query comes.
    const count = async (): Promise<number> =>
      (await database.read.selectFrom("accounts").select("id").execute()).length;
    await expect.poll(() => count().catch(() => 0)).toBe(2);
  });

  test("a transaction whose connection the server has ended fails with that reason", async () => {
    await using temporary = await engine.create();
    await using database = await openDatabase<Tables>(temporary.url);
    await migrate(database, [ACCOUNTS]);

    const failing = database.write(async (transaction) => {
      await transaction.deleteFrom("accounts").execute();
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(transaction);
    });

    await expect(failing).rejects.toMatchObject({ code: "57P01" });
    expect(await database.read.selectFrom("accounts").select("id").execute()).toHaveLength(2);
  });

  test("work that fails before its first statement leaves the connection to the next", async () => {
    await using temporary = await engine.create();
    await using database = await openDatabase<Tables>(temporary.url);
    await migrate(database, [ACCOUNTS]);

    const failing = database.write(() => Promise.reject(new Error("changed its mind")));

    await expect(failing).rejects.toThrow("changed its mind");
    await database.write((transaction) =>
      transaction.updateTable("accounts").set({ balance: 1 }).where("id", "=", "a").execute(),
    );
    const rows = await database.read.selectFrom("accounts").select("balance").where("id", "=", "a").execute();
    expect(rows).toEqual([{ balance: 1 }]);
  });

  test("a first statement that fails ends its transaction and nothing else", async () => {
    await using temporary = await engine.create();
    await using database = await openDatabase<Tables>(temporary.url);
    await migrate(database, [ACCOUNTS]);

    const failing = database.write(async (transaction) => {
      await sql`select * from nowhere`.execute(transaction);
      await transaction.deleteFrom("accounts").execute();
    });

    await expect(failing).rejects.toThrow(/nowhere/);
    expect(await database.read.selectFrom("accounts").select("id").execute()).toHaveLength(2);
  });
});
