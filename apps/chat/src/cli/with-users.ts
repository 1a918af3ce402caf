import type { Database } from "@hutong/database";
import { systemClock } from "@hutong/server/plugin";
import { Passwords } from "../accounts/passwords.ts";
import { UserOperations } from "../accounts/user-operations.ts";
import { ChatError } from "../api/chat-error.ts";
import { StartError } from "../config.ts";
import type { Tables } from "../storage/tables.ts";
import { withChatDatabase } from "./with-database.ts";

/** Runs a command's work on the accounts of the database that the environment names. */
export function withUsers(work: (users: UserOperations, database: Database<Tables>) => Promise<void>): Promise<void> {
  return withChatDatabase((database) =>
    work(new UserOperations({ database, clock: systemClock, passwords: new Passwords() }), database),
  );
}

/**
 * The id of the account that somebody names by user name or id.
 *
 * @throws {StartError} when there is none.
 */
export async function accountOf(users: UserOperations, who: string): Promise<string> {
  try {
    return await users.find(who);
  } catch (cause) {
    if (cause instanceof ChatError && cause.code === "not_found")
      throw new StartError(`There is no account "${who}"; \`user list\` shows all.`, { cause });
    throw cause;
  }
}
