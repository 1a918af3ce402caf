import { testEngines } from "@hutong/database/testing";
import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { Housekeeping } from "../src/housekeeping.ts";
import { createBench } from "./accounts/support.ts";
import { ActingPeople } from "./support/acting-people.ts";
import { addPeople, DAY_MS, NOW } from "./support/people.ts";

const HOUR_MS = 3_600_000;

describe.each(testEngines())("the housekeeping on $name", (engine) => {
  test("its end waits for a round that is under way", async () => {
    await using bench = await createBench(engine);
    const failures: unknown[] = [];
    const housekeeping = new Housekeeping({ ...bench, failed: (error) => failures.push(error) });
    const call = { userId: "ada", key: "one", request: {} };
    await housekeeping.idempotentCalls.once(call, () => Promise.resolve({ answer: 1 }));
    housekeeping.start();
    await bench.clock.advance(25 * HOUR_MS);

    await housekeeping.close();

    expect(await bench.database.read.selectFrom("idempotency").selectAll().execute()).toEqual([]);
    expect(failures).toEqual([]);
    expect(bench.clock.timerCount).toBe(0);
  });

  test("forgets friend requests after thirty days, and requests for groups once they have an answer", async () => {
    await using bench = await createBench(engine);
    await addPeople(bench.database, ["ada", "ben", "cem", "eve"]);
    const people = new ActingPeople(bench.database);
    const ids = async (table: "friend_requests" | "join_requests") =>
      (await bench.database.read.selectFrom(table).select("id").orderBy("id").execute()).map(({ id }) => id);
    const { request } = await people.call("ada", "request_friend", { userId: "ben" });
    await people.call("ben", "answer_friend_request", { requestId: request.id, answer: "accept" });
    const conversationId = await people.group("ada", ["ben"]);
    await people.call("ada", "update_group", { conversationId, joinMode: "approval" });
    for (const name of ["cem", "eve"]) await people.call(name, "join_open_group", { conversationId });
    const { requests } = await people.call("ada", "list_join_requests", { conversationId });
    const [first = "", second = ""] = requests.map(({ id }) => id);
    await people.call("ada", "answer_join_request", { conversationId, requestId: first, answer: "refuse" });
    const leftAfter = async (ageMs: number) => {
      const clock = new FakeClock(NOW + ageMs - HOUR_MS);
      const housekeeping = new Housekeeping({ ...bench, clock, failed: (error) => expect.unreachable(String(error)) });
      housekeeping.start();
      await clock.advance(HOUR_MS);
      await housekeeping.close();
      return { friends: await ids("friend_requests"), groups: await ids("join_requests") };
    };

    expect(await leftAfter(30 * DAY_MS)).toEqual({ friends: [request.id], groups: [first, second] });
    expect(await leftAfter(30 * DAY_MS + 1)).toEqual({ friends: [], groups: [second] });
  });
});
