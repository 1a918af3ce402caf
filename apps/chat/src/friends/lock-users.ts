import type { Transaction } from "kysely";
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
  return [await lockUser(transaction, one), await lockUser(transaction, other)];
}

async function lockUser(transaction: Transaction<Tables>, userId: string): Promise<UserRow> {
  // An update that changes nothing locks the row on both engines.
  const row = await transaction
    .updateTable("users")
    .set((row) => ({ user_seq: row.ref("user_seq") }))
    .where("id", "=", userId)
    .where("status", "<>", "deleted")
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw new ChatError("not_found");
  return row;
}
