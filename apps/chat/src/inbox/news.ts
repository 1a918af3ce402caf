import type { InboxEvent, InboxEventName } from "@hutong/chat-api";

/** One push to the channels on some topics. */
export type NewsItem = {
  [TName in InboxEventName]: {
    /** Made with {@link inboxTopic} and {@link conversationTopic}. */
    readonly topics: readonly string[];
    readonly event: TName;
    readonly payload: InboxEvent<TName>;
  };
}[InboxEventName];

/**
 * What is to be pushed when a transaction has committed. It is made inside the transaction, because only there is
 * known what happened, and published after it, because what is not committed has not happened.
 */
export type News = NewsItem[];

/** The topic on which a user's connections hear everything that is theirs. */
export function inboxTopic(userId: string): string {
  return `inbox:${userId}`;
}

/** The topic of a room: too many are in it to push to each one's inbox. Clients join it while they show the room. */
export function conversationTopic(conversationId: string): string {
  return `conversation:${conversationId}`;
}
