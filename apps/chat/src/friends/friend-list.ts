import type { Friend } from "@hutong/chat-api";
import type { Kysely, Transaction } from "kysely";
import { readUsers } from "../accounts/profiles.ts";
import { ChatError } from "../api/chat-error.ts";
import type { News } from "../inbox/news.ts";
import { appendUserEvent } from "../inbox/user-events.ts";
import type { Tables } from "../storage/tables.ts";
import { byId, friendView } from "./friend-views.ts";
import { lockUsers } from "./lock-users.ts";

/** All friends of a user, those of the longest standing first. */
export async function listFriends(executor: Kysely<Tables>, userId: string): Promise<Friend[]> {
  const rows = await executor
    .selectFrom("friendships")
    .selectAll()
    .where("user_id", "=", userId)
    .orderBy("created_at")
    .orderBy("friend_id")
    .execute();
  const users = byId(
    await readUsers(
      executor,
      rows.map((row) => row.friend_id),
    ),
  );
  return rows.map((row) => friendView(row, users));
}

/** What somebody changes about a friend; what is not given stays. */
export interface FriendChange {
  readonly remark?: string | undefined;
  readonly starred?: boolean | undefined;
  readonly hideMine?: boolean | undefined;
  readonly hideTheirs?: boolean | undefined;
}

/**
 * Changes the caller's side of a friendship. The friend hears nothing of it.
 *
 * @throws {ChatError} `not_found` when the two are no friends.
 */
export async function updateFriend(
  transaction: Transaction<Tables>,
  { userId, friendId, change, at }: FriendPair & { readonly change: FriendChange },
): Promise<{ readonly friend: Friend; readonly news: News }> {
  const { remark, starred, hideMine, hideTheirs } = change;
  const row = await transaction
    .updateTable("friendships")
    .set((current) => ({
      remark: remark ?? current.ref("remark"),
      starred: starred === undefined ? current.ref("starred") : flag(starred),
      hide_mine: hideMine === undefined ? current.ref("hide_mine") : flag(hideMine),
      hide_theirs: hideTheirs === undefined ? current.ref("hide_theirs") : flag(hideTheirs),
    }))
    .where("user_id", "=", userId)
    .where("friend_id", "=", friendId)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw new ChatError("not_found");
  const friend = friendView(row, byId(await readUsers(transaction, [friendId])));
  const event = { kind: "friend_updated", friend } as const;
  return { friend, news: [await appendUserEvent(transaction, { userId, event, at })] };
}

/** Two users, at a time. */
export interface FriendPair {
  readonly userId: string;
  readonly friendId: string;
  readonly at: number;
}

/**
 * Ends a friendship for both, who are strangers again: what they wrote as strangers before it opens nothing any
 * more. Does nothing when they are no friends.
 */
export async function removeFriend(
  transaction: Transaction<Tables>,
  { userId, friendId, at }: FriendPair,
): Promise<News> {
  if (userId === friendId) return [];
  const both = [userId, friendId] as const;
  await lockUsers(transaction, both);
  const removed = await transaction
    .deleteFrom("friendships")
    .where("user_id", "in", both)
    .where("friend_id", "in", both)
    .returning("user_id")
    .execute();
  if (removed.length === 0) return [];
  await transaction.deleteFrom("stranger_counts").where("to_id", "in", both).where("from_id", "in", both).execute();
  const ended = (other: string) => ({ kind: "friend_removed", userId: other }) as const;
  return [
    await appendUserEvent(transaction, { userId, event: ended(friendId), at }),
    await appendUserEvent(transaction, { userId: friendId, event: ended(userId), at }),
  ];
}

function flag(isOn: boolean): 0 | 1 {
  return isOn ? 1 : 0;
}
