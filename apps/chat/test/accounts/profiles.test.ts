import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { readUser, readUsers } from "../../src/accounts/profiles.ts";
import { createBench } from "./support.ts";

describe.each(testEngines())("profiles on $name", (engine) => {
  test("come in the order of the ids, each once, without those of nobody", async () => {
    await using bench = await createBench(engine);
    const ada = await bench.register("Ada_L");
    const grace = await bench.register("grace_h");
    const ids = [grace.me.id, "nobody", ada.me.id, grace.me.id];
    const expected = [
      { id: grace.me.id, kind: "user", username: "grace_h", nickname: "grace_h", avatar: null },
      { id: ada.me.id, kind: "user", username: "Ada_L", nickname: "Ada_L", avatar: null },
    ];

    expect(await bench.accounts.profiles.users(ids)).toEqual(expected);
    expect(await bench.accounts.profiles.users(ids)).toEqual(expected);
    expect(await readUsers(bench.database.read, ids)).toEqual(expected);
  });

  test("more ids than one statement takes are found", async () => {
    await using bench = await createBench(engine);
    const { me } = await bench.register("ada_l");
    const ids = [...Array.from({ length: 1_200 }, (_, place) => `nobody ${place}`), me.id];

    expect(await readUsers(bench.database.read, ids)).toHaveLength(1);
    expect(await readUsers(bench.database.read, [])).toEqual([]);
  });

  test("one of nobody is not found", async () => {
    await using bench = await createBench(engine);

    await expect(bench.accounts.profiles.user("nobody")).rejects.toMatchObject({ code: "not_found" });
    await expect(readUser(bench.database.read, "nobody")).rejects.toMatchObject({ code: "not_found" });
  });

  test("a change here is seen at once, and a change elsewhere ten seconds later", async () => {
    await using bench = await createBench(engine);
    const ada = await bench.register("ada_l");
    const nicknameHere = async () => (await bench.accounts.profiles.user(ada.me.id)).nickname;
    expect(await nicknameHere()).toBe("ada_l");

    await bench.call("update_profile", { nickname: "Ada" }, ada);
    expect(await nicknameHere()).toBe("Ada");

    await bench.database.write((transaction) =>
      transaction.updateTable("users").set({ nickname: "Countess" }).where("id", "=", ada.me.id).execute(),
    );
    await bench.clock.advance(9_999);
    expect(await nicknameHere()).toBe("Ada");
    await bench.clock.advance(1);
    expect(await nicknameHere()).toBe("Countess");
  });

  test("what was read before a change is not remembered after it", async () => {
    await using bench = await createBench(engine);
    const ada = await bench.register("ada_l");
    const reading = bench.accounts.profiles.user(ada.me.id);
    await bench.database.write((transaction) =>
      transaction.updateTable("users").set({ nickname: "Ada" }).where("id", "=", ada.me.id).execute(),
    );
    const stale = bench.accounts.profiles.users([ada.me.id]);

    bench.accounts.profiles.forget(ada.me.id);
    await Promise.all([reading, stale]);

    expect((await bench.accounts.profiles.user(ada.me.id)).nickname).toBe("Ada");
  });
});
