import { ACTIONS } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import { testEngines } from "@hutong/database/testing";
import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { addMember } from "../../src/conversations/membership.ts";
import { insertConversation } from "../../src/conversations/insert-conversation.ts";
import { appendUserEvent } from "../../src/inbox/user-events.ts";
import type { Tables } from "../../src/storage/tables.ts";
import { syncHandlers } from "../../src/sync/sync-handlers.ts";
import { trimUserEvents } from "../../src/sync/user-log.ts";
import { addPeople, DAY_MS, NOW, withChatDatabase } from "../support/people.ts";
import { say } from "../support/speech.ts";

const ANN = { caller: { userId: "ann", kind: "user", sessionId: "s" }, remoteAddress: "" } as const;

function createStage(database: Database<Tables>) {
  const clock = new FakeClock(NOW);
  const handlers = syncHandlers({ database, clock, heartbeatMs: 25_000 });
  const sync = (input: object) => handlers.sync(ACTIONS.sync.input.parse(input), ANN);
  return { clock, sync, heartbeat: (since: number) => handlers.heartbeat({ since }, ANN) };
}

async function makeGroups(database: Database<Tables>, ids: readonly string[]): Promise<void> {
  await database.write(async (transaction) => {
    for (const id of ids) {
      const { conversation } = await insertConversation(transaction, {
        id,
        type: "group",
        joinMode: "invite",
        at: NOW,
      });
      for (const userId of ["ann", "bob"]) await addMember(transaction, { conversation, userId, at: NOW });
    }
  });
}

/** Makes conversations like the first one, members included; a thousand rows at a time, because the test is about reading. */
async function copyFirst(database: Database<Tables>, count: number): Promise<void> {
  await database.write(async (transaction) => {
    const conversation = await transaction.selectFrom("conversations").selectAll().executeTakeFirstOrThrow();
    const members = await transaction.selectFrom("members").selectAll().execute();
    const places = Array.from({ length: count }, (_, place) => `copy-${place}`);
    for (let start = 0; start < count; start += 500) {
      const ids = places.slice(start, start + 500);
      await transaction
        .insertInto("conversations")
        .values(ids.map((id) => ({ ...conversation, id })))
        .execute();
      const rows = ids.flatMap((id) => members.map((member) => ({ ...member, conversation_id: id })));
      await transaction.insertInto("members").values(rows).execute();
    }
  });
}

async function tell(database: Database<Tables>, userId: string, at = NOW): Promise<void> {
  await database.write((transaction) =>
    appendUserEvent(transaction, { userId, event: { kind: "friend_removed", userId: "bob" }, at }),
  );
}

describe.each(testEngines())("synchronising on $name", (engine) => {
  test("a new client gets its account, the first page and no old events", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob"]);
      await makeGroups(
        database,
        Array.from({ length: 60 }, (_, place) => `group-${place}`),
      );
      await tell(database, "ann");
      const { sync } = createStage(database);
      const snapshot = await sync({});
      expect(snapshot).toMatchObject({ me: { id: "ann" }, now: NOW, userSeq: 1, events: [], reload: true, unread: 0 });
      expect(snapshot.conversations).toHaveLength(50);
      expect(snapshot.next).not.toBeNull();
    }));

  test("a client that comes back gets what moved meanwhile, and nothing else", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob"]);
      await makeGroups(database, ["quiet", "busy"]);
      const { sync, clock } = createStage(database);
      const { now } = await sync({});
      await clock.advance(60_000);
      await say(database, "busy", { from: "bob", texts: ["hi"], at: clock.now() });
      await tell(database, "ann", clock.now());
      const snapshot = await sync({ since: now + 30_000, userSeq: 0 });
      expect(snapshot.reload).toBe(false);
      expect(snapshot.conversations.map(({ id, unread }) => [id, unread])).toEqual([["busy", 1]]);
      expect(snapshot.events).toEqual([{ userSeq: 1, event: { kind: "friend_removed", userId: "bob" } }]);
    }));

  test("what a client says it holds is compared, whatever the clocks say", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob"]);
      await makeGroups(database, ["one", "other"]);
      await say(database, "one", { from: "bob", texts: ["hi"] });
      const { sync } = createStage(database);
      const known = [
        { id: "one", lastSeq: 0, changeSeq: 0, metaSeq: 0 },
        { id: "other", lastSeq: 0, changeSeq: 0, metaSeq: 0 },
        { id: "never-heard-of", lastSeq: 0, changeSeq: 0, metaSeq: 0 },
      ];
      const snapshot = await sync({ since: NOW + DAY_MS, known });
      expect(snapshot.conversations.map(({ id }) => id)).toEqual(["one"]);
    }));

  test("a client whose events are gone loads anew", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob"]);
      await tell(database, "ann", NOW - 31 * DAY_MS);
      await tell(database, "ann", NOW);
      expect(await trimUserEvents(database, NOW)).toBe(1);
      const { sync } = createStage(database);
      expect(await sync({ since: NOW, userSeq: 0 })).toMatchObject({ reload: true, events: [], userSeq: 2 });
      expect(await sync({ since: NOW, userSeq: 1 })).toMatchObject({ reload: false, userSeq: 2 });
      expect(await sync({ since: NOW, userSeq: 3 })).toMatchObject({ reload: true, userSeq: 2 });
    }));

  test("the heartbeat tells which conversations moved, ones that were left included", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob"]);
      await makeGroups(database, ["quiet", "busy", "left"]);
      const { heartbeat, clock } = createStage(database);
      await clock.advance(60_000);
      await say(database, "busy", { from: "bob", texts: ["one", "two"], at: clock.now() });
      await database.write((transaction) =>
        transaction
          .updateTable("members")
          .set({ left_at: clock.now(), max_seq: 0, updated_at: clock.now() })
          .where("conversation_id", "=", "left")
          .where("user_id", "=", "ann")
          .execute(),
      );
      const answer = await heartbeat(clock.now() - 1_000);
      expect(answer).toMatchObject({ now: clock.now(), userSeq: 0, more: false });
      expect(
        answer.changed.map(({ id, lastSeq }) => `${id} ${lastSeq}`).toSorted((one, other) => one.localeCompare(other)),
      ).toEqual(["busy 2", "left 0"]);
    }));

  test("an account with 5,000 conversations gets its first page without reading them all", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob"]);
      await makeGroups(database, ["first"]);
      await copyFirst(database, 4_999);
      const { sync } = createStage(database);
      const { conversations, next } = await sync({});
      expect(conversations).toHaveLength(50);
      expect(next).not.toBeNull();
    }));
});
