import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { type ActingPeople, withPeople } from "../support/acting-people.ts";
import { addPeople, befriend } from "../support/people.ts";

describe.each(testEngines())("friends on $name", (engine) => {
  const run = (work: (people: ActingPeople) => Promise<void>) => () =>
    withPeople(engine, async (people) => {
      await addPeople(people.database, ["ada", "ben", "cleo"]);
      await befriend(people.database, "ada", ["ben"]);
      await work(people);
    });

  test(
    "what is given of a friend changes, and only the caller hears of it",
    run(async (people) => {
      const { friend } = await people.call("ada", "update_friend", { userId: "ben", remark: "Benny", starred: true });

      expect(friend).toMatchObject({ user: { id: "ben" }, remark: "Benny", starred: true, hideMine: false });
      const hidden = await people.call("ada", "update_friend", { userId: "ben", hideMine: true, hideTheirs: true });
      expect(hidden.friend).toMatchObject({ remark: "Benny", starred: true, hideMine: true, hideTheirs: true });
      const shown = await people.call("ada", "update_friend", { userId: "ben", remark: "", starred: false });
      expect(shown.friend).toMatchObject({ remark: "", starred: false, hideMine: true, hideTheirs: true });
      expect(await people.eventKinds("ada")).toEqual(["friend_updated", "friend_updated", "friend_updated"]);
      expect(await people.eventKinds("ben")).toEqual([]);
      expect((await people.call("ben", "list_friends", {})).friends).toMatchObject([{ remark: "", hideMine: false }]);
    }),
  );

  test(
    "nothing is changed of somebody who is no friend",
    run(async (people) => {
      expect(await people.code("ada", "update_friend", { userId: "cleo", starred: true })).toBe("not_found");
      expect(await people.code("cleo", "update_friend", { userId: "ben", starred: true })).toBe("not_found");
    }),
  );

  test(
    "removing ends the friendship for both, once",
    run(async (people) => {
      await people.call("ada", "remove_friend", { userId: "ben" });
      await people.call("ada", "remove_friend", { userId: "ben" });

      expect((await people.call("ada", "list_friends", {})).friends).toEqual([]);
      expect((await people.call("ben", "list_friends", {})).friends).toEqual([]);
      expect(await people.events("ada")).toEqual([{ kind: "friend_removed", userId: "ben" }]);
      expect(await people.events("ben")).toEqual([{ kind: "friend_removed", userId: "ada" }]);
    }),
  );

  test(
    "those who were friends are strangers again",
    run(async (people) => {
      await people.database.write((transaction) =>
        transaction
          .insertInto("stranger_counts")
          .values([
            { to_id: "ada", from_id: "ben", count: 1 },
            { to_id: "ben", from_id: "ada", count: 1 },
            { to_id: "cleo", from_id: "ada", count: 1 },
          ])
          .execute(),
      );

      await people.call("ben", "remove_friend", { userId: "ada" });

      const rows = await people.database.read.selectFrom("stranger_counts").selectAll().execute();
      expect(rows).toEqual([{ to_id: "cleo", from_id: "ada", count: 1 }]);
    }),
  );

  test(
    "removing somebody who is no friend does nothing",
    run(async (people) => {
      expect(await people.code("ada", "remove_friend", { userId: "cleo" })).toBe("done");
      expect(await people.code("ada", "remove_friend", { userId: "ada" })).toBe("done");
      expect(await people.eventKinds("cleo")).toEqual([]);
    }),
  );
});
