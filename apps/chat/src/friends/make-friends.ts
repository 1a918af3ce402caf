import type { Transaction } from "kysely";
import { readUsers } from "../accounts/profiles.ts";
import { ChatError } from "../api/chat-error.ts";
import { announceConversation } from "../conversations/announce.ts";
import { openDirect } from "../conversations/open-direct.ts";
import type { News } from "../inbox/news.ts";
import { appendUserEvent } from "../inbox/user-events.ts";
import { appendNotice } from "../messages/append-notice.ts";
import type { FriendshipRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { FRIEND_LIMITS } from "./friend-limits.ts";
import { byId, friendView } from "./friend-views.ts";

/** Two who become friends. */
export interface NewFriendship {
  /** Who asked. */
  readonly fromId: string;
  /** What the one who asked calls the other. */
  readonly fromRemark: string;
  readonly toId: string;
  readonly toRemark: string;
  readonly at: number;
}

/**
 * Makes friends of two users that the transaction has locked: a row for each, their conversation with a notice in it,
 * and an event in both logs.
 *
 * @throws {ChatError} `limit_reached` when one of them has too many friends.
 */
export async function makeFriends(transaction: Transaction<Tables>, friendship: NewFriendship): Promise<News> {
  const { fromId, fromRemark, toId, toRemark, at } = friendship;
  await requireRoomForFriend(transaction, fromId);
  await requireRoomForFriend(transaction, toId);
  const flags = { starred: 0, hide_mine: 0, hide_theirs: 0, created_at: at } as const;
  const rows: FriendshipRow[] = [
    { user_id: fromId, friend_id: toId, remark: fromRemark, ...flags },
    { user_id: toId, friend_id: fromId, remark: toRemark, ...flags },
  ];
  await transaction.insertInto("friendships").values(rows).execute();
  return [...(await friendEvents(transaction, rows)), ...(await greet(transaction, friendship))];
}

/** Whether two are friends. */
export async function areFriends(
  transaction: Transaction<Tables>,
  { userId, friendId }: { readonly userId: string; readonly friendId: string },
): Promise<boolean> {
  const row = await transaction
    .selectFrom("friendships")
    .select("user_id")
    .where("user_id", "=", userId)
    .where("friend_id", "=", friendId)
    .executeTakeFirst();
  return row !== undefined;
}

async function requireRoomForFriend(transaction: Transaction<Tables>, userId: string): Promise<void> {
  const { count } = await transaction
    .selectFrom("friendships")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  if (count >= FRIEND_LIMITS.friends) throw new ChatError("limit_reached");
}

async function friendEvents(transaction: Transaction<Tables>, rows: readonly FriendshipRow[]): Promise<News> {
  const users = byId(
    await readUsers(
      transaction,
      rows.map((row) => row.friend_id),
    ),
  );
  const news: News = [];
  for (const row of rows) {
    const event = { kind: "friend_added", friend: friendView(row, users) } as const;
    news.push(await appendUserEvent(transaction, { userId: row.user_id, event, at: row.created_at }));
  }
  return news;
}

/** Opens the conversation of new friends, and says in it what they are. */
async function greet(transaction: Transaction<Tables>, { fromId, toId, at }: NewFriendship): Promise<News> {
  const userIds = [fromId, toId];
  const conversationId = await openDirect(transaction, { userId: fromId, peerId: toId, at });
  // Opening shows it to the one who opens: friends both have it in their lists.
  await openDirect(transaction, { userId: toId, peerId: fromId, at });
  const body = { kind: "friends", actorId: toId, userIds } as const;
  const notice = await appendNotice(transaction, { conversationId, body, at });
  const announcement = await announceConversation(transaction, { conversationId, userIds, at });
  // The conversation goes first, so that the notice finds it.
  return [...announcement, ...notice];
}
