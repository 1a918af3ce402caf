import type { Database } from "@hutong/database";
import type { Tables } from "../storage/tables.ts";
import { GROUP_LIMITS } from "./group-limits.ts";

/** Forgets requests that have had an answer for long. Who still waits goes on waiting: there is one such request at most for each user and group. */
export async function trimJoinRequests(database: Database<Tables>, now: number): Promise<void> {
  await database.write((transaction) =>
    transaction
      .deleteFrom("join_requests")
      .where("created_at", "<", now - GROUP_LIMITS.requestRetentionMs)
      .where("state", "<>", "pending")
      .execute(),
  );
}
