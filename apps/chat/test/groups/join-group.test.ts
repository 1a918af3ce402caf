import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { type ActingPeople, withPeople } from "../support/acting-people.ts";
import { addPeople, addPerson, befriend, DAY_MS, NOW } from "../support/people.ts";

const WEEK_MS = 7 * DAY_MS;

describe.each(testEngines())("getting into groups on $name", (engine) => {
  const run = (work: (people: ActingPeople, conversationId: string) => Promise<void>) => () =>
    withPeople(engine, async (people) => {
      await addPeople(people.database, ["ada", "ben", "cleo", "dora", "eve"]);
      await befriend(people.database, "ada", ["ben", "cleo"]);
      const conversationId = await people.group("ada", ["ben", "cleo"]);
      await people.call("ada", "set_role", { conversationId, userId: "ben", role: "admin" });
      await work(people, conversationId);
    });

  test(
    "an invitation is a token, a path and a QR code, for a week",
    run(async (people, conversationId) => {
      const { invite } = await people.call("cleo", "create_invite", { conversationId });

      expect(invite.token).toMatch(/^[\w-]{43}$/);
      expect(invite).toMatchObject({ conversationId, path: `/join/${invite.token}`, expiresAt: NOW + WEEK_MS });
      expect(invite.qr).toMatch(/^<svg .*<\/svg>$/s);
    }),
  );

  test(
    "everyone with a session sees what an invitation leads to",
    run(async (people, conversationId) => {
      await addPerson(people.database, "vera", { kind: "visitor" });
      const { invite } = await people.call("cleo", "create_invite", { conversationId });
      const { token } = invite;

      const seen = await people.call("vera", "get_invite", { token }, "visitor");

      expect(seen).toEqual({
        conversationId,
        title: "Lane",
        avatar: null,
        memberCount: 3,
        joinMode: "invite",
        isMember: false,
      });
      expect((await people.call("ben", "get_invite", { token })).isMember).toBe(true);
      expect(await people.code("dora", "get_invite", { token: "guessed" })).toBe("not_found");
    }),
  );

  test(
    "whoever takes an invitation is in, invited by its maker",
    run(async (people, conversationId) => {
      const { invite } = await people.call("cleo", "create_invite", { conversationId });

      const outcome = await people.call("dora", "join_group", { token: invite.token });

      expect(outcome).toEqual({ state: "joined", conversationId });
      expect(await people.members(conversationId)).toEqual({ ids: ["ada", "ben", "cleo", "dora"], count: 4 });
      expect((await people.notices(conversationId)).at(-1)).toEqual({
        kind: "members_joined",
        actorId: "cleo",
        userIds: ["dora"],
      });
    }),
  );

  test(
    "an invitation is used as often as it says, and a retry is no use",
    run(async (people, conversationId) => {
      const { invite } = await people.call("cleo", "create_invite", { conversationId, maxUses: 1 });
      const { token } = invite;
      await people.call("dora", "join_group", { token });

      expect(await people.call("dora", "join_group", { token })).toEqual({ state: "joined", conversationId });
      expect(await people.code("eve", "join_group", { token })).toBe("not_found");
      expect(await people.code("eve", "get_invite", { token })).toBe("not_found");
      expect(await people.code("dora", "get_invite", { token })).toBe("done");
    }),
  );

  test(
    "racing uses do not pass the limit together",
    run(async (people, conversationId) => {
      const names = ["p0", "p1", "p2", "p3", "p4", "p5"];
      await addPeople(people.database, names);
      const { invite } = await people.call("cleo", "create_invite", { conversationId, maxUses: 2 });

      const codes = await Promise.all(names.map((name) => people.code(name, "join_group", { token: invite.token })));

      expect([...codes].sort()).toEqual(["done", "done", "not_found", "not_found", "not_found", "not_found"]);
      expect((await people.members(conversationId)).count).toBe(5);
    }),
  );

  test(
    "an invitation ends with its time, with its maker's membership, and when an admin says so",
    run(async (people, conversationId) => {
      const short = await people.call("ada", "create_invite", { conversationId, expiresInMs: 60_000 });
      const ofCleo = await people.call("cleo", "create_invite", { conversationId });
      const ofAda = await people.call("ada", "create_invite", { conversationId });
      const join = (token: string) => people.code("dora", "join_group", { token });

      await people.clock.advance(60_000);
      expect(await join(short.invite.token)).toBe("not_found");
      await people.call("cleo", "leave_group", { conversationId });
      expect(await join(ofCleo.invite.token)).toBe("not_found");
      await people.call("ben", "revoke_invites", { conversationId });
      expect(await join(ofAda.invite.token)).toBe("not_found");
    }),
  );

  test(
    "a closed group has no invitations, old ones included",
    run(async (people, conversationId) => {
      const { invite } = await people.call("cleo", "create_invite", { conversationId, maxUses: 1 });
      await people.call("ada", "update_group", { conversationId, joinMode: "closed" });

      expect(await people.code("ada", "create_invite", { conversationId })).toBe("forbidden");
      expect(await people.code("dora", "join_group", { token: invite.token })).toBe("forbidden");
      await people.call("ada", "update_group", { conversationId, joinMode: "invite" });
      expect(await people.code("dora", "join_group", { token: invite.token })).toBe("done");
    }),
  );

  test(
    "only members invite, only admins revoke",
    run(async (people, conversationId) => {
      expect(await people.code("dora", "create_invite", { conversationId })).toBe("not_found");
      expect(await people.code("dora", "revoke_invites", { conversationId })).toBe("not_found");
      expect(await people.code("cleo", "revoke_invites", { conversationId })).toBe("forbidden");
    }),
  );

  test(
    "a group has 100 invitations at most that can be used",
    run(async (people, conversationId) => {
      for (let made = 0; made < 100; made++) await people.call("ada", "create_invite", { conversationId });

      expect(await people.code("ada", "create_invite", { conversationId })).toBe("limit_reached");
      await people.clock.advance(WEEK_MS);
      expect(await people.code("ada", "create_invite", { conversationId })).toBe("done");
    }),
  );

  test(
    "visitors do not join",
    run(async (people, conversationId) => {
      await addPerson(people.database, "vera", { kind: "visitor" });
      const { invite } = await people.call("ada", "create_invite", { conversationId });

      const joining = people.call("vera", "join_group", { token: invite.token }, "visitor");

      await expect(joining).rejects.toMatchObject({ code: "users_only" });
    }),
  );

  test(
    "an open group lets in whoever knows its id, one by invitation does not say that it exists",
    run(async (people, conversationId) => {
      expect(await people.code("dora", "join_open_group", { conversationId })).toBe("not_found");
      expect(await people.code("dora", "join_open_group", { conversationId: "none" })).toBe("not_found");
      expect(await people.code("cleo", "join_open_group", { conversationId })).toBe("done");
      await people.call("ada", "update_group", { conversationId, joinMode: "open" });

      const outcome = await people.call("dora", "join_open_group", { conversationId });

      expect(outcome).toEqual({ state: "joined", conversationId });
      expect((await people.notices(conversationId)).at(-1)).toEqual({
        kind: "members_joined",
        actorId: "dora",
        userIds: ["dora"],
      });
    }),
  );

  test(
    "nobody joins a full group",
    run(async (people, conversationId) => {
      await people.call("ada", "update_group", { conversationId, joinMode: "open" });
      await people.database.write((transaction) =>
        transaction.updateTable("conversations").set({ member_count: 500 }).where("id", "=", conversationId).execute(),
      );

      expect(await people.code("dora", "join_open_group", { conversationId })).toBe("limit_reached");
    }),
  );

  test(
    "where the group wants approval, joining asks the admins, once",
    run(async (people, conversationId) => {
      await people.call("ada", "update_group", { conversationId, joinMode: "approval" });
      const { invite } = await people.call("cleo", "create_invite", { conversationId, maxUses: 1 });
      const wish = { token: invite.token, message: "Let me in" };

      expect(await people.call("dora", "join_group", wish)).toEqual({ state: "waiting", conversationId });
      expect(await people.call("dora", "join_group", wish)).toEqual({ state: "waiting", conversationId });
      expect(await people.call("dora", "join_open_group", { conversationId })).toEqual({
        state: "waiting",
        conversationId,
      });

      const { requests } = await people.call("ben", "list_join_requests", { conversationId });
      expect(requests).toMatchObject([
        { conversationId, user: { id: "dora" }, invitedBy: "cleo", message: "Let me in", state: "pending" },
      ]);
      expect(await people.events("ada")).toEqual([{ kind: "join_request", request: requests[0] }]);
      expect(await people.eventKinds("dora")).toEqual([]);
      expect((await people.members(conversationId)).count).toBe(3);
    }),
  );

  test(
    "an admin lets somebody in, of which admins and that one hear",
    run(async (people, conversationId) => {
      await people.call("ada", "update_group", { conversationId, joinMode: "approval" });
      await people.call("dora", "join_open_group", { conversationId });
      const { requests } = await people.call("ben", "list_join_requests", { conversationId });
      const answer = { conversationId, requestId: requests[0]?.id ?? "", answer: "accept" } as const;

      const { request } = await people.call("ben", "answer_join_request", answer);
      const again = await people.newsOf(() => people.call("ada", "answer_join_request", answer));

      expect(request).toMatchObject({ state: "accepted", user: { id: "dora" }, invitedBy: null });
      expect(again).toEqual([]);
      expect(await people.members(conversationId)).toEqual({ ids: ["ada", "ben", "cleo", "dora"], count: 4 });
      expect((await people.notices(conversationId)).at(-1)).toEqual({
        kind: "members_joined",
        actorId: "dora",
        userIds: ["dora"],
      });
      expect(await people.eventKinds("ada")).toEqual(["join_request", "join_request"]);
      expect(await people.events("dora")).toEqual([{ kind: "join_request", request }]);
      expect(await people.code("ada", "answer_join_request", { ...answer, answer: "refuse" })).toBe("conflict");
      const row = await people.database.read.selectFrom("join_requests").select("handled_by").executeTakeFirst();
      expect(row).toEqual({ handled_by: "ben" });
    }),
  );

  test(
    "who waits gets in when the group no longer wants approval",
    run(async (people, conversationId) => {
      await people.call("ada", "update_group", { conversationId, joinMode: "approval" });
      await people.call("dora", "join_open_group", { conversationId });
      await people.call("ada", "update_group", { conversationId, joinMode: "open" });

      const outcome = await people.call("dora", "join_open_group", { conversationId });

      expect(outcome.state).toBe("joined");
      expect((await people.call("ada", "list_join_requests", { conversationId })).requests).toEqual([]);
    }),
  );

  test(
    "a refused one may ask again, five times a day",
    run(async (people, conversationId) => {
      await people.call("ada", "update_group", { conversationId, joinMode: "approval" });
      for (let asked = 0; asked < 5; asked++) {
        await people.call("dora", "join_open_group", { conversationId });
        const { requests } = await people.call("ada", "list_join_requests", { conversationId });
        const requestId = requests[0]?.id ?? "";
        await people.call("ada", "answer_join_request", { conversationId, requestId, answer: "refuse" });
      }

      const asking = people.call("dora", "join_open_group", { conversationId });

      await expect(asking).rejects.toMatchObject({ code: "rate_limited", retryAfterMs: DAY_MS });
      expect((await people.members(conversationId)).count).toBe(3);
      await befriend(people.database, "cleo", ["dora"]);
      expect(await people.call("cleo", "add_members", { conversationId, userIds: ["dora"] })).toEqual({
        added: [],
        waiting: [],
        refused: ["dora"],
      });
    }),
  );

  test(
    "only admins see and answer requests, and only those of their group",
    run(async (people, conversationId) => {
      await people.call("ada", "update_group", { conversationId, joinMode: "approval" });
      await people.call("dora", "join_open_group", { conversationId });
      const { requests } = await people.call("ada", "list_join_requests", { conversationId });
      const requestId = requests[0]?.id ?? "";
      await befriend(people.database, "eve", ["dora"]);
      const otherId = await people.group("eve", ["dora"]);
      const answer = { conversationId, requestId, answer: "accept" } as const;

      expect(await people.code("cleo", "list_join_requests", { conversationId })).toBe("forbidden");
      expect(await people.code("eve", "list_join_requests", { conversationId })).toBe("not_found");
      expect(await people.code("cleo", "answer_join_request", answer)).toBe("forbidden");
      expect(await people.code("dora", "answer_join_request", answer)).toBe("not_found");
      expect(await people.code("eve", "answer_join_request", { ...answer, conversationId: otherId })).toBe("not_found");
    }),
  );
});
