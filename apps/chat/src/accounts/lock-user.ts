import type { Transaction } from "kysely";
import type { UserRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

/**
 * Reads the row of a user and locks it until the transaction ends, so that sign-ins of one account, changes of it, a
 * ban, and what users do to each other come one after the other. `undefined` when there is none.
 */
export function lockUser(transaction: Transaction<Tables>, userId: string): Promise<UserRow | undefined> {
  // An update that changes nothing locks on both engines.
  return transaction
    .updateTable("users")
    .set((eb) => ({ status: eb.ref("status") }))
    .where("id", "=", userId)
    .returningAll()
    .executeTakeFirst();
}
