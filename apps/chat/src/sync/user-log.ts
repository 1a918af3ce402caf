import type { UserEvent, UserEventContent } from "@hutong/chat-api";
import type { Kysely } from "kysely";
import type { Database } from "@hutong/database";
import type { Tables } from "../storage/tables.ts";

const MAX_EVENTS = 500;
/** How long events are kept; who was away for longer loads anew. */
const RETENTION_MS = 30 * 24 * 3_600_000;

/** The number of a user's latest event; 0 before the first. */
export async function newestUserSeq(executor: Kysely<Tables>, userId: string): Promise<number> {
  const { user_seq: newest } = await executor
    .selectFrom("users")
    .select("user_seq")
    .where("id", "=", userId)
    .executeTakeFirstOrThrow();
  return newest;
}

/** A user's events after a number, in order. `isComplete` is false when some of them are gone, or there are too many. */
export async function userEventsAfter(
  executor: Kysely<Tables>,
  userId: string,
  userSeq: number,
): Promise<{ readonly events: UserEvent[]; readonly isComplete: boolean; readonly userSeq: number }> {
  const newest = await newestUserSeq(executor, userId);
  const rows = await executor
    .selectFrom("user_events")
    .select(["user_seq", "payload"])
    .where("user_id", "=", userId)
    .where("user_seq", ">", userSeq)
    .where("user_seq", "<=", newest)
    .orderBy("user_seq")
    .limit(MAX_EVENTS + 1)
    .execute();
  const isComplete = userSeq <= newest && rows.length <= MAX_EVENTS && rows.length === newest - userSeq;
  // What is stored was made by appendUserEvent from a value of this type.
  const events = rows.map((row) => ({ userSeq: row.user_seq, event: JSON.parse(row.payload) as UserEventContent }));
  return { events: isComplete ? events : [], isComplete, userSeq: newest };
}

/** Forgets events that are too old. Resolves with how many there were. */
export async function trimUserEvents(database: Database<Tables>, now: number): Promise<number> {
  const { numDeletedRows } = await database.write((transaction) =>
    transaction
      .deleteFrom("user_events")
      .where("created_at", "<", now - RETENTION_MS)
      .executeTakeFirstOrThrow(),
  );
  return Number(numDeletedRows);
}
