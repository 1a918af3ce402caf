import type { Transaction } from "kysely";
import { lockUser } from "../accounts/lock-user.ts";
import { ChatError } from "../api/chat-error.ts";
import type { UserRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

/**
 * Makes every other transaction that locks one of two users wait until this one ends, so that what they do to
 * each other at the same time happens one after the other.
 *
 * @returns their rows, in the order of the ids that are given.
 * @throws {ChatError} `not_found` when one of them does not exist or is deleted.
 */
export async function lockUsers(
  transaction: Transaction<Tables>,
  userIds: readonly [string, string],
): Promise<readonly [UserRow, UserRow]> {
  const [one, other] = userIds;
  // Always in the same order: two that lock each other's user first would wait for ever.
  if (one > other) {
    const [otherRow, row] = await lockUsers(transaction, [other, one]);
    return [row, otherRow];
  }
  return [await lockLiving(transaction, one), await lockLiving(transaction, other)];
}

async function lockLiving(transaction: Transaction<Tables>, userId: string): Promise<UserRow> {
  const row = await lockUser(transaction, userId);
  if (row === undefined || row.status === "deleted") throw new ChatError("not_found");
  return row;
}
