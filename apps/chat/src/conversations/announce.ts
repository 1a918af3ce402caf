import type { Conversation, User } from "@hutong/chat-api";
import type { Kysely, Transaction } from "kysely";
import { readUsers } from "../accounts/profiles.ts";
import { inboxTopic, type News } from "../inbox/news.ts";
import type { Tables } from "../storage/tables.ts";
import { conversationMeta, conversationViews } from "./conversation-views.ts";

/** A change of a conversation's settings or members, and who is to hear of it. */
export interface Announcement {
  readonly conversationId: string;
  /** Everyone who hears of it. */
  readonly userIds: readonly string[];
  /** Those of them whose own place in the conversation changed: they get the whole of it. @defaultValue all */
  readonly changedIds?: readonly string[];
  readonly at: number;
}

/** Counts a change of a conversation's settings or members, and gives the pushes of it. */
export async function announceConversation(
  transaction: Transaction<Tables>,
  { conversationId, userIds, changedIds = userIds, at }: Announcement,
): Promise<News> {
  const conversation = await transaction
    .updateTable("conversations")
    .set((row) => ({ meta_seq: row("meta_seq", "+", 1), updated_at: at }))
    .where("id", "=", conversationId)
    .returningAll()
    .executeTakeFirstOrThrow();
  const changed = new Set(changedIds);
  const others = userIds.filter((userId) => !changed.has(userId));
  const news = await conversationNews(transaction, conversationId, changedIds);
  if (others.length > 0)
    news.push({
      topics: others.map(inboxTopic),
      event: "conversation_updated",
      payload: { meta: conversationMeta(conversation) },
    });
  return news;
}

/** The pushes of a conversation as it is, to each user its own view. */
export async function conversationNews(
  executor: Kysely<Tables>,
  conversationId: string,
  userIds: readonly string[],
): Promise<News> {
  const news: News = [];
  for (const userId of userIds) {
    const conversations = await conversationViews(executor, userId, [conversationId]);
    const users = await usersOf(executor, conversations);
    for (const conversation of conversations)
      news.push({ topics: [inboxTopic(userId)], event: "conversation", payload: { conversation, users } });
  }
  return news;
}

/** The profiles that views of conversations name. */
export function usersOf(executor: Kysely<Tables>, conversations: readonly Conversation[]): Promise<User[]> {
  const ids = new Set<string>();
  for (const { peerId, ownerId, lastMessage } of conversations) {
    for (const id of [peerId, ownerId, lastMessage?.senderId]) if (id !== null && id !== undefined) ids.add(id);
    if (lastMessage?.type === "notice") for (const id of lastMessage.body.userIds) ids.add(id);
  }
  return readUsers(executor, ids);
}
