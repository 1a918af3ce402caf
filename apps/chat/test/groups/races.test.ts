import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { type ActingPeople, withPeople } from "../support/acting-people.ts";
import { addPeople, befriend } from "../support/people.ts";

const NAMES = Array.from({ length: 12 }, (_, place) => `p${String(place).padStart(2, "0")}`);

describe.each(testEngines())("groups under races on $name", (engine) => {
  const run = (work: (people: ActingPeople, conversationId: string) => Promise<void>) => () =>
    withPeople(engine, async (people) => {
      await addPeople(people.database, ["ada", "ben", ...NAMES]);
      await befriend(people.database, "ada", ["ben", ...NAMES]);
      const conversationId = await people.group("ada", ["ben"]);
      await people.call("ada", "update_group", { conversationId, joinMode: "open" });
      await work(people, conversationId);
    });

  /** The number is that of the rows, and notices are numbered without gaps. */
  async function expectConsistent(people: ActingPeople, conversationId: string): Promise<readonly string[]> {
    const { ids, count } = await people.members(conversationId);
    expect(count).toBe(ids.length);
    const seqs = await people.database.read
      .selectFrom("messages")
      .select("seq")
      .where("conversation_id", "=", conversationId)
      .orderBy("seq")
      .execute();
    expect(seqs.map(({ seq }) => seq)).toEqual(seqs.map((_, place) => place + 1));
    return ids;
  }

  test(
    "everyone who joins at once is counted",
    run(async (people, conversationId) => {
      await Promise.all(NAMES.map((name) => people.call(name, "join_open_group", { conversationId })));

      expect(await expectConsistent(people, conversationId)).toEqual(["ada", "ben", ...NAMES]);
    }),
  );

  test(
    "one who joins many times at once is counted once",
    run(async (people, conversationId) => {
      await Promise.all(NAMES.map(() => people.call("p00", "join_open_group", { conversationId })));

      expect(await expectConsistent(people, conversationId)).toEqual(["ada", "ben", "p00"]);
      expect((await people.notices(conversationId)).filter(({ kind }) => kind === "members_joined")).toHaveLength(1);
    }),
  );

  test(
    "joining, leaving, being brought in and taken out at once leave a right count",
    run(async (people, conversationId) => {
      await people.call("ada", "add_members", { conversationId, userIds: NAMES.slice(0, 6) });

      await Promise.all([
        ...NAMES.slice(0, 6).flatMap((name) => [
          people.call(name, "leave_group", { conversationId }),
          people.call("ada", "remove_member", { conversationId, userId: name }),
        ]),
        ...NAMES.slice(6).flatMap((name) => [
          people.call(name, "join_open_group", { conversationId }),
          people.call("ada", "add_members", { conversationId, userIds: [name] }),
        ]),
      ]);

      expect(await expectConsistent(people, conversationId)).toEqual(["ada", "ben", ...NAMES.slice(6)]);
      const kinds = (await people.notices(conversationId)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === "member_left" || kind === "member_removed")).toHaveLength(6);
      expect(kinds.filter((kind) => kind === "members_joined")).toHaveLength(7);
    }),
  );

  test(
    "the last places are given once",
    run(async (people, conversationId) => {
      const fill = Array.from({ length: 495 }, (_, place) => `filler-${place}`);
      await addFillers(people, conversationId, fill);

      const codes = await Promise.all(NAMES.map((name) => people.code(name, "join_open_group", { conversationId })));

      expect(codes.filter((code) => code === "done")).toHaveLength(3);
      expect(codes.filter((code) => code === "limit_reached")).toHaveLength(9);
      expect(await expectConsistent(people, conversationId)).toHaveLength(500);
    }),
  );

  test(
    "a group has one owner, however many hand it over at once",
    run(async (people, conversationId) => {
      await people.call("ada", "add_members", { conversationId, userIds: NAMES.slice(0, 4) });

      const codes = await Promise.all(
        NAMES.slice(0, 4).map((userId) => people.code("ada", "transfer_group", { conversationId, userId })),
      );

      expect([...codes].sort()).toEqual(["done", "forbidden", "forbidden", "forbidden"]);
      const owners = await people.database.read
        .selectFrom("members")
        .select("user_id")
        .where("conversation_id", "=", conversationId)
        .where("role", "=", "owner")
        .execute();
      expect(owners).toHaveLength(1);
    }),
  );

  test(
    "a group is not left without an owner by one who is made owner and leaves at once",
    run(async (people, conversationId) => {
      const [handed, left] = await Promise.all([
        people.code("ada", "transfer_group", { conversationId, userId: "ben" }),
        people.code("ben", "leave_group", { conversationId }),
      ]);

      expect([handed, left]).toSatisfy(
        ([one, other]: readonly string[]) =>
          (one === "done" && other === "forbidden") || (one === "not_found" && other === "done"),
      );
    }),
  );
});

async function addFillers(people: ActingPeople, conversationId: string, names: readonly string[]): Promise<void> {
  const ben = await people.member(conversationId, "ben");
  await people.database.write(async (transaction) => {
    await transaction
      .insertInto("members")
      .values(names.map((name) => ({ ...ben, user_id: name })))
      .execute();
    await transaction
      .updateTable("conversations")
      .set({ member_count: names.length + 2 })
      .where("id", "=", conversationId)
      .execute();
  });
}
