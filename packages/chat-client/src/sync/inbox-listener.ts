import type { InboxEvent, InboxEventName } from "@hutong/chat-api";

/** Hears the inbox. */
export interface InboxListener {
  /** The inbox is joined, for the first time or again: what was missed has to be asked for. */
  joined(): void;
  /** An event came; it may come twice, late or never. */
  received<TName extends InboxEventName>(name: TName, payload: InboxEvent<TName>): void;
}

/** Every event of the inbox; the type complains when the contract has one more. */
export const INBOX_EVENT_NAMES = Object.keys({
  message: true,
  change: true,
  conversation: true,
  conversation_updated: true,
  conversation_left: true,
  marks: true,
  typing: true,
  presence: true,
  user_event: true,
  kicked: true,
} satisfies Record<InboxEventName, true>) as readonly InboxEventName[]; // the keys of the literal
