import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { type ActingPeople, withPeople } from "../support/acting-people.ts";
import { addPeople, addPerson, befriend, NOW } from "../support/people.ts";

describe.each(testEngines())("blocks on $name", (engine) => {
  const run = (work: (people: ActingPeople) => Promise<void>) => () =>
    withPeople(engine, async (people) => {
      await addPeople(people.database, ["ada", "ben"]);
      await work(people);
    });

  test(
    "a block is known to its maker only, and made once",
    run(async (people) => {
      await people.call("ada", "block_user", { userId: "ben" });
      await people.call("ada", "block_user", { userId: "ben" });

      expect((await people.call("ada", "list_blocks", {})).users).toMatchObject([{ id: "ben", nickname: "ben" }]);
      expect((await people.call("ben", "list_blocks", {})).users).toEqual([]);
      expect(await people.events("ada")).toMatchObject([{ kind: "block_changed", user: { id: "ben" }, blocked: true }]);
      expect(await people.eventKinds("ben")).toEqual([]);
    }),
  );

  test(
    "both hear anew who of them sees whom: at a block, its end, a friendship, its end and a hidden presence",
    run(async (people) => {
      const both = ["ada to ben", "ben to ada"];
      await people.call("ada", "block_user", { userId: "ben" });
      await people.call("ada", "unblock_user", { userId: "ben" });
      expect(people.relations.splice(0)).toEqual([...both, ...both]);
      await people.call("ada", "request_friend", { userId: "ben" });
      expect(people.relations.splice(0)).toEqual([]);
      await people.call("ben", "request_friend", { userId: "ada" });
      expect(people.relations.splice(0)).toEqual(["ben to ada", "ada to ben"]);
      await people.call("ada", "update_friend", { userId: "ben", remark: "Benny" });
      expect(people.relations.splice(0)).toEqual([]);
      await people.call("ada", "update_friend", { userId: "ben", hideMine: true });
      await people.call("ada", "remove_friend", { userId: "ben" });
      expect(people.relations.splice(0)).toEqual([...both, ...both]);
    }),
  );

  test(
    "nobody hears of a block or a friendship that does not end, or of a block that is there",
    run(async (people) => {
      await people.call("ada", "block_user", { userId: "ben" });
      people.relations.length = 0;
      await people.call("ada", "block_user", { userId: "ben" });
      await people.call("ben", "unblock_user", { userId: "ada" });
      await people.call("ada", "unblock_user", { userId: "no user at all" });
      await people.call("ada", "remove_friend", { userId: "ben" });

      expect(people.relations).toEqual([]);
    }),
  );

  test(
    "a block ends, once, and friends stay friends meanwhile",
    run(async (people) => {
      await befriend(people.database, "ada", ["ben"]);
      await people.call("ada", "block_user", { userId: "ben" });
      await people.call("ada", "unblock_user", { userId: "ben" });
      await people.call("ada", "unblock_user", { userId: "ben" });

      expect((await people.call("ada", "list_blocks", {})).users).toEqual([]);
      expect(await people.events("ada")).toMatchObject([{ blocked: true }, { blocked: false }]);
      expect((await people.call("ada", "list_friends", {})).friends).toHaveLength(1);
    }),
  );

  test(
    "the blocked one's request is ignored, and cannot be accepted before the block ends",
    run(async (people) => {
      const { request } = await people.call("ben", "request_friend", { userId: "ada" });
      await people.call("ada", "block_user", { userId: "ben" });

      const accept = { requestId: request.id, answer: "accept" } as const;
      expect(await people.code("ada", "answer_friend_request", accept)).toBe("conflict");
      const outgoing = await people.call("ben", "list_friend_requests", { direction: "outgoing" });
      expect(outgoing.requests).toMatchObject([{ id: request.id, state: "pending" }]);
      await people.call("ada", "unblock_user", { userId: "ben" });
      expect(await people.code("ada", "answer_friend_request", accept)).toBe("done");
    }),
  );

  test(
    "the own request to the blocked one is withdrawn",
    run(async (people) => {
      const { request } = await people.call("ada", "request_friend", { userId: "ben" });
      await people.call("ada", "block_user", { userId: "ben" });

      const accept = { requestId: request.id, answer: "accept" } as const;
      expect(await people.code("ben", "answer_friend_request", accept)).toBe("conflict");
      expect(await people.code("ben", "request_friend", { userId: "ada" })).toBe("blocked");
    }),
  );

  test(
    "visitors can be blocked, oneself and nobody cannot",
    run(async (people) => {
      await addPerson(people.database, "vera", { kind: "visitor" });

      expect(await people.code("ada", "block_user", { userId: "vera" })).toBe("done");
      expect(await people.code("ada", "block_user", { userId: "ada" })).toBe("bad_request");
      expect(await people.code("ada", "block_user", { userId: "nobody" })).toBe("not_found");
      expect(await people.code("ada", "unblock_user", { userId: "nobody" })).toBe("done");
    }),
  );

  test(
    "nobody blocks more than 1,000",
    run(async (people) => {
      const rows = Array.from({ length: 1_000 }, (_, place) => ({
        user_id: "ada",
        blocked_id: `pest-${place}`,
        created_at: NOW,
      }));
      await people.database.write((transaction) => transaction.insertInto("blocks").values(rows).execute());

      expect(await people.code("ada", "block_user", { userId: "ben" })).toBe("limit_reached");
      expect(await people.code("ben", "block_user", { userId: "ada" })).toBe("done");
    }),
  );
});
