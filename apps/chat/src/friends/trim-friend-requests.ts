import type { Database } from "@hutong/database";
import type { Tables } from "../storage/tables.ts";
import { FRIEND_LIMITS } from "./friend-limits.ts";

/** Forgets requests that are too old to be looked up; none of them can be answered any more. */
export async function trimFriendRequests(database: Database<Tables>, now: number): Promise<void> {
  await database.write((transaction) =>
    transaction
      .deleteFrom("friend_requests")
      .where("created_at", "<", now - FRIEND_LIMITS.requestRetentionMs)
      .execute(),
  );
}
