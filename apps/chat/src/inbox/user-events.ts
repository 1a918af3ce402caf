import type { UserEvent, UserEventContent } from "@hutong/chat-api";
import { sql, type Transaction } from "kysely";
import type { Tables } from "../storage/tables.ts";
import { inboxTopic, type NewsItem } from "./news.ts";

/**
 * Appends an event to a user's log, inside the transaction of what it tells about, and gives back the push that
 * is due after the commit. Events of a user are numbered without gaps.
 */
export async function appendUserEvent(
  transaction: Transaction<Tables>,
  { userId, event, at }: { readonly userId: string; readonly event: UserEventContent; readonly at: number },
): Promise<NewsItem> {
  const { user_seq: userSeq } = await transaction
    .updateTable("users")
    .set({ user_seq: sql`user_seq + 1` })
    .where("id", "=", userId)
    .returning("user_seq")
    .executeTakeFirstOrThrow();
  const payload: UserEvent = { userSeq, event };
  await transaction
    .insertInto("user_events")
    .values({ user_id: userId, user_seq: userSeq, kind: event.kind, payload: JSON.stringify(event), created_at: at })
    .execute();
  return { topics: [inboxTopic(userId)], event: "user_event", payload };
}
