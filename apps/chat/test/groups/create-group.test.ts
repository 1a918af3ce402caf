import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { type ActingPeople, withPeople } from "../support/acting-people.ts";
import { addPeople, befriend, block } from "../support/people.ts";

describe.each(testEngines())("making groups on $name", (engine) => {
  const run = (work: (people: ActingPeople) => Promise<void>) => () =>
    withPeople(engine, async (people) => {
      await addPeople(people.database, ["ada", "ben", "cleo", "dora"]);
      await befriend(people.database, "ada", ["ben", "cleo"]);
      await work(people);
    });

  test(
    "a group is made of its owner and friends, and everyone hears of it",
    run(async (people) => {
      const { conversation } = await people.call("ada", "create_group", {
        userIds: ["ben", "cleo", "ben", "ada"],
        title: "Lane",
      });

      expect(conversation).toMatchObject({
        type: "group",
        title: "Lane",
        ownerId: "ada",
        role: "owner",
        joinMode: "invite",
        historyVisible: false,
        state: "active",
        memberCount: 3,
        unread: 0,
      });
      expect(await people.members(conversation.id)).toEqual({ ids: ["ada", "ben", "cleo"], count: 3 });
      expect(await people.notices(conversation.id)).toEqual([
        { kind: "group_created", actorId: "ada", userIds: ["ben", "cleo"] },
      ]);
      expect(people.news.map(({ event, topics }) => [event, [...topics].sort()])).toEqual([
        ["conversation", ["inbox:ada"]],
        ["conversation", ["inbox:ben"]],
        ["conversation", ["inbox:cleo"]],
        ["message", ["inbox:ada", "inbox:ben", "inbox:cleo"]],
      ]);
    }),
  );

  test(
    "without a title it is named after its members, the owner first",
    run(async (people) => {
      const { conversation } = await people.call("ada", "create_group", { userIds: ["cleo", "ben"] });

      expect(conversation.title).toBe("ada、cleo、ben");
    }),
  );

  test(
    "a retry with the same client id gives the same group",
    run(async (people) => {
      const input = { userIds: ["ben"], clientGroupId: "draft-0001" };
      const { conversation } = await people.call("ada", "create_group", input);

      const again = await people.call("ada", "create_group", input);

      expect(again.conversation.id).toBe(conversation.id);
      expect(await people.notices(conversation.id)).toHaveLength(1);
      await befriend(people.database, "dora", ["cleo"]);
      const other = await people.call("dora", "create_group", { ...input, userIds: ["cleo"] });
      expect(other.conversation.id).not.toBe(conversation.id);
    }),
  );

  test(
    "a retry gives the group also when a friend is none any more",
    run(async (people) => {
      const input = { userIds: ["ben"], clientGroupId: "draft-0001" };
      const { conversation } = await people.call("ada", "create_group", input);
      await block(people.database, "ben", "ada");

      const again = await people.call("ada", "create_group", input);

      expect(again.conversation.id).toBe(conversation.id);
    }),
  );

  test(
    "racing retries make one group",
    run(async (people) => {
      const input = { userIds: ["ben"], clientGroupId: "draft-0001" };

      const answers = await Promise.all(Array.from({ length: 6 }, () => people.call("ada", "create_group", input)));

      const [first] = answers;
      expect(new Set(answers.map(({ conversation }) => conversation.id)).size).toBe(1);
      expect(await people.members(first?.conversation.id ?? "")).toEqual({ ids: ["ada", "ben"], count: 2 });
    }),
  );

  test(
    "strangers, those who have blocked the caller, and nobody are not brought in",
    run(async (people) => {
      await block(people.database, "cleo", "ada");

      expect(await people.code("ada", "create_group", { userIds: ["ben", "dora"] })).toBe("not_friend");
      expect(await people.code("ada", "create_group", { userIds: ["ben", "nobody"] })).toBe("not_friend");
      expect(await people.code("ada", "create_group", { userIds: ["ben", "cleo"] })).toBe("blocked");
      expect(await people.code("ada", "create_group", { userIds: ["ada"] })).toBe("bad_request");
      expect(await people.database.read.selectFrom("conversations").selectAll().execute()).toEqual([]);
    }),
  );
});
