import type { Change, Message, User } from "@hutong/chat-api";
import { conversationTopic, inboxTopic, type News } from "../inbox/news.ts";
import type { ConversationRow, MemberRow } from "../storage/rows.ts";

/** In larger conversations nobody is told how far others have read. */
const MAX_TOLD_MEMBERS = 200;

/** Where news of a conversation go: to each member, or to those who show a room. */
export function audienceTopics(
  conversation: Pick<ConversationRow, "id" | "type">,
  memberIds: readonly string[],
): string[] {
  return conversation.type === "room" ? [conversationTopic(conversation.id)] : memberIds.map(inboxTopic);
}

/** What a new message tells of. */
export interface MessageNews {
  readonly conversation: Pick<ConversationRow, "id" | "type">;
  /** Not needed for rooms. */
  readonly memberIds: readonly string[];
  /** As nobody in particular sees it. */
  readonly message: Message;
  /** The sender's own id for it; `null` where there is none. */
  readonly clientMessageId: string | null;
  readonly users: User[];
}

/** The pushes of a new message. The sender's devices get their client message id with it, by which they know it. */
export function messageNews({ conversation, memberIds, message, clientMessageId, users }: MessageNews): News {
  const { senderId } = message;
  const news: News = [];
  const others = memberIds.filter((userId) => userId !== senderId);
  const topics = audienceTopics(conversation, others);
  if (topics.length > 0) news.push({ topics, event: "message", payload: { message, users } });
  const isOwn = memberIds.includes(senderId) || (conversation.type === "room" && message.senderName === undefined);
  if (!isOwn || clientMessageId === null) return news;
  const own = { message: { ...message, clientMessageId }, users };
  news.push({ topics: [inboxTopic(senderId)], event: "message", payload: own });
  return news;
}

/** The pushes of a change. */
export function changeNews(topics: readonly string[], change: Change, users: User[]): News {
  return topics.length === 0 ? [] : [{ topics, event: "change", payload: { change, users } }];
}

/** Tells the others that who writes has read what was there before. */
export function caughtUpNews(
  conversation: Pick<ConversationRow, "id" | "type">,
  memberIds: readonly string[],
  caughtUp: readonly MemberRow[],
): News {
  if (conversation.type === "room" || memberIds.length > MAX_TOLD_MEMBERS) return [];
  return caughtUp.map(({ user_id: userId, read_seq: readSeq, received_seq: receivedSeq }) => ({
    topics: memberIds.filter((id) => id !== userId).map(inboxTopic),
    event: "marks" as const,
    payload: { conversationId: conversation.id, userId, readSeq, receivedSeq },
  }));
}
