import type { User } from "@hutong/chat-api";
import type { Kysely, Transaction } from "kysely";
import { readUser, readUsers } from "../accounts/profiles.ts";
import { ChatError } from "../api/chat-error.ts";
import type { News, NewsItem } from "../inbox/news.ts";
import { appendUserEvent } from "../inbox/user-events.ts";
import type { Tables } from "../storage/tables.ts";
import { FRIEND_LIMITS } from "./friend-limits.ts";
import { lockUsers } from "./lock-users.ts";

/** Whom a user has blocked, the latest first. */
export async function listBlocks(executor: Kysely<Tables>, userId: string): Promise<User[]> {
  const rows = await executor
    .selectFrom("blocks")
    .select("blocked_id")
    .where("user_id", "=", userId)
    .orderBy("created_at", "desc")
    .orderBy("blocked_id")
    .execute();
  return readUsers(
    executor,
    rows.map((row) => row.blocked_id),
  );
}

/** Who blocks whom, and when. */
export interface BlockPair {
  readonly userId: string;
  readonly blockedId: string;
  readonly at: number;
}

/**
 * Blocks somebody, who is told nothing. Requests between the two are over: the user's own are withdrawn, the other
 * one's ignored. Doing it again changes nothing.
 *
 * @throws {ChatError} `bad_request` for oneself, `not_found`, `limit_reached`.
 */
export async function blockUser(transaction: Transaction<Tables>, pair: BlockPair): Promise<News> {
  const { userId, blockedId, at } = pair;
  if (userId === blockedId) throw new ChatError("bad_request", { message: "Nobody blocks oneself." });
  await lockUsers(transaction, [userId, blockedId]);
  const inserted = await transaction
    .insertInto("blocks")
    .values({ user_id: userId, blocked_id: blockedId, created_at: at })
    .onConflict((conflict) => conflict.columns(["user_id", "blocked_id"]).doNothing())
    .returning("blocked_id")
    .executeTakeFirst();
  if (inserted === undefined) return [];
  await requireRoomForBlock(transaction, userId);
  await endRequests(transaction, pair);
  return [await blockEvent(transaction, pair, true)];
}

/** Ends a block; does nothing when there is none. */
export async function unblockUser(transaction: Transaction<Tables>, pair: BlockPair): Promise<News> {
  const deleted = await transaction
    .deleteFrom("blocks")
    .where("user_id", "=", pair.userId)
    .where("blocked_id", "=", pair.blockedId)
    .returning("blocked_id")
    .executeTakeFirst();
  return deleted === undefined ? [] : [await blockEvent(transaction, pair, false)];
}

/** The block is counted in already. */
async function requireRoomForBlock(transaction: Transaction<Tables>, userId: string): Promise<void> {
  const { count } = await transaction
    .selectFrom("blocks")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  if (count > FRIEND_LIMITS.blocks) throw new ChatError("limit_reached");
}

async function endRequests(transaction: Transaction<Tables>, { userId, blockedId, at }: BlockPair): Promise<void> {
  await transaction
    .updateTable("friend_requests")
    .set({ state: "ignored", pending_key: null, handled_at: at })
    .where("pending_key", "=", `${blockedId}:${userId}`)
    .execute();
  await transaction
    .updateTable("friend_requests")
    .set({ state: "expired", pending_key: null, handled_at: at })
    .where("from_id", "=", userId)
    .where("to_id", "=", blockedId)
    .where("state", "in", ["pending", "ignored"])
    .execute();
}

async function blockEvent(transaction: Transaction<Tables>, pair: BlockPair, blocked: boolean): Promise<NewsItem> {
  const { userId, blockedId, at } = pair;
  const user = await readUser(transaction, blockedId);
  return appendUserEvent(transaction, { userId, event: { kind: "block_changed", user, blocked }, at });
}
