import type { Kysely } from "kysely";
import type { Tables } from "../storage/tables.ts";

/** Whether somebody has blocked a user. */
export async function isBlocked(
  executor: Kysely<Tables>,
  { by, userId }: { readonly by: string; readonly userId: string },
): Promise<boolean> {
  const blockers = await blockersAmong(executor, { userIds: [by], userId });
  return blockers.has(by);
}

/** Those of some users who have blocked one user. */
export async function blockersAmong(
  executor: Kysely<Tables>,
  { userIds, userId }: { readonly userIds: readonly string[]; readonly userId: string },
): Promise<ReadonlySet<string>> {
  if (userIds.length === 0) return new Set();
  const rows = await executor
    .selectFrom("blocks")
    .select("user_id")
    .where("blocked_id", "=", userId)
    .where("user_id", "in", userIds)
    .execute();
  return new Set(rows.map((row) => row.user_id));
}
