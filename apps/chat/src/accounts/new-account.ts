import type { Transaction } from "kysely";
import { uuidv7 } from "uuidv7";
import { isUniqueViolation } from "@hutong/database";
import { ChatError } from "../api/chat-error.ts";
import type { Tables } from "../storage/tables.ts";
import { DEFAULT_SETTINGS, EMPTY_DETAILS } from "./account-views.ts";

/** An account that is not there yet. */
export type NewAccount = {
  readonly nickname?: string | undefined;
  readonly at: number;
} & (
  | { readonly kind: "visitor" }
  | { readonly kind: "wechat" }
  /** `passwordHash` is made before the transaction: it takes long. */
  | { readonly kind: "password"; readonly username: string; readonly passwordHash: string }
);

/**
 * Makes an account with its password, if it has one, and gives its id. Rejects as the database does when the name is
 * taken.
 */
export async function insertAccount(transaction: Transaction<Tables>, account: NewAccount): Promise<string> {
  const { kind, nickname, at } = account;
  const id = uuidv7();
  await transaction
    .insertInto("users")
    .values({
      id,
      kind: kind === "visitor" ? "visitor" : "user",
      username: kind === "password" ? account.username.toLowerCase() : null,
      display_username: kind === "password" ? account.username : null,
      nickname: nickname ?? (kind === "password" ? account.username : defaultNickname(kind, id)),
      avatar: null,
      details: JSON.stringify(EMPTY_DETAILS),
      settings: JSON.stringify(DEFAULT_SETTINGS),
      status: "active",
      user_seq: 0,
      created_at: at,
      last_seen_at: at,
    })
    .execute();
  if (kind === "password") await insertPassword(transaction, { userId: id, hash: account.passwordHash, at });
  return id;
}

/** Gives a user without a password one. */
export async function insertPassword(
  transaction: Transaction<Tables>,
  { userId, hash, at }: { readonly userId: string; readonly hash: string; readonly at: number },
): Promise<void> {
  await transaction
    .insertInto("identities")
    .values({ provider: "password", subject: userId, user_id: userId, secret: hash, created_at: at })
    .execute();
}

/** Waits for what claims a user name; a name that somebody else has meanwhile is `name_taken`. */
export async function orNameTaken<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (isUniqueViolation(cause)) throw new ChatError("name_taken", { cause });
    throw cause;
  }
}

function defaultNickname(kind: "visitor" | "wechat", id: string): string {
  return `${kind === "visitor" ? "guest" : "wechat"}-${id.slice(-4)}`;
}
