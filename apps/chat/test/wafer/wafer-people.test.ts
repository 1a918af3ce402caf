import { testEngines } from "@hutong/database/testing";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { PictureLinks } from "../../src/wafer/picture-links.ts";
import { WaferPeople } from "../../src/wafer/wafer-people.ts";
import { type AccountBench, createBench, SECRET } from "../accounts/support.ts";

function peopleOf({ database, clock }: AccountBench): WaferPeople {
  return new WaferPeople({ database, clock, links: new PictureLinks(SECRET) });
}

describe.each(testEngines())("the people of mini-programs on $name", (engine) => {
  test("a whole room that asks for one person at once is one question to the database", async () => {
    await using bench = await createBench(engine);
    const { me } = await bench.register("ada_l");
    const people = peopleOf(bench);

    const [first, second] = await Promise.all([people.person(me.id), people.person(me.id)]);

    expect(first).toEqual({ nickName: "ada_l", avatarUrl: "" });
    expect(second).toBe(first);
  });

  test("a failure is not remembered", async () => {
    await using bench = await createBench(engine);
    const { me } = await bench.register("ada_l");
    const people = peopleOf(bench);
    const rename = (from: string, to: string) =>
      bench.database.write((transaction) =>
        sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(transaction),
      );
    await rename("wechat_profiles", "gone");
    await expect(people.person(me.id)).rejects.toThrow();

    await rename("gone", "wechat_profiles");

    expect(await people.person(me.id)).toEqual({ nickName: "ada_l", avatarUrl: "" });
  });
});
