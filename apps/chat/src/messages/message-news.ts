import type { Change, Message, User } from "@hutong/chat-api";
import { conversationTopic, inboxTopic, type News } from "../inbox/news.ts";
import type { ConversationRow } from "../storage/rows.ts";

/** Where news of a conversation go: to each member, or to those who show a room. */
export function audienceTopics(
  conversation: Pick<ConversationRow, "id" | "type">,
  memberIds: readonly string[],
): string[] {
  return conversation.type === "room" ? [conversationTopic(conversation.id)] : memberIds.map(inboxTopic);
}

/** What a new message tells of. */
export interface MessageNews {
  readonly conversation: Pick<ConversationRow, "type">;
  /** See {@link audienceTopics}. */
  readonly audience: readonly string[];
  /** As nobody in particular sees it. */
  readonly message: Message;
  /** The sender's own id for it; `null` where there is none. */
  readonly clientMessageId: string | null;
  readonly users: User[];
}

/** The pushes of a new message. The sender's devices get their client message id with it, by which they know it. */
export function messageNews({ conversation, audience, message, clientMessageId, users }: MessageNews): News {
  const own = inboxTopic(message.senderId);
  const news: News = [];
  const others = audience.filter((topic) => topic !== own);
  if (others.length > 0) news.push({ topics: others, event: "message", payload: { message, users } });
  const isOwn = others.length < audience.length || (conversation.type === "room" && message.senderName === undefined);
  if (!isOwn || clientMessageId === null) return news;
  news.push({ topics: [own], event: "message", payload: { message: { ...message, clientMessageId }, users } });
  return news;
}

/** The pushes of a change. */
export function changeNews(topics: readonly string[], change: Change, users: User[]): News {
  return topics.length === 0 ? [] : [{ topics, event: "change", payload: { change, users } }];
}
