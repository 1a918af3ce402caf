import type { Transaction } from "kysely";
import { blockersAmong } from "../policy/blocks.ts";
import type { Tables } from "../storage/tables.ts";

/** Who of some users can be brought into a group by one: friends who have not blocked that one. */
export interface Invitable {
  readonly friendIds: ReadonlySet<string>;
  readonly blockerIds: ReadonlySet<string>;
}

/** Finds out whom of `userIds` a user can bring into a group. */
export async function readInvitable(
  transaction: Transaction<Tables>,
  userId: string,
  userIds: readonly string[],
): Promise<Invitable> {
  if (userIds.length === 0) return { friendIds: new Set(), blockerIds: new Set() };
  const friends = await transaction
    .selectFrom("friendships")
    .select("friend_id")
    .where("user_id", "=", userId)
    .where("friend_id", "in", userIds)
    .execute();
  return {
    friendIds: new Set(friends.map((row) => row.friend_id)),
    blockerIds: await blockersAmong(transaction, { userIds, userId }),
  };
}
