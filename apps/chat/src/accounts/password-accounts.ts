import type { Database } from "@hutong/database";
import type { Kysely, Transaction } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import type { UserRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { insertPassword } from "./new-account.ts";

/** The password of a user; `undefined` where there is none. */
export async function passwordHashOf(executor: Kysely<Tables>, userId: string): Promise<string | undefined> {
  const identity = await executor
    .selectFrom("identities")
    .select("secret")
    .where("provider", "=", "password")
    .where("subject", "=", userId)
    .executeTakeFirst();
  return identity?.secret;
}

/** The account of a user name, in whatever case. */
export function accountNamed(executor: Kysely<Tables>, username: string): Promise<UserRow | undefined> {
  return executor
    .selectFrom("users")
    .selectAll()
    .where("username", "=", username.toLowerCase())
    .where("status", "<>", "deleted")
    .executeTakeFirst();
}

/**
 * Refuses a name that somebody has, before a password is hashed for it.
 *
 * @throws {ChatError} `name_taken`.
 */
export async function requireFreeName({ read }: Database<Tables>, username: string): Promise<void> {
  const owner = await read
    .selectFrom("users")
    .select("id")
    .where("username", "=", username.toLowerCase())
    .executeTakeFirst();
  if (owner !== undefined) throw new ChatError("name_taken");
}

/** Sets the password of a user, who may have had none. */
export async function setPassword(
  transaction: Transaction<Tables>,
  { userId, hash, at }: { readonly userId: string; readonly hash: string; readonly at: number },
): Promise<void> {
  const { numUpdatedRows } = await transaction
    .updateTable("identities")
    .set({ secret: hash })
    .where("provider", "=", "password")
    .where("subject", "=", userId)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) await insertPassword(transaction, { userId, hash, at });
}
