import { openDatabase, PreparedStatement } from "@hutong/database";
import { testEngines } from "@hutong/database/testing";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";

interface Tables {
  readonly notes: { readonly id: string; readonly size: number };
}

const MAKE = sql`create table notes (id text not null primary key, size bigint not null)`;
const ADD = new PreparedStatement("insert into notes (id, size) values (?, ?)");
const FIND = new PreparedStatement<{ readonly size: number }>("select size from notes where id = ? and size < ?");

describe.each(testEngines())("a prepared statement on $name", (engine) => {
  test("takes its values in the order of their places", async () => {
    await using temporary = await engine.create();
    await using database = await openDatabase<Tables>(temporary.url);
    await database.write((transaction) => MAKE.execute(transaction));

    await database.write(async (transaction) => {
      await ADD.run(transaction, ["a", 1]);
      await ADD.run(transaction, ["b", 2]);
    });

    expect(await FIND.run(database.read, ["b", 5])).toEqual([{ size: 2 }]);
    expect(await FIND.run(database.read, ["b", 2])).toEqual([]);
  });

  test("can be used again after it has failed in a transaction", async () => {
    await using temporary = await engine.create();
    await using database = await openDatabase<Tables>(temporary.url);
    await database.write((transaction) => MAKE.execute(transaction));
    await database.write((transaction) => ADD.run(transaction, ["a", 1]));

    await expect(database.write((transaction) => ADD.run(transaction, ["a", 2]))).rejects.toThrow(/unique/i);

    await database.write((transaction) => ADD.run(transaction, ["b", 3]));
    expect(await FIND.run(database.read, ["a", 9])).toEqual([{ size: 1 }]);
    expect(await FIND.run(database.read, ["b", 9])).toEqual([{ size: 3 }]);
  });
});
