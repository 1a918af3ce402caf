import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { openDirect } from "../../src/conversations/open-direct.ts";
import { ensureRoom } from "../../src/conversations/open-room.ts";
import { addMember, requireMember } from "../../src/conversations/membership.ts";
import { checkMaySend } from "../../src/policy/may-send.ts";
import { type ActingPeople, withPeople } from "../support/acting-people.ts";
import { addPeople, addPerson, befriend, block, NOW } from "../support/people.ts";

describe.each(testEngines())("members of groups on $name", (engine) => {
  const run = (work: (people: ActingPeople, conversationId: string) => Promise<void>) => () =>
    withPeople(engine, async (people) => {
      await addPeople(people.database, ["ada", "ben", "cleo", "dora", "eve"]);
      await befriend(people.database, "ada", ["ben", "cleo", "dora", "eve"]);
      await befriend(people.database, "cleo", ["dora"]);
      const conversationId = await people.group("ada", ["ben", "cleo"]);
      await people.call("ada", "set_role", { conversationId, userId: "ben", role: "admin" });
      await work(people, conversationId);
    });

  test(
    "a member brings a friend in, whose past is read",
    run(async (people, conversationId) => {
      const news = await people.newsOf(async () => {
        const outcome = await people.call("cleo", "add_members", { conversationId, userIds: ["dora"] });
        expect(outcome).toEqual({ added: ["dora"], waiting: [], refused: [] });
      });

      expect(await people.members(conversationId)).toEqual({ ids: ["ada", "ben", "cleo", "dora"], count: 4 });
      expect((await people.notices(conversationId)).at(-1)).toEqual({
        kind: "members_joined",
        actorId: "cleo",
        userIds: ["dora"],
      });
      expect(await people.member(conversationId, "dora")).toMatchObject({
        role: "member",
        min_seq: 2,
        read_seq: 2,
        joined_at: NOW,
      });
      expect(news[0]).toBe("conversation inbox:dora");
      expect([...news].sort()).toEqual([
        "conversation inbox:dora",
        "conversation_updated inbox:ada",
        "conversation_updated inbox:ben",
        "conversation_updated inbox:cleo",
        "message inbox:ada",
        "message inbox:ben",
        "message inbox:cleo",
        "message inbox:dora",
      ]);
    }),
  );

  test(
    "bringing in is the same the second time",
    run(async (people, conversationId) => {
      await people.call("ada", "add_members", { conversationId, userIds: ["dora"] });
      const news = await people.newsOf(async () => {
        const again = await people.call("ada", "add_members", { conversationId, userIds: ["dora"] });
        expect(again).toEqual({ added: ["dora"], waiting: [], refused: [] });
      });

      expect(news).toEqual([]);
      expect((await people.members(conversationId)).count).toBe(4);
    }),
  );

  test(
    "strangers and those who have blocked the caller are refused one by one",
    run(async (people, conversationId) => {
      await block(people.database, "eve", "ada");

      const outcome = await people.call("ada", "add_members", { conversationId, userIds: ["eve", "dora", "nobody"] });

      expect(outcome).toEqual({ added: ["dora"], waiting: [], refused: ["eve", "nobody"] });
      expect(await people.call("ben", "add_members", { conversationId, userIds: ["eve"] })).toEqual({
        added: [],
        waiting: [],
        refused: ["eve"],
      });
    }),
  );

  test(
    "where the group wants approval, those whom a member brings wait, and those whom an admin brings do not",
    run(async (people, conversationId) => {
      await people.call("ada", "update_group", { conversationId, joinMode: "approval" });

      const waiting = await people.call("cleo", "add_members", { conversationId, userIds: ["dora", "ada"] });
      const again = await people.call("cleo", "add_members", { conversationId, userIds: ["dora"] });
      const added = await people.call("ada", "add_members", { conversationId, userIds: ["eve"] });

      expect(waiting).toEqual({ added: ["ada"], waiting: ["dora"], refused: [] });
      expect(again).toEqual({ added: [], waiting: ["dora"], refused: [] });
      expect(added.added).toEqual(["eve"]);
      const { requests } = await people.call("ben", "list_join_requests", { conversationId });
      expect(requests).toMatchObject([{ user: { id: "dora" }, invitedBy: "cleo", state: "pending" }]);
      expect(await people.eventKinds("ben")).toEqual(["join_request"]);
      expect(await people.eventKinds("cleo")).toEqual([]);
    }),
  );

  test(
    "an admin who brings somebody in answers the request",
    run(async (people, conversationId) => {
      await people.call("ada", "update_group", { conversationId, joinMode: "approval" });
      await people.call("cleo", "add_members", { conversationId, userIds: ["dora"] });

      await people.call("ada", "add_members", { conversationId, userIds: ["dora"] });

      expect((await people.call("ada", "list_join_requests", { conversationId })).requests).toEqual([]);
      expect((await people.members(conversationId)).ids).toContain("dora");
      expect(await people.events("ben")).toMatchObject([
        { kind: "join_request", request: { state: "pending" } },
        { kind: "join_request", request: { state: "accepted" } },
      ]);
    }),
  );

  test(
    "nobody brings anybody into a closed group",
    run(async (people, conversationId) => {
      await people.call("ada", "update_group", { conversationId, joinMode: "closed" });

      expect(await people.code("ada", "add_members", { conversationId, userIds: ["dora"] })).toBe("forbidden");
    }),
  );

  test(
    "others cannot bring anybody in",
    run(async (people, conversationId) => {
      expect(await people.code("dora", "add_members", { conversationId, userIds: ["cleo"] })).toBe("not_found");
    }),
  );

  test(
    "a group has 500 members at most",
    run(async (people, conversationId) => {
      await people.database.write((transaction) =>
        transaction.updateTable("conversations").set({ member_count: 499 }).where("id", "=", conversationId).execute(),
      );

      const adding = { conversationId, userIds: ["dora", "eve"] };
      expect(await people.code("ada", "add_members", adding)).toBe("limit_reached");
      expect((await people.members(conversationId)).ids).toEqual(["ada", "ben", "cleo"]);
      expect(await people.code("ada", "add_members", { conversationId, userIds: ["dora"] })).toBe("done");
    }),
  );

  test(
    "an admin takes a member out, who keeps what was said until then",
    run(async (people, conversationId) => {
      const news = await people.newsOf(() => people.call("ben", "remove_member", { conversationId, userId: "cleo" }));

      expect(await people.members(conversationId)).toEqual({ ids: ["ada", "ben"], count: 2 });
      const { last_seq: lastSeq } = await people.database.read
        .selectFrom("conversations")
        .select("last_seq")
        .where("id", "=", conversationId)
        .executeTakeFirstOrThrow();
      expect(await people.member(conversationId, "cleo")).toMatchObject({ left_at: NOW, max_seq: lastSeq });
      expect((await people.notices(conversationId)).at(-1)).toEqual({
        kind: "member_removed",
        actorId: "ben",
        userIds: ["cleo"],
      });
      expect(news.filter((line) => line.endsWith("cleo"))).toEqual([
        "message inbox:cleo",
        "conversation_left inbox:cleo",
      ]);
      expect(people.news.find(({ event }) => event === "conversation_left")).toMatchObject({
        payload: { conversation: { id: conversationId, maxSeq: lastSeq, unread: 0 } },
      });
      expect(news.filter((line) => line.startsWith("conversation_updated")).sort()).toEqual([
        "conversation_updated inbox:ada",
        "conversation_updated inbox:ben",
      ]);
    }),
  );

  test(
    "taking out is done once, and only over those with a lower role",
    run(async (people, conversationId) => {
      expect(await people.code("cleo", "remove_member", { conversationId, userId: "ben" })).toBe("forbidden");
      expect(await people.code("ben", "remove_member", { conversationId, userId: "ada" })).toBe("forbidden");
      expect(await people.code("ben", "remove_member", { conversationId, userId: "ben" })).toBe("forbidden");
      expect(await people.code("ben", "remove_member", { conversationId, userId: "dora" })).toBe("not_found");
      expect(await people.code("ben", "remove_member", { conversationId, userId: "cleo" })).toBe("done");
      expect(
        await people.newsOf(() => people.call("ben", "remove_member", { conversationId, userId: "cleo" })),
      ).toEqual([]);
      expect((await people.members(conversationId)).count).toBe(2);
      expect(await people.code("cleo", "remove_member", { conversationId, userId: "ben" })).toBe("not_member");
    }),
  );

  test(
    "somebody who was taken out cannot write, and can after coming back, with a member's role",
    run(async (people, conversationId) => {
      const write = (): Promise<void> =>
        people.database.write(async (transaction) => {
          const { conversation, member } = await requireMember(transaction, conversationId, "ben");
          await checkMaySend(transaction, { senderId: "ben", senderKind: "user", conversation, member, at: NOW });
        });
      await people.call("ada", "remove_member", { conversationId, userId: "ben" });

      await expect(write()).rejects.toMatchObject({ code: "not_member" });
      await people.call("ada", "add_members", { conversationId, userIds: ["ben"] });
      await write();
      expect(await people.member(conversationId, "ben")).toMatchObject({ role: "member", left_at: 0, max_seq: 0 });
    }),
  );

  test(
    "leaving ends a membership once, and a mute outlives it",
    run(async (people, conversationId) => {
      await people.call("ada", "mute_member", { conversationId, userId: "cleo", forMs: 60_000 });
      await people.call("cleo", "leave_group", { conversationId });
      const again = await people.newsOf(() => people.call("cleo", "leave_group", { conversationId }));

      expect(again).toEqual([]);
      expect(await people.members(conversationId)).toEqual({ ids: ["ada", "ben"], count: 2 });
      expect((await people.notices(conversationId)).at(-1)).toEqual({
        kind: "member_left",
        actorId: "cleo",
        userIds: ["cleo"],
      });
      await people.call("ada", "add_members", { conversationId, userIds: ["cleo"] });
      expect(await people.member(conversationId, "cleo")).toMatchObject({ muted_until: NOW + 60_000 });
    }),
  );

  test(
    "the owner does not leave, and nobody leaves what is no group or not theirs",
    run(async (people, conversationId) => {
      const directId = await people.database.write((transaction) =>
        openDirect(transaction, { userId: "ada", peerId: "ben", at: NOW }),
      );

      expect(await people.code("ada", "leave_group", { conversationId })).toBe("forbidden");
      expect(await people.code("dora", "leave_group", { conversationId })).toBe("not_found");
      expect(await people.code("ada", "leave_group", { conversationId: directId })).toBe("not_found");
    }),
  );

  test(
    "a visitor leaves a room, of which only that visitor hears",
    run(async (people) => {
      await addPerson(people.database, "vera", { kind: "visitor" });
      const roomId = await people.database.write(async (transaction) => {
        const conversation = await ensureRoom(transaction, { name: "lobby", at: NOW });
        await addMember(transaction, { conversation, userId: "ada", at: NOW });
        await addMember(transaction, { conversation, userId: "vera", at: NOW });
        return conversation.id;
      });

      const news = await people.newsOf(() => people.call("vera", "leave_group", { conversationId: roomId }, "visitor"));

      expect(news).toEqual(["conversation_left inbox:vera"]);
      expect(await people.members(roomId)).toEqual({ ids: ["ada"], count: 1 });
      expect(await people.notices(roomId)).toEqual([]);
    }),
  );

  test(
    "the owner makes admins and ends it, and everyone hears of it once",
    run(async (people, conversationId) => {
      const { member } = await people.call("ada", "set_role", { conversationId, userId: "cleo", role: "admin" });
      const again = await people.newsOf(() =>
        people.call("ada", "set_role", { conversationId, userId: "cleo", role: "admin" }),
      );
      await people.call("ada", "set_role", { conversationId, userId: "cleo", role: "member" });

      expect(member).toMatchObject({ user: { id: "cleo" }, role: "admin", alias: "", joinedAt: NOW });
      expect(again).toEqual([]);
      expect((await people.notices(conversationId)).slice(2)).toEqual([
        { kind: "role_changed", actorId: "ada", userIds: ["cleo"], text: "admin" },
        { kind: "role_changed", actorId: "ada", userIds: ["cleo"], text: "member" },
      ]);
    }),
  );

  test(
    "only the owner gives roles, to others who are there",
    run(async (people, conversationId) => {
      const give = (userId: string, to: string) =>
        people.code(userId, "set_role", { conversationId, userId: to, role: "admin" });

      expect(await give("ben", "cleo")).toBe("forbidden");
      expect(await give("dora", "cleo")).toBe("not_found");
      expect(await give("ada", "dora")).toBe("not_found");
      expect(await give("ada", "ada")).toBe("forbidden");
      expect(await people.code("ada", "set_role", { conversationId, userId: "cleo", role: "owner" } as never)).toBe(
        "bad_request",
      );
    }),
  );

  test(
    "an admin mutes a member for a time, and lets it write again",
    run(async (people, conversationId) => {
      const muted = await people.call("ben", "mute_member", { conversationId, userId: "cleo", forMs: 60_000 });
      const freed = await people.call("ben", "mute_member", { conversationId, userId: "cleo", forMs: 0 });
      const again = await people.newsOf(() =>
        people.call("ben", "mute_member", { conversationId, userId: "cleo", forMs: 0 }),
      );

      expect(muted.member.mutedUntil).toBe(NOW + 60_000);
      expect(freed.member.mutedUntil).toBe(0);
      expect(again).toEqual([]);
      expect((await people.notices(conversationId)).slice(2)).toEqual([
        { kind: "member_muted", actorId: "ben", userIds: ["cleo"], text: String(NOW + 60_000) },
        { kind: "member_muted", actorId: "ben", userIds: ["cleo"], text: "0" },
      ]);
    }),
  );

  test(
    "only admins mute, and only those with a lower role",
    run(async (people, conversationId) => {
      const mute = (userId: string, target: string) =>
        people.code(userId, "mute_member", { conversationId, userId: target, forMs: 1_000 });

      expect(await mute("cleo", "ben")).toBe("forbidden");
      expect(await mute("ben", "ada")).toBe("forbidden");
      expect(await mute("ben", "ben")).toBe("forbidden");
      expect(await mute("ben", "dora")).toBe("not_found");
      expect(await mute("ada", "ben")).toBe("done");
    }),
  );

  test(
    "the owner hands the group over, and stays an admin",
    run(async (people, conversationId) => {
      const { conversation } = await people.call("ada", "transfer_group", { conversationId, userId: "cleo" });
      const again = await people.newsOf(() => people.call("ada", "transfer_group", { conversationId, userId: "cleo" }));

      expect(conversation).toMatchObject({ ownerId: "cleo", role: "admin" });
      expect(again).toEqual([]);
      expect((await people.member(conversationId, "cleo")).role).toBe("owner");
      expect((await people.notices(conversationId)).at(-1)).toEqual({
        kind: "owner_changed",
        actorId: "ada",
        userIds: ["cleo"],
      });
      expect(await people.code("ada", "leave_group", { conversationId })).toBe("done");
    }),
  );

  test(
    "only the owner hands the group over, to a member",
    run(async (people, conversationId) => {
      expect(await people.code("ben", "transfer_group", { conversationId, userId: "ben" })).toBe("forbidden");
      expect(await people.code("ada", "transfer_group", { conversationId, userId: "dora" })).toBe("not_found");
      expect(await people.code("dora", "transfer_group", { conversationId, userId: "cleo" })).toBe("not_found");
    }),
  );

  test(
    "a dismissed group stays readable, and nothing else is done in it",
    run(async (people, conversationId) => {
      const { invite } = await people.call("ada", "create_invite", { conversationId });
      const news = await people.newsOf(() => people.call("ada", "dismiss_group", { conversationId }));

      expect((await people.notices(conversationId)).at(-1)).toEqual({
        kind: "group_dismissed",
        actorId: "ada",
        userIds: [],
      });
      expect(people.news.find(({ event }) => event === "conversation_updated")).toMatchObject({
        payload: { meta: { state: "dismissed", memberCount: 3 } },
      });
      expect(news).toContain("message inbox:cleo");
      expect(await people.newsOf(() => people.call("ada", "dismiss_group", { conversationId }))).toEqual([]);
      const codes = [
        await people.code("ben", "dismiss_group", { conversationId }),
        await people.code("ada", "update_group", { conversationId, title: "More" }),
        await people.code("ada", "add_members", { conversationId, userIds: ["dora"] }),
        await people.code("ada", "remove_member", { conversationId, userId: "cleo" }),
        await people.code("ada", "set_role", { conversationId, userId: "cleo", role: "admin" }),
        await people.code("ada", "mute_member", { conversationId, userId: "cleo", forMs: 1_000 }),
        await people.code("ada", "transfer_group", { conversationId, userId: "cleo" }),
        await people.code("cleo", "leave_group", { conversationId }),
        await people.code("ada", "create_invite", { conversationId }),
        await people.code("ada", "revoke_invites", { conversationId }),
        await people.code("ada", "list_join_requests", { conversationId }),
        await people.code("dora", "join_group", { token: invite.token }),
      ];
      expect(new Set(codes)).toEqual(new Set(["conversation_closed"]));
      expect(await people.code("dora", "get_invite", { token: invite.token })).toBe("not_found");
      expect(await people.code("dora", "join_open_group", { conversationId })).toBe("not_found");
    }),
  );

  test(
    "only the owner dismisses",
    run(async (people, conversationId) => {
      expect(await people.code("ben", "dismiss_group", { conversationId })).toBe("forbidden");
      expect(await people.code("dora", "dismiss_group", { conversationId })).toBe("not_found");
    }),
  );
});
