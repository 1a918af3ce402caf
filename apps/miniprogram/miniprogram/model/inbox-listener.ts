import type { InboxEvent, InboxEventName } from "@hutong/chat-api";

/** Every event of the inbox channel. */
export const INBOX_EVENT_NAMES = [
  ...(["message", "change", "conversation", "conversation_updated", "conversation_left"] as const),
  ...(["marks", "typing", "presence", "user_event", "kicked"] as const),
] as const satisfies readonly InboxEventName[];

/** Who hears what the link brings. */
export interface InboxListener {
  /** The inbox is joined, for the first time or again: what was missed has to be asked for. */
  joined(): void;
  received<TName extends InboxEventName>(name: TName, payload: InboxEvent<TName>): void;
}
