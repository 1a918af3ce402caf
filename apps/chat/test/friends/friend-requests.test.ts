import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { type ActingPeople, withPeople } from "../support/acting-people.ts";
import { addPeople, addPerson, befriend, block, DAY_MS, NOW } from "../support/people.ts";

describe.each(testEngines())("friend requests on $name", (engine) => {
  const run = (work: (people: ActingPeople) => Promise<void>) => () =>
    withPeople(engine, async (people) => {
      await addPeople(people.database, ["ada", "ben", "cleo"]);
      await work(people);
    });

  test(
    "a request reaches the other one and the sender's own devices",
    run(async (people) => {
      const { request } = await people.call("ada", "request_friend", { userId: "ben", message: "It is me" });

      expect(request).toMatchObject({ state: "pending", message: "It is me", createdAt: NOW, handledAt: 0 });
      expect(request).toMatchObject({ from: { id: "ada", nickname: "ada" }, to: { id: "ben" } });
      expect(await people.events("ben")).toEqual([{ kind: "friend_request", request }]);
      expect(await people.events("ada")).toEqual([{ kind: "friend_request", request }]);
      expect(people.news.map(({ event, topics }) => [event, topics])).toEqual([
        ["user_event", ["inbox:ben"]],
        ["user_event", ["inbox:ada"]],
      ]);
    }),
  );

  test(
    "accepting makes friends, with the remarks of both, a conversation and a notice in it",
    run(async (people) => {
      const { request } = await people.call("ada", "request_friend", { userId: "ben", remark: "Benny" });
      people.news.length = 0;

      const answered = await people.call("ben", "answer_friend_request", {
        requestId: request.id,
        answer: "accept",
        remark: "Countess",
      });

      expect(answered.request).toMatchObject({ state: "accepted", handledAt: NOW });
      expect((await people.call("ada", "list_friends", {})).friends).toMatchObject([
        { user: { id: "ben" }, remark: "Benny", starred: false, hideMine: false, hideTheirs: false, createdAt: NOW },
      ]);
      expect((await people.call("ben", "list_friends", {})).friends).toMatchObject([
        { user: { id: "ada" }, remark: "Countess" },
      ]);
      expect(await people.eventKinds("ada")).toEqual(["friend_request", "friend_request_answered", "friend_added"]);
      expect(await people.eventKinds("ben")).toEqual(["friend_request", "friend_request_answered", "friend_added"]);
      const [conversation] = people.news.filter(({ event }) => event === "conversation");
      expect(conversation).toMatchObject({ payload: { conversation: { type: "direct", memberCount: 2 } } });
      const { id } = await people.database.read
        .selectFrom("conversations")
        .select("id")
        .where("unique_key", "=", "ada:ben")
        .executeTakeFirstOrThrow();
      expect(await people.notices(id)).toEqual([{ kind: "friends", actorId: "ben", userIds: ["ada", "ben"] }]);
    }),
  );

  test(
    "both hear of the conversation before the notice in it",
    run(async (people) => {
      const { request } = await people.call("ada", "request_friend", { userId: "ben" });

      const news = await people.newsOf(() =>
        people.call("ben", "answer_friend_request", { requestId: request.id, answer: "accept" }),
      );

      expect(news.filter((line) => !line.startsWith("user_event"))).toEqual([
        "conversation inbox:ada",
        "conversation inbox:ben",
        "message inbox:ada",
        "message inbox:ben",
      ]);
    }),
  );

  test(
    "asking again gives the pending request and says nothing twice",
    run(async (people) => {
      const { request } = await people.call("ada", "request_friend", { userId: "ben" });

      const again = await people.call("ada", "request_friend", { userId: "ben", message: "Hello?" });

      expect(again.request).toEqual(request);
      expect(await people.eventKinds("ben")).toEqual(["friend_request"]);
    }),
  );

  test(
    "asking a friend gives the request that made them friends",
    run(async (people) => {
      const { request } = await people.call("ada", "request_friend", { userId: "ben" });
      await people.call("ben", "answer_friend_request", { requestId: request.id, answer: "accept" });

      const again = await people.call("ada", "request_friend", { userId: "ben" });

      expect(again.request).toMatchObject({ id: request.id, state: "accepted" });
    }),
  );

  test(
    "a request that meets one the other way round accepts it",
    run(async (people) => {
      const { request } = await people.call("ada", "request_friend", { userId: "ben" });

      const met = await people.call("ben", "request_friend", { userId: "ada", remark: "Countess" });

      expect(met.request).toMatchObject({ id: request.id, state: "accepted" });
      expect((await people.call("ben", "list_friends", {})).friends).toMatchObject([{ remark: "Countess" }]);
    }),
  );

  test(
    "two who ask each other at the same time are friends",
    run(async (people) => {
      const [one, other] = await Promise.all([
        people.call("ada", "request_friend", { userId: "ben" }),
        people.call("ben", "request_friend", { userId: "ada" }),
      ]);

      expect(one.request.id).toBe(other.request.id);
      expect([one.request.state, other.request.state].sort()).toEqual(["accepted", "pending"]);
      expect((await people.call("ada", "list_friends", {})).friends).toHaveLength(1);
      expect((await people.call("ben", "list_friends", {})).friends).toHaveLength(1);
    }),
  );

  test(
    "a request that is sent many times at once is there once",
    run(async (people) => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => people.call("ada", "request_friend", { userId: "ben" })),
      );

      expect(new Set(answers.map(({ request }) => request.id)).size).toBe(1);
    }),
  );

  test(
    "whoever lets anyone in has the friend at once",
    run(async (people) => {
      await addPerson(people.database, "dora", { addMe: "anyone" });

      const { request } = await people.call("ada", "request_friend", { userId: "dora", remark: "D" });

      expect(request).toMatchObject({ state: "accepted", handledAt: NOW });
      expect(await people.eventKinds("dora")).toEqual(["friend_added"]);
      expect((await people.call("ada", "list_friends", {})).friends).toMatchObject([{ remark: "D" }]);
    }),
  );

  test(
    "whoever lets nobody in refuses, but can ask and be accepted",
    run(async (people) => {
      await addPerson(people.database, "eve", { addMe: "nobody" });

      expect(await people.code("ada", "request_friend", { userId: "eve" })).toBe("blocked");
      await people.call("eve", "request_friend", { userId: "ada" });
      expect(await people.code("ada", "request_friend", { userId: "eve" })).toBe("done");
    }),
  );

  test(
    "a block refuses in its direction, and the one who blocked is told to end it",
    run(async (people) => {
      await block(people.database, "ben", "ada");

      expect(await people.code("ada", "request_friend", { userId: "ben" })).toBe("blocked");
      expect(await people.code("ben", "request_friend", { userId: "ada" })).toBe("conflict");
    }),
  );

  test(
    "nobody asks oneself, a visitor, or nobody",
    run(async (people) => {
      await addPerson(people.database, "vera", { kind: "visitor" });

      expect(await people.code("ada", "request_friend", { userId: "ada" })).toBe("bad_request");
      expect(await people.code("ada", "request_friend", { userId: "vera" })).toBe("users_only");
      expect(await people.code("ada", "request_friend", { userId: "nobody" })).toBe("not_found");
    }),
  );

  test(
    "visitors ask nobody",
    run(async (people) => {
      await addPerson(people.database, "vera", { kind: "visitor" });

      const asking = people.call("vera", "request_friend", { userId: "ada" }, "visitor");

      await expect(asking).rejects.toMatchObject({ code: "users_only" });
    }),
  );

  test(
    "a refusal is told to both, and ends the request",
    run(async (people) => {
      const { request } = await people.call("ada", "request_friend", { userId: "ben" });

      const refused = await people.call("ben", "answer_friend_request", { requestId: request.id, answer: "refuse" });

      expect(refused.request).toMatchObject({ state: "refused", handledAt: NOW });
      expect(await people.eventKinds("ada")).toEqual(["friend_request", "friend_request_answered"]);
      expect(await people.eventKinds("ben")).toEqual(["friend_request", "friend_request_answered"]);
      const again = await people.call("ada", "request_friend", { userId: "ben" });
      expect(again.request.id).not.toBe(request.id);
    }),
  );

  test(
    "ignoring tells the sender nothing, wherever the sender looks",
    run(async (people) => {
      const { request } = await people.call("ada", "request_friend", { userId: "ben" });

      const ignored = await people.call("ben", "answer_friend_request", { requestId: request.id, answer: "ignore" });

      expect(ignored.request.state).toBe("ignored");
      expect(await people.eventKinds("ada")).toEqual(["friend_request"]);
      expect(await people.eventKinds("ben")).toEqual(["friend_request", "friend_request_answered"]);
      const outgoing = await people.call("ada", "list_friend_requests", { direction: "outgoing" });
      expect(outgoing).toEqual({ requests: [request], pending: 1, more: false });
      const again = await people.call("ada", "request_friend", { userId: "ben" });
      expect(again.request).toEqual(request);
      const incoming = await people.call("ben", "list_friend_requests", { direction: "incoming" });
      expect(incoming).toMatchObject({ requests: [{ state: "ignored" }], pending: 0 });
    }),
  );

  test(
    "an ignored request can still be accepted",
    run(async (people) => {
      const { request } = await people.call("ada", "request_friend", { userId: "ben" });
      await people.call("ben", "answer_friend_request", { requestId: request.id, answer: "ignore" });

      const met = await people.call("ben", "request_friend", { userId: "ada" });

      expect(met.request).toMatchObject({ id: request.id, state: "accepted" });
    }),
  );

  test(
    "the same answer again changes nothing, another one is a conflict",
    run(async (people) => {
      const { request } = await people.call("ada", "request_friend", { userId: "ben" });
      const accept = { requestId: request.id, answer: "accept" } as const;
      await people.call("ben", "answer_friend_request", accept);

      const again = await people.call("ben", "answer_friend_request", accept);

      expect(again.request.state).toBe("accepted");
      expect(await people.eventKinds("ben")).toEqual(["friend_request", "friend_request_answered", "friend_added"]);
      expect(await people.code("ben", "answer_friend_request", { ...accept, answer: "refuse" })).toBe("conflict");
    }),
  );

  test(
    "only the one who is asked answers",
    run(async (people) => {
      const { request } = await people.call("ada", "request_friend", { userId: "ben" });
      const accept = { requestId: request.id, answer: "accept" } as const;

      expect(await people.code("ada", "answer_friend_request", accept)).toBe("not_found");
      expect(await people.code("cleo", "answer_friend_request", accept)).toBe("not_found");
      expect(await people.code("ben", "answer_friend_request", { ...accept, requestId: "none" })).toBe("not_found");
    }),
  );

  test(
    "a request lives for seven days",
    run(async (people) => {
      const { request } = await people.call("ada", "request_friend", { userId: "ben" });
      await people.clock.advance(7 * DAY_MS);

      const accept = { requestId: request.id, answer: "accept" } as const;
      expect(await people.code("ben", "answer_friend_request", accept)).toBe("conflict");
      const incoming = await people.call("ben", "list_friend_requests", { direction: "incoming" });
      expect(incoming).toMatchObject({
        requests: [{ id: request.id, state: "expired", handledAt: NOW + 7 * DAY_MS }],
        pending: 0,
      });
      const again = await people.call("ada", "request_friend", { userId: "ben" });
      expect(again.request).toMatchObject({ state: "pending", createdAt: NOW + 7 * DAY_MS });
    }),
  );

  test(
    "nobody is asked by the same one more than five times a day",
    run(async (people) => {
      for (let asked = 0; asked < 5; asked++) {
        const { request } = await people.call("ada", "request_friend", { userId: "ben" });
        await people.call("ben", "answer_friend_request", { requestId: request.id, answer: "refuse" });
        await people.clock.advance(1_000);
      }

      const asking = people.call("ada", "request_friend", { userId: "ben" });

      await expect(asking).rejects.toMatchObject({ code: "rate_limited", retryAfterMs: DAY_MS - 5_000 });
      expect(await people.code("ada", "request_friend", { userId: "cleo" })).toBe("done");
      await people.clock.advance(DAY_MS - 5_000);
      expect(await people.code("ada", "request_friend", { userId: "ben" })).toBe("done");
    }),
  );

  test(
    "nobody asks more than a hundred times a day",
    run(async (people) => {
      const others = Array.from({ length: 101 }, (_, place) => `other-${place}`);
      await addPeople(people.database, others);
      const codes = new Set<string>();
      for (const userId of others.slice(1)) codes.add(await people.code("ada", "request_friend", { userId }));

      const asking = people.call("ada", "request_friend", { userId: "other-0" });

      await expect(asking).rejects.toMatchObject({ code: "rate_limited", retryAfterMs: DAY_MS });
      expect([...codes]).toEqual(["done"]);
      expect(await people.code("ben", "request_friend", { userId: "other-0" })).toBe("done");
      await people.clock.advance(DAY_MS);
      expect(await people.code("ada", "request_friend", { userId: "other-0" })).toBe("done");
    }),
  );

  test(
    "nobody has more than 3,000 friends, whichever of the two it is",
    run(async (people) => {
      const others = Array.from({ length: 3_000 }, (_, place) => `friend-${place}`);
      for (let start = 0; start < others.length; start += 500)
        await befriend(people.database, "ada", others.slice(start, start + 500));
      const { request } = await people.call("ada", "request_friend", { userId: "ben" });
      const accept = { requestId: request.id, answer: "accept" } as const;

      expect(await people.code("ben", "answer_friend_request", accept)).toBe("limit_reached");
      await people.call("cleo", "request_friend", { userId: "ada" });
      expect(await people.code("ada", "request_friend", { userId: "cleo" })).toBe("limit_reached");
      expect((await people.call("ben", "list_friends", {})).friends).toEqual([]);
    }),
  );

  test(
    "requests are listed by direction, the latest first, page by page",
    run(async (people) => {
      const names = Array.from({ length: 51 }, (_, place) => `asker-${String(place).padStart(2, "0")}`);
      await addPeople(people.database, names);
      for (const name of names) await people.call(name, "request_friend", { userId: "ada" });

      const first = await people.call("ada", "list_friend_requests", { direction: "incoming" });
      const last = first.requests.at(-1);
      const second = await people.call("ada", "list_friend_requests", {
        direction: "incoming",
        before: last?.id ?? expect.unreachable(),
      });

      expect(first.requests).toHaveLength(50);
      expect(first).toMatchObject({ pending: 51, more: true });
      expect(first.requests[0]?.from.id).toBe("asker-50");
      expect(second.requests.map(({ from }) => from.id)).toEqual(["asker-00"]);
      expect(second.more).toBe(false);
      expect((await people.call("ada", "list_friend_requests", { direction: "outgoing" })).requests).toEqual([]);
    }),
  );
});
